// Everything that is published over the valid runs beside the seed's aggregate, gathered.

import type {
  BenchmarkStatistics,
  ErrorRateInterval,
  Goodput,
} from '../contract/benchmark-statistics.ts';
import { metricLabel, type MetricName } from '../contract/metric.ts';
import type { RunGoodput, RunMeasurement, StoredRun } from '../contract/run-result.ts';
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
  'goodput_rps',
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
  /** Where a latency was all that was declared. */
  readonly sloLatencyMs?: number | undefined;
}

/** Null when there is no run. */
export function benchmarkStatistics(input: StatisticsInput): BenchmarkStatistics | null {
  const { runs, seed, latenciesOf, sloLatencyMs } = input;
  if (runs.length === 0) return null;
  const measurements = runs.map(({ measurement }) => measurement);
  return {
    confidence: 0.95,
    metrics: PUBLISHED.flatMap((metric) => {
      const values = runs.flatMap(({ key, measurement }) => {
        const value = canCarry(measurement, metric) ? runMetric(measurement, metric) : null;
        return value === null ? [] : [{ run: key.index, value }];
      });
      return metricStatistics(metric, values, seed) ?? [];
    }),
    pooledLatency: pooledPercentiles(measurements.map(latenciesOf), seed),
    errorRate: errorRateInterval(measurements),
    variance: varianceSplit(measurements),
    goodput: goodputOf(measurements, sloLatencyMs),
  };
}

/** With fewer calls the p99.9 of a run is its maximum under another name. */
const CALLS_FOR_P999 = 1000;

function canCarry({ latency }: RunMeasurement, metric: MetricName): boolean {
  return metric !== 'latency_p999' || latency.n >= CALLS_FOR_P999;
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

/** Null when no service level was declared, or no call succeeded. */
function goodputOf(
  runs: readonly RunMeasurement[],
  sloLatencyMs: number | undefined,
): Goodput | null {
  const counted = runs.flatMap(({ goodput, windowCalls }) =>
    goodput === undefined ? [] : [{ ...goodput, ok: windowCalls.ok }],
  );
  const [first] = counted;
  const ok = counted.reduce((sum, run) => sum + run.ok, 0);
  if (first === undefined || ok === 0) return null;
  const shareOf = (read: (run: RunGoodput) => number): number =>
    counted.reduce((sum, run) => sum + read(run), 0) / ok;
  return {
    ...(sloLatencyMs === undefined ? {} : { sloLatencyMs }),
    slo: first.conditions.map(({ text }) => text),
    rps: computeStats(counted.map(({ rps }) => rps).filter((rate) => rate !== null)),
    shareWithin: shareOf(({ metCalls }) => metCalls),
    sharesByCondition: first.conditions.map((_, at) =>
      shareOf(({ conditions }) => conditions[at]?.metCalls ?? 0),
    ),
  };
}

/** What of it a reader must not miss. */
export function statisticsWarnings({ metrics }: BenchmarkStatistics): Warning[] {
  const byRun = new Map<number, string[]>();
  for (const { metric, outliers } of metrics) {
    for (const { run } of outliers) {
      byRun.set(run, [...(byRun.get(run) ?? []), metricLabel(metric)]);
    }
  }
  if (byRun.size === 0) return [];
  const each = [...byRun]
    .sort(([a], [b]) => a - b)
    .map(([run, labels]) => `run ${run} in ${labels.join(', ')}`);
  const message = `Far from the other runs, and kept in every figure: ${each.join('; ')}.`;
  return [{ code: 'outlier-runs', message }];
}
