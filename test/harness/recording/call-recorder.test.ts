// Counting: every call in exactly one class, in the run and in its window.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { BenchmarkError } from '../../../src/contract/failure.ts';
import type { Outcome } from '../../../src/contract/outcome.ts';
import type { LatencySummary, StreamSummary } from '../../../src/contract/run-result.ts';
import { rawResults } from '../../../src/harness/recording/raw-results.ts';
import {
  ANSWER,
  calls,
  MS,
  newRecorder,
  OK_END,
  play,
  SECOND,
  summarize,
  token,
} from './play-calls.ts';

const UNAVAILABLE = { grpcStatus: 14, statusMessage: 'connection refused' };
const SILENT = { llmTokens: 0 };

describe('CallRecorder counts', () => {
  it('puts every call into one class, and the classes sum up to what was issued', () => {
    const recorded = play(
      [
        { intendedNs: 0, endNs: 5 * MS },
        { intendedNs: 0, endNs: 2 * MS, end: UNAVAILABLE, messages: [] },
        { intendedNs: 0, endNs: 3 * MS, messages: [{ atNs: 3 * MS, facts: { apology: true } }] },
        { intendedNs: 0, endNs: null },
      ],
      { abandonAtNs: 10 * MS },
    );
    const expected = { issued: 4, ok: 1, degraded: 1, errors: 1, incomplete: 1 };
    const summary = summarize(recorded);
    assert.deepEqual(summary.calls, expected);
    assert.deepEqual(summary.windowCalls, expected);
  });

  it('keeps failed, degraded and incomplete calls out of every latency figure', () => {
    const { latency, serviceTime, responseTime } = summarize(
      play(
        [
          { intendedNs: 0, endNs: 20 * MS },
          { intendedNs: 0, endNs: 1 * MS, end: UNAVAILABLE },
          { intendedNs: 0, endNs: 2 * MS, messages: [] },
          { intendedNs: 0, endNs: null },
        ],
        { abandonAtNs: 9 * SECOND },
      ),
    );
    for (const summary of [latency, serviceTime, responseTime]) {
      assert.equal(summary.n, 1);
      assert.equal(summary.minUs, 20_000);
      assert.equal(summary.maxUs, 20_000);
    }
  });

  it('reports null latencies and a full account when every call fails', () => {
    const failing = calls([MS, MS, MS]).map((call) => ({ ...call, end: UNAVAILABLE }));
    const summary = summarize(play(failing));
    assert.deepEqual(summary.windowCalls, {
      issued: 3,
      ok: 0,
      degraded: 0,
      errors: 3,
      incomplete: 0,
    });
    assert.deepEqual(summary.latency, {
      n: 0,
      minUs: null,
      meanUs: null,
      p50Us: null,
      p90Us: null,
      p95Us: null,
      p99Us: null,
      p999Us: null,
      p9999Us: null,
      maxUs: null,
    });
    assert.equal(summary.okThroughputRps, 0);
    assert.deepEqual(summary.statusCounts, [{ status: 'UNAVAILABLE', count: 3 }]);
    assert.deepEqual(summary.topErrors, [
      { status: 'UNAVAILABLE', message: 'connection refused', count: 3 },
    ]);
  });

  it('takes silent calls for degraded where any call showed LLM output, even a failed one', () => {
    const silent = (startNs: number) => ({
      intendedNs: startNs,
      endNs: startNs + MS,
      messages: [{ atNs: startNs + MS, facts: SILENT }],
    });
    const proof = { intendedNs: 0, endNs: 4 * MS, end: UNAVAILABLE, messages: [{ atNs: MS }] };
    const { windowCalls, topErrors, warnings, latency } = summarize(
      play([silent(0), silent(MS), proof]),
    );
    assert.equal(windowCalls.degraded, 2);
    assert.equal(windowCalls.ok, 0);
    assert.equal(latency.n, 0);
    assert.equal(
      topErrors.reduce((sum, sample) => sum + sample.count, 0),
      windowCalls.errors + windowCalls.degraded,
    );
    assert.deepEqual(warnings, []);
  });

  it('takes a token message of a call that never ended for proof as well', () => {
    const silent = {
      intendedNs: 0,
      endNs: MS,
      messages: [{ atNs: MS, facts: SILENT }],
    };
    const cut = { intendedNs: 0, endNs: null, messages: [{ atNs: MS, facts: token(1) }] };
    const { windowCalls } = summarize(
      play([silent, cut], { streaming: true, abandonAtNs: 2 * MS }),
    );
    assert.deepEqual(windowCalls, { issued: 2, ok: 0, degraded: 1, errors: 0, incomplete: 1 });
  });

  it('takes silent calls for ok where none showed LLM output, and warns', () => {
    const silent = calls([3 * MS, 5 * MS]).map((call) => ({
      ...call,
      messages: [{ atNs: call.endNs ?? 0, facts: SILENT }],
    }));
    const summary = summarize(play(silent));
    assert.equal(summary.windowCalls.ok, 2);
    assert.equal(summary.latency.n, 2);
    assert.equal(summary.latency.p50Us, 3000);
    assert.equal(summary.timeline?.[0]?.p50_us, 3000);
    assert.deepEqual(
      summary.warnings.map(({ code }) => code),
      ['no-usage-reported'],
    );
  });

  it('counts a code outside the known ones as UNKNOWN, and keeps the sums', () => {
    const odd = calls([MS]).map((call) => ({
      ...call,
      end: { grpcStatus: 77, statusMessage: 'odd' },
    }));
    const summary = summarize(play(odd));
    assert.deepEqual(summary.statusCounts, [{ status: 'UNKNOWN', count: 1 }]);
    assert.equal(summary.windowCalls.errors, 1);
  });

  it('keeps 100 different messages at most and still accounts for every error', () => {
    const failing = Array.from({ length: 500 }, (_, index) => ({
      intendedNs: index * MS,
      endNs: index * MS + 1,
      end: { grpcStatus: 13, statusMessage: `session sess_${index} is gone ${'x'.repeat(1000)}` },
    }));
    const recorded = play(failing);
    assert.equal(recorded.statuses.messages.length, 100);
    const { topErrors } = summarize(recorded);
    assert.ok(topErrors.length <= 21);
    assert.equal(
      topErrors.reduce((sum, sample) => sum + sample.count, 0),
      500,
    );
    assert.ok(topErrors.every((sample) => sample.message.length <= 300));
  });
});

describe('CallRecorder windows', () => {
  it('measures 100 calls a second as 100 a second behind a second of warm-up', () => {
    const steady = Array.from({ length: 500 }, (_, index) => ({
      intendedNs: index * 10 * MS,
      endNs: index * 10 * MS + 3 * MS,
    }));
    const summary = summarize(
      play(steady, { trim: { kind: 'duration', startNs: SECOND, endNs: 5 * SECOND } }),
    );
    assert.equal(summary.throughputRps, 100);
    assert.equal(summary.windowCalls.issued, 400);
    assert.equal(summary.calls.issued, 500);
    assert.deepEqual(summary.window, { startMs: 1000, endMs: 5000, trimmedBy: 'duration' });
  });

  it('decides by the intended start, not by the dispatch and not by the end', () => {
    const summary = summarize(
      play(
        [
          // Meant before the window, sent and ended in it.
          { intendedNs: 0.9 * SECOND, dispatchNs: 1.1 * SECOND, endNs: 1.2 * SECOND },
          // Meant in the window, ended after it.
          { intendedNs: 1.9 * SECOND, endNs: 2.5 * SECOND },
          // Meant at the very end, which is no longer in it.
          { intendedNs: 2 * SECOND, endNs: 2.1 * SECOND },
        ],
        { trim: { kind: 'duration', startNs: SECOND, endNs: 2 * SECOND } },
      ),
    );
    assert.equal(summary.windowCalls.issued, 1);
    assert.equal(summary.latency.minUs, 600_000);
    // One completion lies in the second that the window lasts.
    assert.equal(summary.throughputRps, 1);
  });

  it('trims the first calls of a count by index, wherever they end, and keeps the rest whole', () => {
    const list = [900, 10, 10, 10, 10, 10, 10, 10, 10, 10].map((latencyMs, index) => ({
      intendedNs: index * 100 * MS,
      endNs: index * 100 * MS + latencyMs * MS,
    }));
    const summary = summarize(play(list, { trim: { kind: 'count', firstIndex: 1 } }));
    assert.equal(summary.windowCalls.ok, 9);
    assert.equal(summary.calls.ok, 10);
    assert.equal(summary.latency.maxUs, 10_000);
    assert.deepEqual(summary.window, { startMs: 100, endMs: 910, trimmedBy: 'count' });
    // The trimmed call ends in the window as well: 10 completions in 810 ms.
    assert.equal(summary.throughputRps?.toFixed(6), (10 / 0.81).toFixed(6));
  });

  it('keeps the cold first call when nothing is trimmed', () => {
    const cold = calls([700 * MS, MS, MS], SECOND);
    for (const trim of [{ kind: 'none' }, { kind: 'count', firstIndex: 0 }] as const) {
      const summary = summarize(play(cold, { trim }));
      assert.equal(summary.windowCalls.ok, 3);
      assert.equal(summary.latency.maxUs, 700_000);
      assert.equal(summary.window.trimmedBy, 'nothing');
    }
  });

  it('measures nothing and says so when the run ends within its warm-up', () => {
    const summary = summarize(
      play(calls([MS, MS]), {
        trim: { kind: 'duration', startNs: SECOND, endNs: 2 * SECOND },
        abandonAtNs: 500 * MS,
      }),
    );
    assert.equal(summary.throughputRps, null);
    assert.equal(summary.littlesLaw, null);
    assert.equal(summary.latency.n, 0);
    assert.equal(summary.calls.ok, 2);
    assert.deepEqual(
      summary.warnings.map(({ code }) => code),
      ['window-empty'],
    );
  });

  it('ends the window where an interrupted run was given up', () => {
    const summary = summarize(
      play(calls(new Array<number>(200).fill(MS), 10 * MS), {
        trim: { kind: 'duration', startNs: SECOND, endNs: 10 * SECOND },
        abandonAtNs: 2 * SECOND,
      }),
    );
    assert.equal(summary.window.endMs, 2000);
    assert.equal(summary.throughputRps, 100);
  });
});

describe('CallRecorder events', () => {
  it('tells the driver of each end once, after recording it, so that the slot can be begun again at once', () => {
    const heard: [number, Outcome][] = [];
    const recorder = newRecorder({
      slots: 1,
      onFinished: (slot, outcome) => {
        heard.push([slot, outcome]);
        if (heard.length < 3) recorder.begin(0, heard.length, 10 * MS, 10 * MS);
      },
    });
    recorder.begin(0, 0, 0, 0);
    recorder.onMessage(0, MS, ANSWER);
    recorder.onEnd(0, MS, OK_END);
    recorder.onEnd(0, 11 * MS, { ...OK_END, ...UNAVAILABLE });
    recorder.onEnd(0, 12 * MS, OK_END);
    assert.deepEqual(heard, [
      [0, 'ok'],
      [0, 'error'],
      [0, 'degraded'],
    ]);
    assert.deepEqual(summarize(recorder.finish()).calls, {
      issued: 3,
      ok: 1,
      degraded: 1,
      errors: 1,
      incomplete: 0,
    });
  });

  it('ignores what is heard of abandoned calls, and does not report them as finished', () => {
    let finished = 0;
    const recorder = newRecorder({ onFinished: () => (finished += 1) });
    recorder.begin(0, 0, 0, 0);
    recorder.abandon(2 * SECOND);
    recorder.onMessage(0, 3 * SECOND, ANSWER);
    recorder.onEnd(0, 3 * SECOND, { ...OK_END, grpcStatus: 1, origin: 'client' });
    const { calls: counts, warnings, statusCounts } = summarize(recorder.finish());
    assert.equal(finished, 0);
    assert.equal(counts.incomplete, 1);
    assert.equal(counts.errors, 0);
    assert.deepEqual(statusCounts, []);
    assert.ok(!warnings.some(({ code }) => code === 'unexpected-events'));
  });

  it('counts a second end of a call as stray and records it nowhere', () => {
    const recorder = newRecorder();
    recorder.begin(0, 0, 0, 0);
    recorder.onMessage(0, MS, ANSWER);
    recorder.onEnd(0, MS, OK_END);
    recorder.onEnd(0, 2 * MS, OK_END);
    const summary = summarize(recorder.finish());
    assert.equal(summary.calls.issued, 1);
    assert.deepEqual(
      summary.warnings.map(({ code }) => code),
      ['unexpected-events'],
    );
  });

  it('refuses a call in a slot that is taken or does not exist', () => {
    const recorder = newRecorder({ slots: 1 });
    recorder.begin(0, 0, 0, 0);
    for (const slot of [0, 1, -1]) {
      assert.throws(
        () => recorder.begin(slot, 1, 0, 0),
        (thrown) => thrown instanceof BenchmarkError && thrown.code === 'generator-failed',
      );
    }
  });

  it('makes what is still in flight incomplete when it finishes, and finishes only once', () => {
    const recorder = newRecorder({ clock: { originNs: 0n, nowNs: () => 7 * MS } });
    recorder.begin(0, 0, 0, 0);
    const recorded = recorder.finish();
    assert.equal(recorder.finish(), recorded);
    assert.equal(recorded.abandonedAtNs, 7 * MS);
    assert.equal(summarize(recorded).calls.incomplete, 1);
  });

  it('records no negative time when a stamp precedes the dispatch, and says so', () => {
    const summary = summarize(
      play([{ intendedNs: 5 * MS, endNs: 5 * MS, messages: [{ atNs: 5 * MS }] }]),
    );
    assert.equal(summary.latency.minUs, 0);
    const recorder = newRecorder();
    recorder.begin(0, 0, 5 * MS, 5 * MS);
    recorder.onMessage(0, 4 * MS, ANSWER);
    recorder.onEnd(0, 3 * MS, OK_END);
    const backwards = summarize(recorder.finish());
    assert.equal(backwards.latency.minUs, 0);
    assert.equal(backwards.responseTime.minUs, 0);
    assert.deepEqual(
      backwards.warnings.map(({ code }) => code),
      ['clock-went-back'],
    );
  });

  it('records no negative time of a stream either, nor of a call that was sent before it was due, in whatever order stamps come', () => {
    const stamp = fc.nat(20).map((ms) => ms * MS);
    const call = fc.record({ intendedNs: stamp, dispatchNs: stamp, endNs: stamp });
    fc.assert(
      fc.property(call, fc.array(stamp, { maxLength: 4 }), (stamps, messagesNs) => {
        const recorder = newRecorder({ streaming: true });
        recorder.begin(0, 0, stamps.intendedNs, stamps.dispatchNs);
        for (const atNs of messagesNs) recorder.onMessage(0, atNs, token(1));
        recorder.onMessage(0, messagesNs.at(-1) ?? 0, ANSWER);
        recorder.onEnd(0, stamps.endNs, OK_END);
        const recorded = recorder.finish();
        for (const latencyKind of ['service', 'response'] as const) {
          const { latency, serviceTime, responseTime, sendLateness, streams, histograms } =
            summarize(recorded, { latencyKind });
          const times = [latency, serviceTime, responseTime, sendLateness];
          for (const { minUs, maxUs } of [...times, ...streamTimes(streams)]) {
            assert.ok((minUs ?? 0) >= 0 && (maxUs ?? 0) >= (minUs ?? 0));
          }
          assert.ok(histograms.every(({ minNs }) => (minNs ?? 0) >= 0));
        }
        const [raw] = rawResults(recorded);
        assert.ok(raw !== undefined && raw.latencyNs >= 0);
        assert.ok((raw.firstMessageLatencyNs ?? 0) >= 0, `${raw.firstMessageLatencyNs} ns`);
      }),
      { numRuns: 200 },
    );
  });

  it('times an overdue call by the wall, not by its deadline', () => {
    const late = {
      intendedNs: 0,
      endNs: 1050 * MS,
      messages: [],
      end: { grpcStatus: 4, statusMessage: 'Deadline exceeded', origin: 'client' as const },
    };
    const recorded = play([late]);
    const raw = recorded.raw.chunks[0];
    assert.equal((raw?.endNs[0] ?? NaN) - (raw?.dispatchNs[0] ?? NaN), 1050 * MS);
  });
});

describe('CallRecorder progress', () => {
  it('shows counts, the rate since a second ago, and the percentiles so far', () => {
    const recorder = newRecorder();
    assert.deepEqual(recorder.progress(0), {
      completed: 0,
      errors: 0,
      inFlight: 0,
      recentRps: null,
      latencyP50Us: null,
      latencyP99Us: null,
    });
    const call = (startNs: number, failed: boolean): void => {
      recorder.begin(0, 0, startNs, startNs);
      recorder.onMessage(0, startNs + 4 * MS, ANSWER);
      recorder.onEnd(0, startNs + 4 * MS, failed ? { ...OK_END, ...UNAVAILABLE } : OK_END);
    };
    for (let index = 0; index < 10; index += 1) call(index * 100 * MS, index === 0);
    recorder.begin(0, 10, SECOND, SECOND);
    const first = recorder.progress(SECOND);
    assert.deepEqual(first, {
      completed: 10,
      errors: 1,
      inFlight: 1,
      recentRps: 10,
      latencyP50Us: 4000,
      latencyP99Us: 4000,
    });
    recorder.onMessage(0, 1500 * MS, ANSWER);
    recorder.onEnd(0, 1500 * MS, OK_END);
    assert.equal(recorder.progress(2 * SECOND).recentRps, 1);
  });
});

function streamTimes(streams: StreamSummary | null): LatencySummary[] {
  if (streams === null) return [];
  return [
    streams.timeToFirstMessage,
    streams.timeToFirstToken,
    streams.messageGap,
    streams.maxGapPerStream,
    streams.lastMessageToStatus,
  ];
}
