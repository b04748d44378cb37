// Does a series drift? A straight line by least squares, judged with an error that allows for neighbours that resemble
// each other (Newey and West); in short series that error is biased low, so the plain one counts when it is larger.

import tCdf from '@stdlib/stats-base-dists-t-cdf';
import { moments } from './moments.ts';
import { at, requireFinite, type Values } from './sample.ts';

export interface Trend {
  /** Per step. */
  readonly slope: number;
  /** From end to end by the line, in % of the mean. Null for a mean of 0. */
  readonly driftPct: number | null;
  /** Two-sided; 1 for a constant series. */
  readonly pValue: number;
}

const MIN_VALUES = 5;

/** Null for fewer than five values. Throws InvalidSampleError 'non-finite'. */
export function linearTrend(values: Values): Trend | null {
  requireFinite(values);
  const n = values.length;
  if (n < MIN_VALUES) return null;
  const { mean, sumOfSquares } = moments(values);
  if (sumOfSquares === 0) return { slope: 0, driftPct: mean === 0 ? null : 0, pValue: 1 };
  const centre = (n - 1) / 2;
  const timeSquares = (n * (n * n - 1)) / 12;
  let products = 0;
  for (let i = 0; i < n; i++) products += (i - centre) * (at(values, i) - mean);
  const slope = products / timeSquares;
  const residuals = Float64Array.from(values, (value, i) => value - mean - slope * (i - centre));
  const error = Math.max(plainError(residuals), robustError(residuals)) / timeSquares;
  const driftPct = mean === 0 ? null : (100 * slope * (n - 1)) / Math.abs(mean);
  const pValue = error === 0 ? 0 : 2 * tCdf(-Math.abs(slope) / error, n - 2);
  return { slope, driftPct, pValue };
}

/** Standard error of the slope times the sum of squared times. */
function plainError(residuals: Float64Array): number {
  const n = residuals.length;
  const squares = residuals.reduce((sum, residual) => sum + residual ** 2, 0);
  return Math.sqrt((squares / (n - 2)) * ((n * (n * n - 1)) / 12));
}

function robustError(residuals: Float64Array): number {
  const n = residuals.length;
  const centre = (n - 1) / 2;
  const scores = residuals.map((residual, i) => residual * (i - centre));
  const lags = Math.floor(4 * (n / 100) ** (2 / 9));
  let sum = scores.reduce((total, score) => total + score ** 2, 0);
  for (let lag = 1; lag <= lags; lag++) {
    let products = 0;
    for (let i = lag; i < n; i++) products += at(scores, i) * at(scores, i - lag);
    sum += 2 * (1 - lag / (lags + 1)) * products;
  }
  return Math.sqrt((Math.max(0, sum) * n) / (n - 2));
}
