// How much one value of a series says about the next. Calls of one run are not independent, so n of them are worth
// fewer: intervals inside a run use the effective number.

import { chiSquareUpperTail } from './chi-square.ts';
import { moments } from './moments.ts';
import { at, requireFinite, type Values } from './sample.ts';

/** Lags 1…`lags`, with n in the denominator throughout. Null for a constant series or one no longer than `lags`. */
export function autocorrelation(values: Values, lags: number): Float64Array | null {
  requireFinite(values);
  const n = values.length;
  if (n <= lags || n < 2) return null;
  const { mean, sumOfSquares } = moments(values);
  if (sumOfSquares === 0) return null;
  return Float64Array.from({ length: lags }, (_, index) => {
    const lag = index + 1;
    let products = 0;
    for (let i = lag; i < n; i++) products += (at(values, i) - mean) * (at(values, i - lag) - mean);
    return products / sumOfSquares;
  });
}

export interface LjungBox {
  readonly Q: number;
  readonly p: number;
  readonly acf: readonly number[];
}

/** Are the first `lags` autocorrelations jointly zero? Null where they are not defined. */
export function ljungBox(values: Values, lags: number): LjungBox | null {
  const acf = autocorrelation(values, lags);
  if (acf === null) return null;
  const n = values.length;
  let sum = 0;
  for (const [index, r] of acf.entries()) sum += (r * r) / (n - index - 1);
  const Q = n * (n + 2) * sum;
  return { Q, p: chiSquareUpperTail(Q, lags), acf: [...acf] };
}

export interface EffectiveSampleSize {
  readonly n: number;
  /** Values worth one independent value; at least 1. Null, as all, for a constant series. */
  readonly tau: number | null;
  readonly ess: number | null;
  /** Pairs of lags that went into tau. */
  readonly pairs: number | null;
  readonly lag1: number | null;
  /** What a first-order process with this lag-1 correlation would give. */
  readonly essAr1: number | null;
}

/** Geyer's initial monotone sequence: pairs of lags as long as their sum is positive, never rising. */
export function effectiveSampleSize(values: Values): EffectiveSampleSize {
  const n = values.length;
  const acf = autocorrelation(values, Math.max(1, n - 1));
  if (acf === null) return { n, tau: null, ess: null, pairs: null, lag1: null, essAr1: null };
  const correlation = (lag: number): number => (lag === 0 ? 1 : (acf[lag - 1] ?? 0));
  let pairs = 0;
  let least = Infinity;
  let sum = 0;
  for (let lag = 0; lag + 1 < n; lag += 2) {
    const pair = correlation(lag) + correlation(lag + 1);
    if (pair <= 0) break;
    least = Math.min(least, pair);
    sum += least;
    pairs += 1;
  }
  const tau = Math.max(1, 2 * sum - 1);
  const lag1 = correlation(1);
  return { n, tau, ess: n / tau, pairs, lag1, essAr1: (n * (1 - lag1)) / (1 + lag1) };
}
