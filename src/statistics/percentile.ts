// Nearest-rank percentiles. The rank is computed in whole numbers because binary fractions miss it:
// ceil(0.07 × 100) is 8 in floating point and 7 in truth.

import { at, requireFinite, type Values } from './sample.ts';

/** A probability as a fraction of whole numbers, for example 999/1000. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/**
 * The p-th percentile (0 ≤ p ≤ 1, 0.99 for p99), null for no values. Sorts `values` in place, as the seed does.
 * Throws InvalidSampleError 'non-finite', RangeError for another p.
 */
export function percentile(values: number[] | Float64Array, p: number): number | null {
  requireFinite(values);
  if (values instanceof Float64Array) values.sort();
  else values.sort((a, b) => a - b);
  return percentileOfSorted(values, p);
}

/** As `percentile`, of values that are sorted already and finite. */
export function percentileOfSorted(sorted: Values, p: number | Fraction): number | null {
  const rank = nearestRank(sorted.length, p);
  return rank === null ? null : at(sorted, rank - 1);
}

/** 1-based rank ⌈p·n⌉ within 1…n; null for n = 0. Throws RangeError unless 0 ≤ p ≤ 1. */
export function nearestRank(n: number, p: number | Fraction): number | null {
  const { numerator, denominator } = typeof p === 'number' ? fractionOf(p) : p;
  if (denominator <= 0n || numerator < 0n || numerator > denominator) {
    throw new RangeError(`a percentile must lie between 0 and 1, not ${numerator}/${denominator}`);
  }
  if (n === 0) return null;
  const rank = Number((numerator * BigInt(n) + denominator - 1n) / denominator);
  return Math.min(n, Math.max(1, rank));
}

/** The decimal that a person wrote, not the binary fraction nearest to it: 0.07 is 7/100. */
export function fractionOf(p: number): Fraction {
  if (!(p >= 0 && p <= 1)) {
    throw new RangeError(`a percentile must lie between 0 and 1, not ${p}`);
  }
  const [mantissa = '0', exponent = '0'] = String(p).split('e-');
  const [whole = '0', decimals = ''] = mantissa.split('.');
  return {
    numerator: BigInt(whole + decimals),
    denominator: 10n ** BigInt(decimals.length + Number(exponent)),
  };
}

/** Those that are published with an interval, by the name they have in a report. */
export const PUBLISHED_PERCENTILES = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p95', 0.95],
  ['p99', 0.99],
  ['p999', 0.999],
] as const;
