// Whether one new result is what the earlier ones let one expect: the t-interval for the next value, not for the mean,
// for a single result scatters as they do.

import tCdf from '@stdlib/stats-base-dists-t-cdf';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import type { ChangeScale } from './change-points.ts';
import { moments } from './moments.ts';
import { requireFinite, type Values } from './sample.ts';

export interface Departure {
  /** Mean of the earlier values; geometric for 'ratio'. */
  readonly expected: number;
  /** value / expected − 1, or value − expected. */
  readonly magnitude: number;
  /** 95 % interval of the magnitude. */
  readonly low: number;
  readonly high: number;
  /** Two-sided; 0 when the earlier values are all alike and the new one is not. */
  readonly p: number;
}

/** Null below two earlier values, and for a ratio with one that is not positive. Throws InvalidSampleError 'non-finite'. */
export function departureOf(earlier: Values, value: number, scale: ChangeScale): Departure | null {
  requireFinite(earlier);
  requireFinite([value]);
  if (earlier.length < 2) return null;
  if (scale === 'difference') return onScale(Array.from(earlier), value);
  if (value <= 0 || !Array.from(earlier).every((one) => one > 0)) return null;
  const logs = onScale(Array.from(earlier, Math.log), Math.log(value));
  return {
    expected: Math.exp(logs.expected),
    magnitude: Math.expm1(logs.magnitude),
    low: Math.expm1(logs.low),
    high: Math.expm1(logs.high),
    p: logs.p,
  };
}

function onScale(earlier: readonly number[], value: number): Departure {
  const { n, mean, sumOfSquares } = moments(earlier);
  const magnitude = value - mean;
  const se = Math.sqrt((sumOfSquares / (n - 1)) * (1 + 1 / n));
  if (se === 0) {
    return {
      expected: mean,
      magnitude,
      low: magnitude,
      high: magnitude,
      p: magnitude === 0 ? 1 : 0,
    };
  }
  const half = tQuantile(0.975, n - 1) * se;
  return {
    expected: mean,
    magnitude,
    low: magnitude - half,
    high: magnitude + half,
    p: 2 * tCdf(-Math.abs(magnitude / se), n - 1),
  };
}
