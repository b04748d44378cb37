// What a report's histograms say again when they are read back for charts.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RunMeasurement } from '../../../src/contract/run-result.ts';
import { encodeHistogram } from '../../../src/harness/recording/hdr-encoding.ts';
import { LogLinearHistogram } from '../../../src/harness/recording/log-linear-histogram.ts';
import { latencyDistributions } from '../../../src/harness/recording/stored-distributions.ts';
import { toJson } from '../../../src/report/to-json.ts';
import { NO_LATENCY, sampleReport, storedRun } from '../../report/sample-report.ts';
import { statisticsChanges } from '../../report/sample-statistics.ts';

/** 1, 2, … n milliseconds; no percentile of its own, so that all come from the histogram. */
function rampTo(n: number, changes: Partial<RunMeasurement> = {}): Partial<RunMeasurement> {
  const histogram = new LogLinearHistogram();
  for (let ms = 1; ms <= n; ms += 1) histogram.record(ms * 1_000_000);
  const histograms = [{ kind: 'service', outcome: 'ok', ...encodeHistogram(histogram) }];
  return { histograms, latency: NO_LATENCY, ...changes };
}

function distributionsOf(
  ...runs: Partial<RunMeasurement>[]
): ReturnType<typeof latencyDistributions> {
  const stored = runs.map((changes, index) => storedRun(index + 1, changes));
  return latencyDistributions(toJson(sampleReport({ runs: stored })));
}

describe('the distributions of a report', () => {
  it('have each percentile within a histogram bucket, up to the last with a call above it', () => {
    const { byRun } = distributionsOf(rampTo(100));
    const { points = [], n } = byRun[0]?.distribution ?? {};
    assert.equal(n, 100);
    assert.equal(points.at(-1)?.quantile, 0.99);
    for (const { quantile, valueUs } of points) {
      const exactUs = Math.max(Math.ceil(quantile * 100), 1) * 1000;
      assert.ok(Math.abs(valueUs / exactUs - 1) <= 1 / 2048, `${quantile}: ${valueUs}`);
    }
  });

  it('take the percentiles that the report states from there', () => {
    const latency = { ...NO_LATENCY, n: 100, p50Us: 50_001 };
    const { byRun } = distributionsOf(rampTo(100, { latency }));
    const median = byRun[0]?.distribution?.points.find(({ quantile }) => quantile === 0.5);
    assert.equal(median?.valueUs, 50_001);
  });

  it('never fall, although what the report states is exact and the rest the middle of a bucket', () => {
    const histogram = new LogLinearHistogram();
    const middle = 1_000_000_000;
    for (let n = 0; n < 1000; n += 1) histogram.record(middle);
    const histograms = [{ kind: 'service', outcome: 'ok', ...encodeHistogram(histogram) }] as const;
    // One bucket holds them all; its middle is not what the exact percentiles say.
    for (const exactUs of [999_900, 1_000_100]) {
      const latency = { ...NO_LATENCY, n: 1000, p50Us: exactUs - 10, p95Us: exactUs };
      const points = distributionsOf({ histograms, latency }).byRun[0]?.distribution?.points ?? [];
      assert.ok(points.length > 20);
      for (const [index, { valueUs }] of points.entries()) {
        assert.ok(index === 0 || (points[index - 1]?.valueUs ?? NaN) <= valueUs, `${valueUs}`);
      }
      assert.equal(points.find(({ quantile }) => quantile === 0.95)?.valueUs, exactUs);
    }
  });

  it('of all runs together have the pooled percentiles that the report states', () => {
    const changes = statisticsChanges();
    const runs = [storedRun(1, rampTo(100)), storedRun(2, rampTo(100))];
    const { pooled } = latencyDistributions(toJson(sampleReport({ ...changes, runs })));
    const median = pooled?.points.find(({ quantile }) => quantile === 0.5);
    assert.equal(median?.valueUs, 13_500);
  });

  it('have every call in one bin, and bins without gaps', () => {
    for (const n of [1, 7, 100, 5000]) {
      const { bins = [] } = distributionsOf(rampTo(n)).pooled ?? {};
      assert.equal(
        bins.reduce((sum, { count }) => sum + count, 0),
        n,
      );
      for (const [index, { highUs }] of bins.slice(0, -1).entries()) {
        assert.equal(bins[index + 1]?.lowUs, highUs);
      }
    }
  });

  it('pool the runs that are not INVALID', () => {
    const { pooled, byRun } = distributionsOf(rampTo(100), rampTo(300, { verdict: 'INVALID' }));
    assert.equal(pooled?.n, 100);
    assert.equal(byRun[1]?.distribution?.n, 300);
  });

  it('are null where there is no histogram', () => {
    const { pooled, byRun } = distributionsOf({ histograms: [] });
    assert.deepEqual([pooled, byRun[0]?.distribution], [null, null]);
  });
});
