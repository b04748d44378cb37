// Are the gaps between sends those of a Poisson process? Kolmogorov-Smirnov against the exponential law of a known
// mean, which the schedule prescribes.

import { moments, sampleVariance } from './moments.ts';
import { at, requireLatencies, type Values } from './sample.ts';

export interface ArrivalLawTest {
  /** Largest distance of the empirical from the exponential distribution function. */
  readonly D: number;
  readonly p: number;
  /** Standard deviation over mean of the gaps; 1 for a Poisson process. Null for one gap. */
  readonly cv: number | null;
}

/** Throws InvalidSampleError 'empty', 'non-finite' or 'negative'. */
export function ksExponential(gaps: Values, mean: number): ArrivalLawTest {
  requireLatencies(gaps);
  const sorted = Float64Array.from(gaps).sort();
  const n = sorted.length;
  let D = 0;
  for (let index = 0; index < n; index++) {
    const expected = -Math.expm1(-at(sorted, index) / mean);
    D = Math.max(D, (index + 1) / n - expected, expected - index / n);
  }
  const all = moments(sorted);
  const variance = sampleVariance(all);
  const cv = variance === null || all.mean === 0 ? null : Math.sqrt(variance) / all.mean;
  return { D, p: kolmogorovUpperTail(Math.sqrt(n) * D), cv };
}

/** P(sup of a Brownian bridge > x), by the series that converges fast on each side of 1. */
function kolmogorovUpperTail(x: number): number {
  if (x <= 0) return 1;
  let sum = 0;
  if (x < 1) {
    for (let k = 1; k <= 20; k++)
      sum += Math.exp((-((2 * k - 1) ** 2) * Math.PI ** 2) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  for (let k = 1; k <= 20; k++) sum += (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * x * x);
  return 2 * sum;
}
