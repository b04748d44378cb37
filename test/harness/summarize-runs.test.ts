// What is said over all calls of all runs, from the histograms that their results hold.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { PooledLatency } from '../../src/contract/benchmark-statistics.ts';
import { summarizeRuns } from '../../src/harness/summarize-runs.ts';
import { storedRun } from '../support/run-measurements.ts';
import { play, summarize, calls } from './recording/play-calls.ts';

/** Over runs with calls of these latencies, as they are after a trip through their encoded results. */
function pooledOf(runsNs: readonly (readonly number[])[]): PooledLatency {
  const runs = runsNs.map((latenciesNs, index) =>
    storedRun(index + 1, summarize(play(calls(latenciesNs)))),
  );
  const { statistics } = summarizeRuns({
    config: { seed: 1, thresholds: [] },
    runs,
    failedRuns: [],
    expectedRuns: runs.length,
  });
  return statistics?.pooledLatency ?? assert.fail('nothing pooled');
}

function figuresOf({ percentiles }: PooledLatency): number[] {
  return percentiles.flatMap(({ valueUs, lowUs, highUs }) =>
    [valueUs, lowUs, highUs].filter((us) => us !== null),
  );
}

describe('percentiles over all runs', () => {
  it('are the latency of all calls where all have the same, in whole microseconds as that of a run', () => {
    for (const latencyNs of [1_003_000, 1_003_400, 30_106_000, 9_999_999_000]) {
      const runsNs = new Array<number[]>(6).fill(new Array<number>(20).fill(latencyNs));
      const us = Math.round(latencyNs / 1000);
      assert.deepEqual(new Set(figuresOf(pooledOf(runsNs))), new Set([us]));
    }
  });

  it('never lie outside of the fastest and the slowest call of the runs, and rise', () => {
    const latency = fc.oneof(
      fc.integer({ min: 1, max: 60_000_000_000 }),
      fc.integer({ min: 1_000_000_000, max: 1_000_200_000 }),
    );
    const latencies = fc.array(latency, { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(latencies, { minLength: 1, maxLength: 4 }), (runsNs) => {
        const pooled = pooledOf(runsNs);
        const lowUs = Math.round(Math.min(...runsNs.flat()) / 1000);
        const highUs = Math.round(Math.max(...runsNs.flat()) / 1000);
        assert.ok(figuresOf(pooled).every((us) => us >= lowUs && us <= highUs));
        const values = pooled.percentiles.map(({ valueUs }) => valueUs);
        assert.deepEqual(
          [...values].sort((a, b) => a - b),
          values,
        );
      }),
      { numRuns: 60 },
    );
  });
});
