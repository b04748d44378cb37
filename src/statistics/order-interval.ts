// Intervals that assume no distribution: which two order statistics enclose a quantile follows from the binomial
// law alone. Where the sample is too small the bound does not exist and is null, never the extreme value.

import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf';
import type { Warning } from '../contract/warning.ts';
import { at, medianOfSorted, sortedCopy, type Values } from './sample.ts';

export interface OrderRanks {
  /** 1-based; null: no order statistic is low enough. */
  readonly lowRank: number | null;
  readonly highRank: number | null;
  /** Exact, at least the confidence asked for; null when a bound is missing. */
  readonly coverage: number | null;
}

/** Ranks l, u with P(x_(l) <= quantile <= x_(u)) >= confidence, for n independent values. */
export function quantileOrderCiRanks(n: number, q: number, confidence = 0.95): OrderRanks {
  const alphaHalf = (1 - confidence) / 2;
  // P(B <= l − 1) <= α/2 holds for l up to some rank; P(B >= u) <= α/2 from some rank on.
  const low = lastTrue(n, (rank) => binomialCdf(rank - 1, n, q) <= alphaHalf);
  const beforeHigh = lastTrue(n, (rank) => 1 - binomialCdf(rank - 1, n, q) > alphaHalf);
  const lowRank = low === 0 ? null : low;
  const highRank = beforeHigh === n ? null : beforeHigh + 1;
  if (lowRank === null || highRank === null) return { lowRank, highRank, coverage: null };
  const coverage = binomialCdf(highRank - 1, n, q) - binomialCdf(lowRank - 1, n, q);
  return { lowRank, highRank, coverage };
}

/** The last of 1…n for which a predicate holds that fails for ever once it fails; 0 if for none. */
function lastTrue(n: number, holds: (rank: number) => boolean): number {
  let last = 0;
  let end = n;
  while (last < end) {
    const middle = Math.ceil((last + end) / 2);
    if (holds(middle)) last = middle;
    else end = middle - 1;
  }
  return last;
}

export interface MedianInterval extends OrderRanks {
  readonly n: number;
  readonly median: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly warnings: readonly Warning[];
}

/** Null for no values. Throws InvalidSampleError 'non-finite'. */
export function medianOrderCi(values: Values, confidence = 0.95): MedianInterval | null {
  if (values.length === 0) return null;
  const sorted = sortedCopy(values);
  const n = sorted.length;
  const ranks = quantileOrderCiRanks(n, 0.5, confidence);
  const { lowRank, highRank } = ranks;
  return {
    n,
    ...ranks,
    median: medianOfSorted(sorted),
    low: lowRank === null ? null : at(sorted, lowRank - 1),
    high: highRank === null ? null : at(sorted, highRank - 1),
    warnings:
      ranks.coverage === null
        ? [
            {
              code: 'few-values',
              message: `The median of ${n} values has no interval; it needs 6.`,
            },
          ]
        : [],
  };
}
