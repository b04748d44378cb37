// Everything that is published over the valid runs beside the seed's aggregate, gathered.

import type {
  BenchmarkStatistics,
  ErrorRateInterval,
  Goodput,
} from '../contract/benchmark-statistics.ts';
import type { MetricName } from '../contract/metric.ts';
import type { RunMeasurement, StoredRun } from '../contract/run-result.ts';
import type { Warning } from '../contract/warning.ts';
import { binomialCi } from './binomial-interval.ts';
import { metricStatistics } from './metric-statistics.ts';
import { pooledPercentiles, type CountedValues } from './pooled-percentiles.ts';
import { runMetric } from './run-metrics.ts';
import { computeStats } from './summary.ts';
import { varianceSplit } from './variance-split.ts';

/** In the order of the report; those that no run has are left out. */
const PUBLISHED: readonly MetricName[] = [
  'throughput_rps',
  'latency_p50',
  'latency_p90',
  'latency_p95',
  'latency_p99',
  'latency_p999',
  'latency_mean',
  'ttft_p50',
  'ttft_p99',
  'message_gap_p50',
  'message_gap_p99',
  'overhead_p50',
];

export interface StatisticsInput {
  /** Valid and complete ones. */
  readonly runs: readonly Pick<StoredRun, 'key' | 'measurement'>[];
  /** Ok calls of a run by headline latency. */
  readonly latenciesOf: (measurement: RunMeasurement) => CountedValues;
  readonly seed: number;
  readonly sloLatencyMs?: number | undefined;
}

/** Null when there is no run. */
export function benchmarkStatistics(input: StatisticsInput): BenchmarkStatistics | null {
  const { runs, seed, latenciesOf, sloLatencyMs } = input;
  if (runs.length === 0) return null;
  const measurements = runs.map(({ measurement }) => measurement);
  const latencies = measurements.map(latenciesOf);
  return {
    confidence: 0.95,
    metrics: PUBLISHED.flatMap((metric) => {
      const values = runs.flatMap(({ key, measurement }) => {
        const value = runMetric(measurement, metric);
        return value === null ? [] : [{ run: key.index, value }];
      });
      return metricStatistics(metric, values, seed) ?? [];
    }),
    pooledLatency: pooledPercentiles(latencies, seed),
    errorRate: errorRateInterval(measurements),
    variance: varianceSplit(measurements),
    goodput: sloLatencyMs === undefined ? null : goodputOf(measurements, latencies, sloLatencyMs),
  };
}

function errorRateInterval(runs: readonly RunMeasurement[]): ErrorRateInterval | null {
  let failed = 0;
  let calls = 0;
  for (const { windowCalls } of runs) {
    failed += windowCalls.errors + windowCalls.degraded;
    calls += windowCalls.ok + windowCalls.errors + windowCalls.degraded;
  }
  const interval = binomialCi(failed, calls);
  if (interval === null) return null;
  const [low, high] = interval.clopperPearson;
  return { failed, calls, share: interval.p, low, high };
}

/** Null when no call succeeded. */
function goodputOf(
  runs: readonly RunMeasurement[],
  latencies: readonly CountedValues[],
  sloLatencyMs: number,
): Goodput | null {
  const shares = latencies.map((values) => within(values, sloLatencyMs * 1e6));
  const calls = shares.reduce((sum, { all }) => sum + all, 0);
  if (calls === 0) return null;
  const rates = runs.flatMap(({ okThroughputRps }, index) => {
    const share = shares[index];
    if (okThroughputRps === null || share === undefined) return [];
    return [share.all === 0 ? 0 : (okThroughputRps * share.good) / share.all];
  });
  const good = shares.reduce((sum, share) => sum + share.good, 0);
  return { sloLatencyMs, rps: computeStats(rates), shareWithin: good / calls };
}

function within(
  { valuesNs, counts }: CountedValues,
  limitNs: number,
): { readonly good: number; readonly all: number } {
  let good = 0;
  let all = 0;
  counts.forEach((count, index) => {
    all += count;
    if ((valuesNs[index] ?? Infinity) <= limitNs) good += count;
  });
  return { good, all };
}

/** What of it a reader must not miss. */
export function statisticsWarnings({ metrics }: BenchmarkStatistics): Warning[] {
  const standOut = metrics.flatMap(({ metric, outliers }) =>
    outliers.length === 0 ? [] : [`${metric} of run ${outliers.map(({ run }) => run).join(', ')}`],
  );
  if (standOut.length === 0) return [];
  const message = `Runs stand apart from the others (they are kept): ${standOut.join('; ')}.`;
  return [{ code: 'outlier-runs', message }];
}
