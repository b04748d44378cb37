// An upper bound of a percentile from one run, as MLPerf's load generator defines it: how many calls may be slower
// than the bound before it can no longer be believed.

import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf';
import { at, type Values } from './sample.ts';

const DEFAULT_CONFIDENCE = 0.99;
/** Far beyond any run; ends the search for a percentile of 1. */
const MAX_QUERIES = 2 ** 40;

/** Smallest n such that at most `overruns` values above the bound prove it: P(Binomial(n, 1 − p) <= t) <= 1 − c. */
export function earlyStoppingMinQueries(
  overruns: number,
  p: number,
  confidence = DEFAULT_CONFIDENCE,
): number | null {
  const proven = (n: number): boolean => binomialCdf(overruns, n, 1 - p) <= 1 - confidence;
  let high = overruns + 1;
  while (!proven(high)) {
    if (high > MAX_QUERIES) return null;
    high *= 2;
  }
  let low = overruns;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (proven(middle)) high = middle;
    else low = middle;
  }
  return high;
}

export interface EarlyStoppingBound {
  /** With this confidence the percentile is no larger. */
  readonly upperBound: number;
  /** Values above it. */
  readonly overruns: number;
}

/** Sorted input. Null when there are too few values for any bound. */
export function earlyStoppingBound(
  sorted: Values,
  p: number,
  confidence = DEFAULT_CONFIDENCE,
): EarlyStoppingBound | null {
  const overruns = earlyStoppingOverruns(sorted.length, p, confidence);
  if (overruns === null) return null;
  return { upperBound: at(sorted, sorted.length - 1 - overruns), overruns };
}

/** Most of `n` values that may be above a bound before it is no longer proven. Null when there are too few for any. */
export function earlyStoppingOverruns(
  n: number,
  p: number,
  confidence = DEFAULT_CONFIDENCE,
): number | null {
  const allowed = (overruns: number): boolean =>
    overruns < n && binomialCdf(overruns, n, 1 - p) <= 1 - confidence;
  if (!allowed(0)) return null;
  let overruns = 0;
  let refused = n;
  while (refused - overruns > 1) {
    const middle = Math.floor((overruns + refused) / 2);
    if (allowed(middle)) overruns = middle;
    else refused = middle;
  }
  return overruns;
}
