// How many runs for a given precision, decided once from a pilot (Stein 1945). Stopping as soon as the interval
// looks narrow would cover less than it says; deciding once keeps the coverage.

import { summary } from './summary.ts';
import type { Values } from './sample.ts';

export interface SteinPlan {
  /** Runs in all, the pilot's among them. */
  readonly required: number;
  /** The same before it is rounded and before the pilot counts. */
  readonly raw: number;
  /** For the final interval too: t of the pilot's degrees of freedom with the pilot's spread. */
  readonly tCrit: number;
}

/** Null for a pilot of one run or a mean of 0. Throws InvalidSampleError, and RangeError for a bad precision. */
export function steinRuns(pilot: Values, relativeHalfWidth: number): SteinPlan | null {
  if (!(relativeHalfWidth > 0)) throw new RangeError('the relative half width must be above 0');
  const { n, mean, sd, tCrit } = summary(pilot);
  if (sd === null || tCrit === null || mean === 0) return null;
  const raw = ((tCrit * sd) / (relativeHalfWidth * mean)) ** 2;
  return { required: Math.max(n, Math.ceil(raw)), raw, tCrit };
}
