// Bias-corrected and accelerated bootstrap (Efron 1987): an interval for statistics whose error is skewed, such as a
// mean of tail latencies. Seeded, so that the published interval can be drawn again.

import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import type { Warning } from '../contract/warning.ts';
import { at, InvalidSampleError, requireFinite, type Values } from './sample.ts';
import { mulberry32 } from './seeded-random.ts';

const DEFAULT_RESAMPLES = 10_000;
/** Below this the jackknife's acceleration is noise. */
const FEW_VALUES = 8;
/** Replicates this close are the same value in another order of summation. */
const TIE_TOLERANCE = 1e-12;

export interface BcaOptions {
  readonly statistic: (sample: Float64Array) => number;
  readonly seed: number;
  readonly resamples?: number;
  readonly alpha?: number;
}

export interface BcaInterval {
  readonly n: number;
  readonly theta: number;
  readonly low: number;
  readonly high: number;
  /** 1-based among the sorted replicates; null when all are equal. */
  readonly lowRank: number | null;
  readonly highRank: number | null;
  readonly z0: number;
  readonly acceleration: number;
  readonly alpha1: number | null;
  readonly alpha2: number | null;
  readonly bootMean: number;
  readonly resamples: number;
  readonly seed: number;
  readonly warnings: readonly Warning[];
}

/** Throws InvalidSampleError 'empty' or 'non-finite'. */
export function bca(values: Values, options: BcaOptions): BcaInterval {
  if (values.length === 0) throw new InvalidSampleError('empty', 'There is nothing to resample.');
  requireFinite(values);
  const sample = Float64Array.from(values);
  const { statistic, seed, resamples = DEFAULT_RESAMPLES, alpha = 0.05 } = options;
  const theta = statistic(sample.slice());
  const replicates = drawReplicates(sample, statistic, { seed, resamples });
  const bootMean = replicates.reduce((sum, value) => sum + value, 0) / resamples;
  const common = { n: sample.length, theta, bootMean, resamples, seed };
  if (at(replicates, 0) === at(replicates, resamples - 1)) {
    const none = { lowRank: null, highRank: null, alpha1: null, alpha2: null };
    const message = 'Every resample gives the same value: the interval has no width.';
    const warnings = [{ code: 'zero-variance', message }];
    return { ...common, ...none, low: theta, high: theta, z0: 0, acceleration: 0, warnings };
  }
  const z0 = normalQuantile(shareBelow(replicates, theta), 0, 1);
  const acceleration = jackknifeAcceleration(sample, statistic);
  const adjusted = (level: number): number => {
    const z = z0 + normalQuantile(level, 0, 1);
    return normalCdf(z0 + z / (1 - acceleration * z), 0, 1);
  };
  const rankOf = (level: number): number =>
    Math.min(resamples, Math.max(1, Math.floor(level * (resamples + 1))));
  const alpha1 = adjusted(alpha / 2);
  const alpha2 = adjusted(1 - alpha / 2);
  const lowRank = rankOf(alpha1);
  const highRank = rankOf(alpha2);
  return {
    ...common,
    z0,
    acceleration,
    alpha1,
    alpha2,
    lowRank,
    highRank,
    low: at(replicates, lowRank - 1),
    high: at(replicates, highRank - 1),
    warnings: fewValues(sample.length),
  };
}

function drawReplicates(
  sample: Float64Array,
  statistic: BcaOptions['statistic'],
  { seed, resamples }: { seed: number; resamples: number },
): Float64Array {
  const random = mulberry32(seed);
  const n = sample.length;
  return Float64Array.from({ length: resamples }, () =>
    statistic(Float64Array.from({ length: n }, () => at(sample, Math.floor(random() * n)))),
  ).sort();
}

/** Ties count half; kept off 0 and 1, where the correction would be infinite. */
function shareBelow(replicates: Float64Array, theta: number): number {
  const tolerance = TIE_TOLERANCE * Math.abs(theta);
  let below = 0;
  for (const value of replicates) {
    if (Math.abs(value - theta) <= tolerance) below += 0.5;
    else if (value < theta) below += 1;
  }
  const least = 0.5 / replicates.length;
  return Math.min(1 - least, Math.max(least, below / replicates.length));
}

function jackknifeAcceleration(sample: Float64Array, statistic: BcaOptions['statistic']): number {
  const leftOut = sample.map((_, left) =>
    statistic(sample.filter((_value, index) => index !== left)),
  );
  const mean = leftOut.reduce((sum, value) => sum + value, 0) / leftOut.length;
  let squares = 0;
  let cubes = 0;
  for (const value of leftOut) {
    squares += (mean - value) ** 2;
    cubes += (mean - value) ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

function fewValues(n: number): Warning[] {
  if (n >= FEW_VALUES) return [];
  const message = `A bootstrap of ${n} values is unreliable; it needs ${FEW_VALUES}.`;
  return [{ code: 'few-values', message }];
}
