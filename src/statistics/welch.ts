// Means of two samples whose spreads may differ (Welch), on the values or on their logarithms. The ratio from the
// logarithms is the relative effect to publish: "3 % faster" means the same at every scale.

import tCdf from '@stdlib/stats-base-dists-t-cdf';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import type { Warning } from '../contract/warning.ts';
import { moments, sampleVariance } from './moments.ts';
import { requireFinite, type Values } from './sample.ts';

export interface WelchT {
  readonly diff: number;
  readonly t: number | null;
  readonly df: number | null;
  /** Two-sided. Null when neither sample varies but they differ: no test can say how surprising that is. */
  readonly p: number | null;
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  readonly warnings: readonly Warning[];
}

/** Null with fewer than two values on a side. Throws InvalidSampleError 'non-finite'. */
export function welchT(a: Values, b: Values, confidence = 0.95): WelchT | null {
  requireFinite(a);
  requireFinite(b);
  if (a.length < 2 || b.length < 2) return null;
  const first = moments(a);
  const second = moments(b);
  const partA = (sampleVariance(first) ?? 0) / first.n;
  const partB = (sampleVariance(second) ?? 0) / second.n;
  const diff = first.mean - second.mean;
  if (partA + partB === 0) return withoutVariance(diff);
  const se = Math.sqrt(partA + partB);
  const df = (partA + partB) ** 2 / (partA ** 2 / (first.n - 1) + partB ** 2 / (second.n - 1));
  return { ...testOf(diff, se, df, confidence), warnings: [] };
}

export interface RatioEstimate {
  /** Of the geometric means, a over b. */
  readonly ratio: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly t: number | null;
  readonly df: number | null;
  readonly p: number | null;
  readonly warnings: readonly Warning[];
}

/** Null with fewer than two values on a side or when one is not positive. */
export function welchLogRatio(a: Values, b: Values, confidence = 0.95): RatioEstimate | null {
  if (!allPositive(a) || !allPositive(b)) return null;
  const logs = welchT(Array.from(a, Math.log), Array.from(b, Math.log), confidence);
  return logs === null ? null : exponentiated(logs);
}

/** Interleaved pairs a_i, b_i of equal number. Null with fewer than two pairs or when a value is not positive. */
export function pairedLogRatio(a: Values, b: Values, confidence = 0.95): RatioEstimate | null {
  if (a.length !== b.length || a.length < 2 || !allPositive(a) || !allPositive(b)) return null;
  const logs = Array.from(a, (value, index) => Math.log(value / (b[index] ?? NaN)));
  const { n, mean, sumOfSquares } = moments(logs);
  if (sumOfSquares === 0) return exponentiated(withoutVariance(mean));
  const se = Math.sqrt(sumOfSquares / (n - 1) / n);
  return exponentiated({ ...testOf(mean, se, n - 1, confidence), warnings: [] });
}

function allPositive(values: Values): boolean {
  requireFinite(values);
  return values.every((value) => value > 0);
}

function testOf(
  diff: number,
  se: number,
  df: number,
  confidence: number,
): Omit<WelchT, 'warnings'> {
  const t = diff / se;
  const halfWidth = tQuantile((1 + confidence) / 2, df) * se;
  return {
    diff,
    t,
    df,
    p: 2 * tCdf(-Math.abs(t), df),
    ciLow: diff - halfWidth,
    ciHigh: diff + halfWidth,
  };
}

function withoutVariance(diff: number): WelchT {
  const message =
    'No value differs from its neighbours on either side: there is no scale to judge by.';
  return {
    diff,
    t: null,
    df: null,
    p: diff === 0 ? 1 : null,
    ciLow: diff,
    ciHigh: diff,
    warnings: [{ code: 'zero-variance', message }],
  };
}

function exponentiated({ diff, ciLow, ciHigh, t, df, p, warnings }: WelchT): RatioEstimate {
  return {
    ratio: Math.exp(diff),
    low: ciLow === null ? null : Math.exp(ciLow),
    high: ciHigh === null ? null : Math.exp(ciHigh),
    t,
    df,
    p,
    warnings,
  };
}
