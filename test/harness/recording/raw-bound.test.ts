// What is kept of a run that has more calls than are kept: a share of all of it, never its beginning alone.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { RecordedRun } from '../../../src/harness/recording/recorded-run.ts';
import { mergeRecordings } from '../../../src/harness/recording/recorded-run.ts';
import { rawColumns } from '../../../src/harness/recording/raw-results.ts';
import { runSteadiness } from '../../../src/harness/run-steadiness.ts';
import { harnessConfig } from '../../support/run-plans.ts';
import { ANSWER, MS, newRecorder, OK_END, summarize } from './play-calls.ts';
import { seededRandom } from './seeded-random.ts';

/** `calls` calls one after another, the i-th meant for i ns. */
function recorded(calls: number, maxRawValues: number): RecordedRun {
  const recorder = newRecorder({ slots: 1, maxRawValues });
  for (let call = 0; call < calls; call += 1) {
    recorder.begin(0, call, call, call);
    recorder.onMessage(0, call, ANSWER);
    recorder.onEnd(0, call, OK_END);
  }
  return recorder.finish();
}

const keptCalls = (run: RecordedRun): number[] => [...rawColumns(run).intendedNs];

/** The least power of two that leaves no more than the bound of the calls. */
function strideOf(calls: number, bound: number): number {
  let stride = 1;
  while (Math.ceil(calls / stride) > bound) stride *= 2;
  return stride;
}

const everyNth = (calls: number, stride: number): number[] =>
  Array.from({ length: Math.ceil(calls / stride) }, (_, row) => row * stride);

const calls = fc.nat(700);
const bound = fc.integer({ min: 1, max: 120 });

describe('the raw values of a run', () => {
  it('are those of every 2nd, 4th, 8th … call where more came than are kept', () => {
    fc.assert(
      fc.property(calls, bound, (count, most) => {
        const run = recorded(count, most);
        assert.deepEqual(keptCalls(run), everyNth(count, strideOf(count, most)));
        assert.equal(run.raw.rows, keptCalls(run).length);
        assert.equal(run.raw.complete, count <= most);
      }),
      { numRuns: 60 },
    );
  });

  it('are spread as evenly over chunks of many rows', () => {
    const [count, most] = [100_000, 40_000];
    assert.deepEqual(keptCalls(recorded(count, most)), everyNth(count, 4));
  });

  it('are none where none are to be kept', () => {
    const run = recorded(5, 0);
    assert.deepEqual([run.raw.rows, run.raw.complete], [0, false]);
  });

  it('of several threads weigh the calls of each alike, however many it had', () => {
    fc.assert(
      fc.property(calls, calls, bound, (one, other, most) => {
        const stride = Math.max(strideOf(one, most), strideOf(other, most));
        const parts = [recorded(one, most), recorded(other, most)];
        for (const order of [parts, [...parts].reverse()]) {
          const merged = keptCalls(mergeRecordings(order));
          const expected = [...everyNth(one, stride), ...everyNth(other, stride)];
          assert.deepEqual(merged.toSorted(ascending), expected.toSorted(ascending));
        }
        // And the parts are as they were.
        assert.deepEqual(keptCalls(recorded(one, most)), everyNth(one, strideOf(one, most)));
      }),
      { numRuns: 40 },
    );
  });
});

function ascending(a: number, b: number): number {
  return a - b;
}

describe('the intervals of percentiles of a run that slows down when its raw values are more than are kept', () => {
  it('hold the percentile of all its calls', () => {
    const recorder = newRecorder({ slots: 1, maxRawValues: 2000 });
    const random = seededRandom(18);
    let nowNs = 0;
    for (let call = 0; call < 12_000; call += 1) {
      const latencyNs = Math.floor((call < 10_000 ? 10 : 100) * MS * (1 + 0.01 * random()));
      recorder.begin(0, call, nowNs, nowNs);
      recorder.onMessage(0, nowNs + latencyNs, ANSWER);
      recorder.onEnd(0, nowNs + latencyNs, OK_END);
      nowNs += latencyNs;
    }
    const run = recorder.finish();
    const { window, timeline, latency } = summarize(run);
    assert.ok((latency.p95Us ?? 0) >= 100_000);
    const { percentileIntervals } = runSteadiness({
      harness: harnessConfig(),
      window,
      timeline: timeline ?? [],
      columns: rawColumns(run),
    });
    const p95 = percentileIntervals.find(({ percentile }) => percentile === 'p95');
    assert.ok(p95 !== undefined);
    assert.ok((p95.lowUs ?? 0) <= (latency.p95Us ?? 0));
    assert.ok((p95.highUs ?? Infinity) >= (latency.p95Us ?? Infinity));
    // A sixth of the calls are slow, all at the end: they are not as many as 2000 that know nothing of each other.
    assert.ok(p95.tau > 10, `tau ${p95.tau}`);
  });
});
