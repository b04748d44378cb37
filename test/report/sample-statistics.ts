// What nine runs of streams say together, with figures that can be worked out on paper.

import type { BenchmarkReport } from '../../src/contract/benchmark-report.ts';
import type { BenchmarkStatistics } from '../../src/contract/benchmark-statistics.ts';
import { metricUnit, type MetricName } from '../../src/contract/metric.ts';
import { stats, storedRun, STREAMS } from './sample-report.ts';

/** A metric of nine runs; the interval of the median as far from it as the runs are, that of the bootstrap half as far. */
function metricOverRuns(
  metric: MetricName,
  median: number,
  spread: number,
): BenchmarkStatistics['metrics'][number] {
  return {
    metric,
    unit: metricUnit(metric),
    n: 9,
    stats: stats(median, spread),
    median: { value: median, low: median - spread, high: median + spread, coverage: 0.961 },
    bootstrap: {
      mean: median,
      low: median - spread / 2,
      high: median + spread / 2,
      resamples: 10_000,
      seed: 1,
    },
    variation: null,
    independence: null,
    outliers: [],
    warnings: [],
  };
}

/** What is said over nine runs of streams beyond the seed's aggregate. */
const STATISTICS_OF_NINE: BenchmarkStatistics = {
  confidence: 0.95,
  metrics: [
    metricOverRuns('throughput_rps', 661.5, 7.3),
    metricOverRuns('latency_p50', 13_502, 212),
    metricOverRuns('latency_p99', 17_054, 600),
    metricOverRuns('ttft_p50', 30_250, 400),
    metricOverRuns('ttft_p99', 33_100, 500),
    metricOverRuns('message_gap_p50', 810, 16),
    metricOverRuns('message_gap_p99', 920, 20),
  ],
  pooledLatency: {
    runs: 9,
    calls: 8100,
    resamples: 10_000,
    seed: 1,
    percentiles: [
      { percentile: 'p50', valueUs: 13_500, lowUs: 13_400, highUs: 13_600 },
      { percentile: 'p99', valueUs: 17_100, lowUs: 16_900, highUs: 17_300 },
      { percentile: 'p999', valueUs: 19_000, lowUs: 18_500, highUs: 20_000 },
      { percentile: 'p9999', valueUs: 20_177, lowUs: 20_177, highUs: 20_177 },
    ],
  },
  errorRate: { failed: 9, calls: 8100, share: 9 / 8100, low: 0.000_508, high: 0.002_108 },
  variance: {
    runs: 9,
    secondsPerRun: 10,
    betweenSdUs: 123.5,
    withinSdUs: 456.75,
    icc: 0.0625,
    pValue: 0.218_75,
    advice: 'Longer runs narrow the intervals as well as more runs.',
  },
  goodput: {
    slo: ['ttft<500ms', 'latency<2s'],
    rps: stats(444.5, 4.5),
    shareWithin: 0.75,
    sharesByCondition: [0.8125, 0.875],
  },
};

export function statisticsChanges(): Partial<BenchmarkReport> {
  const runs = Array.from({ length: 9 }, (_, index) => storedRun(index + 1, { streams: STREAMS }));
  return { runs, statistics: STATISTICS_OF_NINE };
}
