// A share of calls with its interval. No error in n calls does not mean a rate of 0: the upper bound says what
// rate could still have hidden.

import betaQuantile from '@stdlib/stats-base-dists-beta-quantile';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';

export interface BinomialInterval {
  readonly p: number;
  /** Exact; never covers less than asked for. */
  readonly clopperPearson: readonly [number, number];
  /** Shorter, covers about as much as asked for. */
  readonly wilson: readonly [number, number];
}

/** k of n. Null for n = 0. Throws RangeError unless 0 <= k <= n are whole. */
export function binomialCi(k: number, n: number, confidence = 0.95): BinomialInterval | null {
  if (!Number.isSafeInteger(k) || !Number.isSafeInteger(n) || k < 0 || k > n) {
    throw new RangeError(`${k} of ${n} is no share of whole numbers`);
  }
  if (n === 0) return null;
  const alphaHalf = (1 - confidence) / 2;
  const low = k === 0 ? 0 : betaQuantile(alphaHalf, k, n - k + 1);
  const high = k === n ? 1 : betaQuantile(1 - alphaHalf, k + 1, n - k);
  return { p: k / n, clopperPearson: [low, high], wilson: wilson(k, n, alphaHalf) };
}

function wilson(k: number, n: number, alphaHalf: number): readonly [number, number] {
  const z = normalQuantile(1 - alphaHalf, 0, 1);
  const share = k / n;
  const scale = 1 + z ** 2 / n;
  const centre = (share + z ** 2 / (2 * n)) / scale;
  const halfWidth = (z * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2))) / scale;
  return [Math.max(0, centre - halfWidth), Math.min(1, centre + halfWidth)];
}
