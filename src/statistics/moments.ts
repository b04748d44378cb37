// Mean and spread without cancellation: differences to a middle value first, then a corrected second pass.
// So a constant sample has a spread of exactly 0, and 10^15 + k keeps its digits.

import { at, type Values } from './sample.ts';

export interface Moments {
  readonly n: number;
  readonly mean: number;
  /** Sum of squared deviations from the mean. */
  readonly sumOfSquares: number;
}

/** Any order, but at least one finite value. Pass sorted values where the last bit must not depend on the order. */
export function moments(values: Values): Moments {
  const n = values.length;
  const origin = at(values, Math.floor(n / 2));
  let sum = 0;
  for (const value of values) sum += value - origin;
  const offset = sum / n;
  const mean = origin + offset;
  let squares = 0;
  let residue = 0;
  for (const value of values) {
    const deviation = value - origin - offset;
    squares += deviation * deviation;
    residue += deviation;
  }
  return { n, mean, sumOfSquares: Math.max(0, squares - (residue * residue) / n) };
}

/** Null below two values. */
export function sampleVariance({ n, sumOfSquares }: Moments): number | null {
  return n < 2 ? null : sumOfSquares / (n - 1);
}
