// The most likely single change in a history of results (Matteson and James, energy distance), with a seeded
// permutation test and the t-test that makes the decision repeatable without one.

import tCdf from '@stdlib/stats-base-dists-t-cdf';
import { moments } from './moments.ts';
import { at, requireFinite, type Values } from './sample.ts';
import { mulberry32 } from './seeded-random.ts';

export interface EDivisiveOptions {
  readonly permutations: number;
  readonly seed: number;
  readonly minSegment?: number;
}

export interface ChangePoint {
  /** 0-based index of the first value of the new regime. */
  readonly changepoint: number;
  readonly q: number;
  readonly pPermutation: number;
  /** Pooled Student t between the sides; null when neither side varies. */
  readonly tTestP: number | null;
}

/** Null when there is no room for two segments. Throws InvalidSampleError 'non-finite'. */
export function eDivisiveBest(values: Values, options: EDivisiveOptions): ChangePoint | null {
  requireFinite(values);
  const minSegment = Math.max(2, options.minSegment ?? 2);
  if (values.length < 2 * minSegment) return null;
  const observed = bestSplit(values, minSegment);
  const random = mulberry32(options.seed);
  let asExtreme = 0;
  for (let round = 0; round < options.permutations; round++) {
    const shuffled = Float64Array.from(values);
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      const swap = at(shuffled, i);
      shuffled[i] = at(shuffled, j);
      shuffled[j] = swap;
    }
    if (bestSplit(shuffled, minSegment).q >= observed.q) asExtreme += 1;
  }
  return {
    changepoint: observed.split,
    q: observed.q,
    pPermutation: (asExtreme + 1) / (options.permutations + 1),
    tTestP: pooledTTest(values, observed.split),
  };
}

/** Largest Q(split) = m n / (m + n) · (2 mean between − mean within left − mean within right). */
function bestSplit(values: Values, minSegment: number): { split: number; q: number } {
  const n = values.length;
  let best = { split: minSegment, q: -Infinity };
  let left = 0;
  let right = 0;
  let between = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) right += gap(values, i, j);
  for (let split = 1; split <= n - minSegment; split++) {
    // Value split − 1 changes sides: its gaps to the left leave `between`, those to the right enter it.
    let toLeft = 0;
    let toRight = 0;
    for (let i = 0; i < split - 1; i++) toLeft += gap(values, i, split - 1);
    for (let j = split; j < n; j++) toRight += gap(values, split - 1, j);
    left += toLeft;
    right -= toRight;
    between += toRight - toLeft;
    if (split < minSegment) continue;
    const m = n - split;
    const within = left / ((split * (split - 1)) / 2) + right / ((m * (m - 1)) / 2);
    const q = ((split * m) / n) * ((2 * between) / (split * m) - within);
    if (q > best.q) best = { split, q };
  }
  return best;
}

function gap(values: Values, i: number, j: number): number {
  return Math.abs(at(values, i) - at(values, j));
}

/** Two-sided p of the means left and right of `split`, each of at least one value; null when neither side varies. */
export function pooledTTest(values: Values, split: number): number | null {
  const left = moments(values.slice(0, split));
  const right = moments(values.slice(split));
  const df = left.n + right.n - 2;
  const variance = (left.sumOfSquares + right.sumOfSquares) / df;
  if (variance === 0) return null;
  const se = Math.sqrt(variance * (1 / left.n + 1 / right.n));
  return 2 * tCdf(-Math.abs((left.mean - right.mean) / se), df);
}
