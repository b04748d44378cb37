// What must hold for any run: memory that does not grow with it, and a summary that is valid JSON.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import type { CallRecorder } from '../../../src/harness/recording/call-recorder.ts';
import type { TrimRule } from '../../../src/harness/recording/trim-rule.ts';
import { ANSWER, MS, newRecorder, OK_END, play, SECOND, summarize } from './play-calls.ts';
import { seededRandom } from './seeded-random.ts';

const SLOTS = 50;

/** `count` calls of 1 to 101 ms at 5000 a second, of which one in 50 fails with a message of its own. */
function drive(recorder: CallRecorder, count: number): void {
  const random = seededRandom(count);
  for (let call = 0; call < count; call += 1) {
    const slot = call % SLOTS;
    const startNs = call * 200_000;
    const endNs = startNs + Math.floor(MS + random() * 100 * MS);
    recorder.begin(slot, call, startNs, startNs + 1000);
    recorder.onMessage(slot, endNs, ANSWER);
    const failed = call % 50 === 0;
    recorder.onEnd(
      slot,
      endNs,
      failed ? { ...OK_END, grpcStatus: 14, statusMessage: `call ${call}` } : OK_END,
    );
  }
}

describe('memory of a recorder', () => {
  it('grows after the bound on raw values only by its timeline: 3 million calls in ten minutes', () => {
    const early = newRecorder({ slots: SLOTS, maxRawValues: 100_000 });
    drive(early, 150_000);
    const late = newRecorder({ slots: SLOTS, maxRawValues: 100_000 });
    drive(late, 3_000_000);
    const seconds = 600;
    // A second takes 96 bytes and, for latencies over 7 powers of two, up to 7 * 256 pairs of 6 bytes; growth may double it.
    const timelineBound = seconds * (96 + 7 * 256 * 6) * 2;
    assert.ok(late.byteLength - early.byteLength < timelineBound);
    assert.ok(late.byteLength < 25_000_000, `${late.byteLength} bytes`);
    const summary = summarize(late.finish());
    assert.equal(summary.calls.issued, 3_000_000);
    assert.equal(summary.calls.errors, 60_000);
    assert.equal(summary.quantileMethod.kind, 'histogram');
  });

  it('is bounded in time too: what comes after a day is counted in the last second', () => {
    const recorder = newRecorder({ slots: 1 });
    for (const hour of [0, 23, 25, 60]) {
      const atNs = hour * 3600 * SECOND;
      recorder.begin(0, hour, atNs, atNs);
      recorder.onMessage(0, atNs + MS, ANSWER);
      recorder.onEnd(0, atNs + MS, OK_END);
    }
    const { timeline, warnings, calls } = summarize(recorder.finish());
    assert.equal(timeline?.length, 86_400);
    assert.equal(timeline.at(-1)?.requests, 2);
    assert.equal(calls.ok, 4);
    assert.ok(warnings.some(({ code }) => code === 'timeline-bounded'));
  });
});

/** Paths of numbers that JSON cannot carry or that lost digits. */
function unfit(value: unknown, path = ''): string[] {
  if (typeof value === 'number') {
    const fits = Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
    return fits ? [] : [`${path} = ${value}`];
  }
  if (value === undefined) return [`${path} is undefined`];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => unfit(inner, `${path}.${key}`));
}

describe('summarizeRecording', () => {
  const trims: readonly TrimRule[] = [
    { kind: 'none' },
    { kind: 'duration', startNs: 0, endNs: 0 },
    { kind: 'duration', startNs: SECOND, endNs: 2 * SECOND },
    { kind: 'count', firstIndex: 0 },
    { kind: 'count', firstIndex: 3 },
  ];

  it('yields no NaN, no Infinity and nothing beyond 2^53, down to runs of no calls and of no length', () => {
    for (const trim of trims) {
      for (const streaming of [false, true]) {
        const runs = [
          play([], { trim, streaming }),
          play([{ intendedNs: 0, endNs: 0 }], { trim, streaming }),
          play([{ intendedNs: 0, endNs: null }], { trim, streaming, abandonAtNs: 0 }),
          play([{ intendedNs: 0, endNs: 5, messages: [], end: { grpcStatus: 4 } }], {
            trim,
            streaming,
          }),
          play([{ intendedNs: 0, endNs: 200 * MS }], { trim, streaming, maxRawValues: 0 }),
        ];
        for (const recorded of runs) {
          for (const latencyKind of ['service', 'response'] as const) {
            const summary = summarize(recorded, { latencyKind });
            assert.deepEqual(unfit(summary), []);
            assert.deepEqual(JSON.parse(JSON.stringify(summary)), summary);
          }
        }
      }
    }
  });

  it('yields only fit numbers for any calls, however long or late', () => {
    const call = fc.record({
      intendedNs: fc.nat(3000).map((ms) => ms * MS),
      latencyNs: fc.oneof(fc.nat(10), fc.integer({ min: 0, max: 2 ** 44 })),
      grpcStatus: fc.constantFrom(0, 0, 0, 4, 14, 99),
      llmTimeUs: fc.constantFrom(NaN, 0, 12.5, 1e12),
    });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 30 }), fc.constantFrom(...trims), (list, trim) => {
        const recorded = play(
          list.map(({ intendedNs, latencyNs, grpcStatus, llmTimeUs }) => ({
            intendedNs,
            endNs: intendedNs + latencyNs,
            end: { grpcStatus, llmTimeUs },
          })),
          { trim },
        );
        const summary = summarize(recorded);
        assert.deepEqual(unfit(summary), []);
        const { issued, ok, degraded, errors, incomplete } = summary.calls;
        assert.equal(issued, list.length);
        assert.equal(issued, ok + degraded + errors + incomplete);
      }),
      { numRuns: 40 },
    );
  });

  it('gives finite figures for a run of 200 ms', () => {
    const summary = summarize(play([{ intendedNs: 0, endNs: 200 * MS }]));
    assert.equal(summary.throughputRps, 5);
    assert.equal(summary.latency.p50Us, 200_000);
  });

  for (const [from, maxRawValues] of [
    ['every value', 1000],
    ['histograms', 0],
  ] as const) {
    it(`reports the lateness of all calls, and both service and response time, from ${from}`, () => {
      const summary = summarize(
        play(
          [
            { intendedNs: 0, dispatchNs: 0, endNs: 10 * MS },
            { intendedNs: 10 * MS, dispatchNs: 1010 * MS, endNs: 1020 * MS },
            { intendedNs: 0, dispatchNs: 4 * MS, endNs: 5 * MS, end: { grpcStatus: 14 } },
          ],
          { maxRawValues },
        ),
        { latencyKind: 'response' },
      );
      assert.equal(summary.quantileMethod.kind, maxRawValues === 0 ? 'histogram' : 'exact');
      assert.equal(summary.sendLateness.n, 3);
      assert.equal(summary.sendLateness.maxUs, 1_000_000);
      assert.equal(summary.serviceTime.maxUs, 10_000);
      assert.equal(summary.responseTime.n, 2);
      assert.equal(summary.responseTime.minUs, 10_000);
      assert.equal(summary.responseTime.maxUs, 1_010_000);
      assert.equal(summary.latency.maxUs, 1_010_000);
      assert.equal(summary.latencyKind, 'response');
    });
  }
});
