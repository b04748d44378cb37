// The coefficient of variation is itself estimated from a few runs; Vangel's interval says how well.

import { chiSquareQuantile } from './chi-square.ts';
import { summary } from './summary.ts';
import type { Values } from './sample.ts';

/** The approximation is for normal data that vary less than this. */
const MAX_CV = 0.33;

export interface CvInterval {
  readonly cvPct: number;
  /** Null, as the upper bound, where the approximation does not hold. */
  readonly lowPct: number | null;
  readonly highPct: number | null;
}

/** Null where the coefficient itself is. Throws InvalidSampleError 'empty' or 'non-finite'. */
export function cvCi(values: Values, confidence = 0.95): CvInterval | null {
  const { n, cvPct } = summary(values);
  if (cvPct === null) return null;
  const cv = cvPct / 100;
  if (cv >= MAX_CV) return { cvPct, lowPct: null, highPct: null };
  const bound = (p: number): number => {
    const u = chiSquareQuantile(p, n - 1);
    return (100 * cv) / Math.sqrt(((u + 2) / n - 1) * cv ** 2 + u / (n - 1));
  };
  const alphaHalf = (1 - confidence) / 2;
  return { cvPct, lowPct: bound(1 - alphaHalf), highPct: bound(alphaHalf) };
}
