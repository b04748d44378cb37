// How far apart two samples are: the median of all pairwise differences, with the interval that belongs to the
// Mann-Whitney test, so that the two never contradict each other.

import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { rankSumCdf } from './rank-sum-distribution.ts';
import { at, InvalidSampleError, medianOfSorted, requireFinite, type Values } from './sample.ts';

/** Beyond it the exact law would cost too much and the normal one is as good. */
const MAX_EXACT_PAIRS = 10_000;

export interface HodgesLehmann {
  /** Of a over b, in their unit. */
  readonly shift: number;
  /** Null when the samples are too small for this confidence. */
  readonly low: number | null;
  readonly high: number | null;
  readonly coverage: number | null;
  /** The interval runs from the k-th smallest to the k-th largest difference. */
  readonly k: number;
}

/** Throws InvalidSampleError 'empty' or 'non-finite'. */
export function hodgesLehmann(a: Values, b: Values, confidence = 0.95): HodgesLehmann {
  if (a.length === 0 || b.length === 0) {
    throw new InvalidSampleError('empty', 'A difference needs values on both sides.');
  }
  requireFinite(a);
  requireFinite(b);
  const pairs = a.length * b.length;
  const differences = new Float64Array(pairs);
  let next = 0;
  for (const x of a) for (const y of b) differences[next++] = x - y;
  differences.sort();
  const shift = medianOfSorted(differences);
  const { k, coverage } = depthOf(a.length, b.length, (1 - confidence) / 2);
  if (k < 1) return { shift, low: null, high: null, coverage: null, k: 0 };
  return { shift, low: at(differences, k - 1), high: at(differences, pairs - k), coverage, k };
}

/** The largest k with P(U <= k − 1) <= α/2. */
function depthOf(
  n1: number,
  n2: number,
  alphaHalf: number,
): { k: number; coverage: number | null } {
  const pairs = n1 * n2;
  if (pairs > MAX_EXACT_PAIRS) {
    const sd = Math.sqrt((pairs * (n1 + n2 + 1)) / 12);
    const k = Math.floor(pairs / 2 + normalQuantile(alphaHalf, 0, 1) * sd - 0.5);
    return { k, coverage: 1 - 2 * alphaHalf };
  }
  const cdf = rankSumCdf(n1, n2);
  let k = 0;
  while (at(cdf, k) <= alphaHalf) k += 1;
  return { k, coverage: k === 0 ? null : 1 - 2 * at(cdf, k - 1) };
}
