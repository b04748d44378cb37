// Exact permutation test: every way to deal the pooled values to the two sides. Assumes only that the labels mean
// nothing if there is no difference.

import { InvalidSampleError, requireFinite, type Values } from './sample.ts';

/** C(20, 10); ten runs a side still go. */
const MAX_RELABELLINGS = 184_756;
/** Sums in another order may differ in the last digits. */
const TIE_SLACK = 1e-12;

export type TwoSampleStatistic = (a: readonly number[], b: readonly number[]) => number;

export interface PermutationTest {
  readonly p: number;
  readonly permutations: number;
  /** Relabellings at least as extreme as the one observed, itself among them. */
  readonly countExtreme: number;
}

export const absMeanDiff: TwoSampleStatistic = (a, b) => Math.abs(meanOf(a) - meanOf(b));

/** Large values of the statistic are extreme. Null when there are too many relabellings to try all. */
export function permutationExact(
  a: Values,
  b: Values,
  statistic: TwoSampleStatistic = absMeanDiff,
): PermutationTest | null {
  if (a.length === 0 || b.length === 0) {
    throw new InvalidSampleError('empty', 'A comparison needs values on both sides.');
  }
  requireFinite(a);
  requireFinite(b);
  const permutations = choose(a.length + b.length, a.length);
  if (permutations > MAX_RELABELLINGS) return null;
  const pooled = [...a, ...b];
  const observed = statistic([...a], [...b]);
  let countExtreme = 0;
  for (const chosen of subsets(pooled.length, a.length)) {
    const one = pooled.filter((_, index) => chosen.has(index));
    const other = pooled.filter((_, index) => !chosen.has(index));
    if (statistic(one, other) >= observed - TIE_SLACK) countExtreme += 1;
  }
  return { p: countExtreme / permutations, permutations, countExtreme };
}

function* subsets(n: number, size: number): Generator<ReadonlySet<number>> {
  const indices = Array.from({ length: size }, (_, index) => index);
  for (;;) {
    yield new Set(indices);
    let position = size - 1;
    while (position >= 0 && indices[position] === n - size + position) position -= 1;
    if (position < 0) return;
    const start = (indices[position] ?? 0) + 1;
    for (let rest = position; rest < size; rest++) indices[rest] = start + rest - position;
  }
}

function choose(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= k; i++) result = (result * (n - k + i)) / i;
  return Math.round(result);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
