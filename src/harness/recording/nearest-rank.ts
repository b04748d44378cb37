// Percentiles by nearest rank, with the rank found in whole numbers: in binary floating point 0.07 · 100 is above 7,
// and its ceiling is the wrong rank.

/** A probability as a ratio of whole numbers, 0 <= numerator <= denominator. */
export interface Quantile {
  readonly numerator: number;
  readonly denominator: number;
}

export const P50: Quantile = { numerator: 1, denominator: 2 };
export const P90: Quantile = { numerator: 9, denominator: 10 };
export const P95: Quantile = { numerator: 95, denominator: 100 };
export const P99: Quantile = { numerator: 99, denominator: 100 };
export const P999: Quantile = { numerator: 999, denominator: 1000 };
export const P9999: Quantile = { numerator: 9999, denominator: 10_000 };

/** 1-based rank among n > 0 sorted values: ceil(p · n), at least 1 and at most n. */
export function nearestRank(n: number, quantile: Quantile): number {
  const { numerator, denominator } = quantile;
  const rank =
    numerator * n <= Number.MAX_SAFE_INTEGER
      ? wholeCeil(numerator * n, denominator)
      : Number((BigInt(numerator) * BigInt(n) + BigInt(denominator) - 1n) / BigInt(denominator));
  return Math.min(Math.max(rank, 1), n);
}

function wholeCeil(dividend: number, divisor: number): number {
  const remainder = dividend % divisor;
  return (dividend - remainder) / divisor + (remainder === 0 ? 0 : 1);
}
