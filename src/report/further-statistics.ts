// What a report states of a metric beside the seed's statistics: its further intervals, and the single figures over the runs
// that are in another unit than a metric, or in none.

import type { BenchmarkStatistics, MetricStatistics } from '../contract/benchmark-statistics.ts';

/** Null where the report does not state it. All intervals at 95 %. */
export interface FurtherStatistics {
  /** Order statistics of the runs. */
  readonly median_ci95_low: number | null;
  readonly median_ci95_high: number | null;
  /** Bootstrap of the mean. */
  readonly bca_ci95_low: number | null;
  readonly bca_ci95_high: number | null;
  /** Of the calls of all runs together: a percentile with its interval over runs, the error rate with its exact one. */
  readonly pooled: number | null;
  readonly pooled_ci95_low: number | null;
  readonly pooled_ci95_high: number | null;
}

/** `id` as in thresholds: 'latency_p99'. */
export function furtherStatistics(
  id: string,
  statistics: BenchmarkStatistics | undefined,
): FurtherStatistics {
  return {
    ...overRuns(statistics?.metrics.find(({ metric }) => metric === id)),
    ...overCalls(id, statistics),
  };
}

type OverCalls = 'pooled' | 'pooled_ci95_low' | 'pooled_ci95_high';

function overRuns(found: MetricStatistics | undefined): Omit<FurtherStatistics, OverCalls> {
  return {
    median_ci95_low: found?.median.low ?? null,
    median_ci95_high: found?.median.high ?? null,
    bca_ci95_low: found?.bootstrap?.low ?? null,
    bca_ci95_high: found?.bootstrap?.high ?? null,
  };
}

function overCalls(
  id: string,
  statistics: BenchmarkStatistics | undefined,
): Pick<FurtherStatistics, OverCalls> {
  const rate = statistics?.errorRate ?? null;
  if (id === 'error_rate' && rate !== null) {
    return { pooled: rate.share, pooled_ci95_low: rate.low, pooled_ci95_high: rate.high };
  }
  const percentiles = statistics?.pooledLatency?.percentiles ?? [];
  const found = percentiles.find(({ percentile }) => `latency_${percentile}` === id);
  if (found === undefined) return { pooled: null, pooled_ci95_low: null, pooled_ci95_high: null };
  return { pooled: found.valueUs, pooled_ci95_low: found.lowUs, pooled_ci95_high: found.highUs };
}
