// What is said over the runs: by hand where a hand can, by seeded simulation where coverage is claimed.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reportSchema } from '../../src/artifacts/report-schema.ts';
import { summaryText } from '../../src/report/text.ts';
import { toJson } from '../../src/report/to-json.ts';
import {
  benchmarkStatistics,
  statisticsWarnings,
} from '../../src/statistics/benchmark-statistics.ts';
import { pooledPercentiles, type CountedValues } from '../../src/statistics/pooled-percentiles.ts';
import { mulberry32 } from '../../src/statistics/seeded-random.ts';
import { summary } from '../../src/statistics/summary.ts';
import { varianceSplit } from '../../src/statistics/variance-split.ts';
import { sampleReport } from '../report/sample-report.ts';
import { gaussian } from '../support/random-variates.ts';
import { latencyAround, measurement, storedRun } from '../support/run-measurements.ts';

function counted(values: readonly number[]): CountedValues {
  const unique = [...new Set(values)].sort((a, b) => a - b);
  return {
    valuesNs: Float64Array.from(unique),
    counts: Float64Array.from(unique, (value) => values.filter((each) => each === value).length),
  };
}

const TEN_MS = counted([10e6]);

describe('statistics over the runs', () => {
  const runs = [100, 102, 98, 101, 99, 103, 97, 100, 500].map((throughputRps, index) =>
    storedRun(index + 1, { throughputRps, latency: latencyAround(10_000 + index) }),
  );
  const all = benchmarkStatistics({ runs, latenciesOf: () => TEN_MS, seed: 7 });
  assert.ok(all !== null);
  const throughput = all.metrics.find(({ metric }) => metric === 'throughput_rps');
  assert.ok(throughput !== undefined);

  it('give the median of 9 runs the 2nd and 8th as its interval, which covers 96.1 %', () => {
    assert.deepEqual(throughput.median, {
      value: 100,
      low: 98,
      high: 103,
      coverage: throughput.median.coverage,
    });
    assert.ok(Math.abs((throughput.median.coverage ?? 0) - 0.9609375) < 1e-12);
  });

  it('point the run out that stands apart and leave it in', () => {
    assert.deepEqual(throughput.outliers, [{ run: 9, value: 500, kind: 'severe' }]);
    assert.equal(throughput.n, 9);
    assert.match(statisticsWarnings(all)[0]?.message ?? '', /: run 9 in throughput\./);
  });

  it('name the seed of every bootstrap, and draw the same interval from the same seed', () => {
    assert.equal(throughput.bootstrap?.seed, 7);
    assert.equal(all.pooledLatency?.seed, 7);
    assert.deepEqual(benchmarkStatistics({ runs, latenciesOf: () => TEN_MS, seed: 7 }), all);
  });

  it('bound an error rate of 0 of 3000 calls at 1 − .025^(1/3000), never at 0', () => {
    const three = benchmarkStatistics({
      runs: [1, 2, 3].map((index) => storedRun(index)),
      latenciesOf: () => TEN_MS,
      seed: 1,
    });
    assert.equal(three?.errorRate?.low, 0);
    assert.ok(Math.abs(three.errorRate.high - (1 - 0.025 ** (1 / 3000))) < 1e-9);
  });

  it('have no p99.9 of runs without a call above it: it would be their maximum', () => {
    const named = (n: number): boolean => {
      const found = benchmarkStatistics({
        runs: [storedRun(1, { latency: { ...latencyAround(10_000, n), p999Us: 20_000 } })],
        latenciesOf: () => TEN_MS,
        seed: 1,
      });
      return found?.metrics.some(({ metric }) => metric === 'latency_p999') === true;
    };
    assert.equal(named(999), false);
    assert.equal(named(1000), true);
  });

  it('leave undefined what one run cannot have', () => {
    const one = benchmarkStatistics({ runs: [storedRun(1)], latenciesOf: () => TEN_MS, seed: 1 });
    const [first] = one?.metrics ?? [];
    assert.equal(first?.median.low, null);
    assert.equal(first.bootstrap, null);
    assert.equal(first.variation, null);
    assert.equal(one?.pooledLatency?.percentiles[0]?.lowUs, null);
    assert.equal(one.variance, null);
    assert.equal(benchmarkStatistics({ runs: [], latenciesOf: () => TEN_MS, seed: 1 }), null);
  });

  it('give goodput over the runs, its share of all ok calls, and the share of each condition', () => {
    const run = (index: number, metCalls: number, rps: number) =>
      storedRun(index, {
        windowCalls: { issued: 400, ok: 400, degraded: 0, errors: 0, incomplete: 0 },
        goodput: {
          metCalls,
          rps,
          conditions: [
            { text: 'ttft<50ms', metCalls: metCalls + 40 },
            { text: 'latency<2s', metCalls: metCalls + 60 },
          ],
        },
      });
    const found = benchmarkStatistics({
      runs: [run(1, 300, 150), run(2, 340, 170)],
      latenciesOf: () => TEN_MS,
      seed: 1,
    });
    assert.deepEqual(found?.goodput?.slo, ['ttft<50ms', 'latency<2s']);
    assert.equal(found.goodput.rps.median, 160);
    assert.equal(found.goodput.shareWithin, 640 / 800);
    assert.deepEqual(found.goodput.sharesByCondition, [720 / 800, 760 / 800]);
    assert.equal(found.metrics.find(({ metric }) => metric === 'goodput_rps')?.median.value, 160);
    const report = toJson(sampleReport({ statistics: found, runs: [run(1, 300, 150)] }));
    assert.deepEqual(reportSchema.parse(report).loombench.statistics?.goodput, found.goodput);
  });

  it('are in a report that fits its schema, and in the summary with their units', () => {
    const report = toJson(sampleReport({ statistics: all }));
    assert.deepEqual(reportSchema.parse(report).loombench.statistics, all);
    const text = summaryText(report, { reportPath: null, webUiUrl: null });
    assert.match(
      text,
      /pooled +9 ok calls of 9 runs together, ms \(95 % CI over runs\): p50 10\.00 \(10\.00 … 10\.00\)$/m,
    );
    assert.match(text, /error rate 0 of 9,000 calls failed; 95 % CI 0 % … 0\.041 %/);
  });
});

describe('pooled percentiles', () => {
  it('are those of all calls as one sample', () => {
    const found = pooledPercentiles([counted([1000, 2000, 3000]), counted([4000])], 1);
    const [p50, p90] = found?.percentiles ?? [];
    assert.equal(found?.calls, 4);
    assert.equal(p50?.valueUs, 2);
    assert.equal(p90?.valueUs, 4);
    assert.equal(pooledPercentiles([], 1), null);
  });

  it('have an interval that covers the true median although runs differ by 5 % (calls as independent cover 70 %)', () => {
    const trials = 120;
    let covered = 0;
    for (let trial = 1; trial <= trials; trial++) {
      const random = mulberry32(trial);
      const normal = gaussian(random);
      const runs = Array.from({ length: 12 }, () => {
        const level = 1 + 0.05 * normal();
        return counted(
          Array.from({ length: 40 }, () => 20_000 * Math.round(50 * level * (1 + 0.1 * normal()))),
        );
      });
      const p50 = pooledPercentiles(runs, trial)?.percentiles[0];
      if (p50 !== undefined && (p50.lowUs ?? 0) <= 1000 && 1000 <= (p50.highUs ?? 0)) covered += 1;
    }
    // A percentile bootstrap of 12 runs covers about 92 %; three standard errors of 120 trials below that.
    assert.ok(covered / trials >= 0.84, `${covered} of ${trials}`);
  });
});

describe('where the variation comes from', () => {
  const run = (means: readonly number[]) =>
    measurement({
      window: { startMs: 0, endMs: 1000 * means.length, trimmedBy: 'nothing' },
      timeline: means.map((mean_us, second) => ({
        second,
        mean_us,
        requests: 1,
        errors: 0,
        p50_us: null,
        p99_us: null,
        starts: 1,
        inFlightAtEnd: 0,
      })),
    });

  it('advises more runs when runs differ and their seconds do not', () => {
    const split = varianceSplit([
      run([10, 10.1, 9.9]),
      run([20, 20.1, 19.9]),
      run([30, 30.1, 29.9]),
    ]);
    assert.ok((split?.icc ?? 0) > 0.99);
    assert.match(split?.advice ?? '', /more runs narrow the intervals, longer runs do not/);
  });

  it('advises longer runs as well when seconds differ as much as runs do', () => {
    const split = varianceSplit([run([10, 30, 20, 25]), run([25, 10, 30, 20])]);
    assert.ok((split?.icc ?? 1) < 0.5);
    assert.match(split?.advice ?? '', /longer runs narrow/);
  });

  it('compares windows of the length that all runs have, and is null without timelines', () => {
    assert.equal(varianceSplit([run([1, 2, 3, 4]), run([1, 2, 3])])?.secondsPerRun, 3);
    assert.equal(varianceSplit([measurement(), measurement()]), null);
  });
});

describe("the interval of the mean with Student's t", () => {
  it('covers the true mean in 93.35 to 96.65 % of 2000 benchmarks of ten runs', () => {
    const normal = gaussian(mulberry32(20_261));
    let covered = 0;
    for (let trial = 0; trial < 2000; trial++) {
      const { ciLow, ciHigh } = summary(Array.from({ length: 10 }, () => 1000 + 30 * normal()));
      if (ciLow !== null && ciHigh !== null && ciLow <= 1000 && 1000 <= ciHigh) covered += 1;
    }
    assert.ok(covered >= 1867 && covered <= 1933, `${covered} of 2000`);
  });
});
