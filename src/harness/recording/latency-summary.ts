// Values to a LatencySummary: exact where every value is at hand, from a histogram otherwise. Integer µs by rounding;
// no values means null, never 0 and never a sentinel.

import type { LatencySummary } from '../../contract/run-result.ts';
import type { LogLinearHistogram } from './log-linear-histogram.ts';
import { nearestRank, P50, P90, P95, P99, P999, P9999, type Quantile } from './nearest-rank.ts';

export function summaryOfHistogram(histogram: LogLinearHistogram): LatencySummary {
  return summary(histogram.count, histogram.meanNs, (quantile) => histogram.valueAt(quantile), {
    minNs: histogram.minNs,
    maxNs: histogram.maxNs,
  });
}

/** `sortedNs` ascending. The mean is taken from outside, where it was summed exactly. */
export function summaryOfSorted(sortedNs: Float64Array, meanNs: number | null): LatencySummary {
  const n = sortedNs.length;
  const at = (rank: number): number | null => sortedNs[rank - 1] ?? null;
  return summary(
    n,
    n === 0 ? null : meanNs,
    (quantile) => (n === 0 ? null : at(nearestRank(n, quantile))),
    {
      minNs: at(1),
      maxNs: at(n),
    },
  );
}

function summary(
  n: number,
  meanNs: number | null,
  valueAt: (quantile: Quantile) => number | null,
  extremes: Readonly<{ minNs: number | null; maxNs: number | null }>,
): LatencySummary {
  const percentile = (quantile: Quantile): number | null => microseconds(valueAt(quantile));
  return {
    n,
    minUs: microseconds(extremes.minNs),
    meanUs: meanNs === null ? null : meanNs / 1000,
    p50Us: percentile(P50),
    p90Us: percentile(P90),
    p95Us: percentile(P95),
    p99Us: percentile(P99),
    p999Us: percentile(P999),
    p9999Us: percentile(P9999),
    maxUs: microseconds(extremes.maxNs),
  };
}

function microseconds(valueNs: number | null): number | null {
  return valueNs === null ? null : Math.round(valueNs / 1000);
}
