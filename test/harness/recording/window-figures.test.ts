// Little's law and throughput on windows whose answers are known.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import type { LittlesLaw } from '../../../src/contract/run-result.ts';
import type { TrimRule } from '../../../src/harness/recording/trim-rule.ts';
import { MS, play, SECOND, summarize, type ScriptedCall } from './play-calls.ts';
import { littlesLawVector } from './vectors.ts';

function law(calls: readonly ScriptedCall[], trim: TrimRule, abandonAtNs?: number): LittlesLaw {
  const recorded = play(calls, { trim, ...(abandonAtNs === undefined ? {} : { abandonAtNs }) });
  const { littlesLaw } = summarize(recorded);
  assert.ok(littlesLaw !== null);
  return littlesLaw;
}

const script = fc.array(
  fc.record({
    intendedNs: fc.nat(3000).map((ms) => ms * MS),
    latenessNs: fc.nat(50 * MS),
    latencyNs: fc.nat(800 * MS),
    ends: fc.boolean(),
  }),
  { minLength: 1, maxLength: 60 },
);

function scripted(
  entries: readonly { intendedNs: number; latenessNs: number; latencyNs: number; ends: boolean }[],
): ScriptedCall[] {
  return [...entries]
    .sort((a, b) => a.intendedNs - b.intendedNs)
    .map(({ intendedNs, latenessNs, latencyNs, ends }) => {
      const dispatchNs = intendedNs + latenessNs;
      return { intendedNs, dispatchNs, endNs: ends ? dispatchNs + latencyNs : null };
    });
}

/** Mean in flight over [start, end], call by call. */
function meanInFlight(calls: readonly ScriptedCall[], startNs: number, endNs: number): number {
  const overlap = calls.map((call) => {
    const from = Math.max(call.dispatchNs ?? call.intendedNs, startNs);
    return Math.max(Math.min(call.endNs ?? Infinity, endNs) - from, 0);
  });
  return overlap.reduce((sum, value) => sum + value, 0) / (endNs - startNs);
}

describe("Little's law", () => {
  it('is exact on a window with nothing in flight at either end', () => {
    const { input, expected } = littlesLawVector();
    const calls = input.requests.map(([start, end]) => ({
      intendedNs: start * MS,
      endNs: end * MS,
    }));
    const [start, end] = input.window;
    for (const trim of [
      { kind: 'none' },
      { kind: 'duration', startNs: start * MS, endNs: end * MS + 1 },
    ] as const) {
      const found = law(calls, trim);
      assert.ok(Math.abs(found.throughputRps / 1000 - expected.X) < 1e-6);
      assert.ok(Math.abs(found.meanResponseUs / 1000 - expected.meanR) < 1e-9);
      assert.ok(Math.abs(found.meanInFlight - expected.L) < 1e-6);
      assert.ok(Math.abs(found.edgeTerm) < 1e-9);
      assert.equal(found.relativeError, 0);
    }
  });

  it('needs its edge term where calls cross the window: a closed loop of 4, 1 s per call', () => {
    const calls = Array.from({ length: 4 }, (_, worker) =>
      Array.from({ length: 6 }, (_call, round) => ({
        intendedNs: round * SECOND + worker * 250 * MS,
        endNs: (round + 1) * SECOND + worker * 250 * MS,
      })),
    ).flat();
    const found = law(calls, { kind: 'duration', startNs: 2 * SECOND, endNs: 5 * SECOND });
    assert.equal(found.meanInFlight, 4);
    assert.equal(found.throughputRps, 4);
    assert.equal(found.meanResponseUs, 1_000_000);
    assert.equal(found.edgeTerm, 0);
    const short = law(calls, { kind: 'duration', startNs: 2 * SECOND, endNs: 2.5 * SECOND });
    // Half a second: 2 ends (at 2.0 and 2.25), so X · R = 4, and 4 in flight.
    assert.equal(short.meanInFlight, 4);
    assert.equal(short.throughputRps, 4);
    assert.equal(short.relativeError, 0);
  });

  it('holds with its edge terms for any calls, and its mean in flight is the overlap of calls with the window', () => {
    fc.assert(
      fc.property(script, (entries) => {
        const calls = scripted(entries);
        const [startNs, endNs] = [500 * MS, 2500 * MS];
        const recorded = play(calls, {
          trim: { kind: 'duration', startNs, endNs },
          abandonAtNs: 5 * SECOND,
        });
        const { littlesLaw } = summarize(recorded);
        if (littlesLaw === null) return;
        const expected = meanInFlight(calls, startNs, endNs);
        assert.ok(Math.abs(littlesLaw.meanInFlight - expected) <= 1e-9 * (1 + expected));
        assert.ok(littlesLaw.relativeError < 1e-12);
        const product = (littlesLaw.throughputRps * littlesLaw.meanResponseUs) / 1e6;
        assert.ok(
          Math.abs(littlesLaw.meanInFlight - product - littlesLaw.edgeTerm) <=
            1e-9 * (1 + expected),
        );
      }),
    );
  });

  it('holds for a window by count, whose start lies among trimmed calls still in flight', () => {
    fc.assert(
      fc.property(script, fc.nat(20), (entries, firstIndex) => {
        const calls = scripted(entries).filter(({ endNs }) => endNs !== null);
        const summary = summarize(play(calls, { trim: { kind: 'count', firstIndex } }));
        const { littlesLaw } = summary;
        if (littlesLaw === null || firstIndex >= calls.length) return;
        const startNs = firstIndex === 0 ? 0 : (calls[firstIndex]?.intendedNs ?? NaN);
        const endNs = Math.max(...calls.map((call) => call.endNs ?? 0));
        const expected = meanInFlight(calls, startNs, endNs);
        assert.ok(Math.abs(littlesLaw.meanInFlight - expected) <= 1e-9 * (1 + expected));
        assert.ok(littlesLaw.relativeError < 1e-12);
        const ended = calls.filter((call) => (call.endNs ?? 0) >= startNs).length;
        const expectedRps = (ended / (endNs - startNs)) * 1e9;
        assert.ok(Math.abs(littlesLaw.throughputRps / expectedRps - 1) < 1e-12);
      }),
    );
  });

  it('counts calls that never ended as in flight up to the end of the window', () => {
    const found = law(
      [
        { intendedNs: 0, endNs: SECOND },
        { intendedNs: 0, endNs: null },
      ],
      { kind: 'duration', startNs: 0, endNs: 2 * SECOND },
      3 * SECOND,
    );
    assert.equal(found.meanInFlight, 1.5);
    assert.equal(found.edgeTerm, 1);
    assert.equal(found.relativeError, 0);
  });

  it('stays exact when sums of nanoseconds leave the safe integers', () => {
    const hour = 3600 * SECOND;
    const calls = Array.from({ length: 3000 }, (_, index) => ({
      intendedNs: index,
      endNs: hour + index,
    }));
    const found = law(calls, { kind: 'none' });
    assert.equal(found.meanResponseUs, hour / 1000);
    assert.ok(found.relativeError < 1e-15);
  });

  it('is absent, not zero, when nothing ended', () => {
    const recorded = play([{ intendedNs: 0, endNs: null }], {
      trim: { kind: 'duration', startNs: 0, endNs: SECOND },
      abandonAtNs: SECOND,
    });
    assert.equal(summarize(recorded).littlesLaw, null);
  });
});
