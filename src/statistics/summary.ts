// One sample of run-level values: centre, spread and the interval of the mean, each null where it is not defined.
// Student's t, because the spread is estimated from the same few runs: the normal 1.96 would cover 81 % at n = 3.

import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import type { Stats } from '../contract/report.ts';
import type { Warning } from '../contract/warning.ts';
import { moments, sampleVariance } from './moments.ts';
import { at, InvalidSampleError, medianOfSorted, requireLatencies, sortedCopy } from './sample.ts';
import type { Values } from './sample.ts';

/** Below this the width of the interval is itself a guess. */
const FEW_VALUES = 6;

export interface Summary {
  readonly n: number;
  readonly mean: number;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** n − 1 in the denominator. Null for one value, as everything below. */
  readonly sd: number | null;
  readonly se: number | null;
  readonly tCrit: number | null;
  readonly halfWidth: number | null;
  /** 95 % interval of the mean; not clipped at 0. */
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  /** 100 sd / |mean|; null when the mean is 0. */
  readonly cvPct: number | null;
  /** With the small-sample factor 1 + 1/(4n). */
  readonly cvPctCorrected: number | null;
  readonly warnings: readonly Warning[];
}

/** Throws InvalidSampleError 'empty' or 'non-finite'. */
export function summary(values: Values): Summary {
  if (values.length === 0) {
    throw new InvalidSampleError('empty', 'There is nothing to summarise; report null instead.');
  }
  // Sorted first, so that no digit depends on the order of the runs.
  const sorted = sortedCopy(values);
  const centre = moments(sorted);
  const variance = sampleVariance(centre);
  const spread = variance === null ? undefinedSpread : spreadOf(centre.n, centre.mean, variance);
  return {
    n: centre.n,
    mean: centre.mean,
    median: medianOfSorted(sorted),
    min: at(sorted, 0),
    max: at(sorted, centre.n - 1),
    ...spread,
    warnings: doubts(centre.n, spread),
  };
}

/** As `summary`; also throws InvalidSampleError 'negative'. */
export function summaryLatency(values: Values): Summary {
  requireLatencies(values);
  return summary(values);
}

/** The seed's Stats. Every field null for no values; spread null for one. Throws InvalidSampleError 'non-finite'. */
export function computeStats(values: Values): Stats {
  if (values.length === 0) return noStats;
  const all = summary(values);
  return {
    median: all.median,
    mean: all.mean,
    stddev: all.sd,
    ci95_low: all.ciLow,
    ci95_high: all.ciHigh,
    cv_pct: all.cvPct,
    min: all.min,
    max: all.max,
  };
}

const noStats: Stats = {
  median: null,
  mean: null,
  stddev: null,
  ci95_low: null,
  ci95_high: null,
  cv_pct: null,
  min: null,
  max: null,
};

type Spread = Pick<
  Summary,
  'sd' | 'se' | 'tCrit' | 'halfWidth' | 'ciLow' | 'ciHigh' | 'cvPct' | 'cvPctCorrected'
>;

const undefinedSpread: Spread = {
  sd: null,
  se: null,
  tCrit: null,
  halfWidth: null,
  ciLow: null,
  ciHigh: null,
  cvPct: null,
  cvPctCorrected: null,
};

function spreadOf(n: number, mean: number, variance: number): Spread {
  const sd = Math.sqrt(variance);
  const se = sd / Math.sqrt(n);
  const tCrit = tQuantile(0.975, n - 1);
  const halfWidth = tCrit * se;
  const cvPct = mean === 0 ? null : (100 * sd) / Math.abs(mean);
  return {
    sd,
    se,
    tCrit,
    halfWidth,
    ciLow: mean - halfWidth,
    ciHigh: mean + halfWidth,
    cvPct,
    cvPctCorrected: cvPct === null ? null : cvPct * (1 + 1 / (4 * n)),
  };
}

function doubts(n: number, { sd, ciLow, ciHigh }: Spread): Warning[] {
  const warnings: Warning[] = [];
  if (n < FEW_VALUES) {
    warnings.push({
      code: 'few-values',
      message: `Only ${n} values: an interval from fewer than ${FEW_VALUES} is wide and itself uncertain.`,
    });
  }
  if (sd === 0) {
    warnings.push({
      code: 'zero-variance',
      message: `All ${n} values are equal: the interval has no width because nothing was learned about the spread.`,
    });
  }
  if (sd !== 0 && ciLow !== null && ciHigh !== null && ciLow <= 0 && ciHigh >= 0) {
    warnings.push({
      code: 'crosses-zero',
      message:
        'The interval of the mean contains 0: more runs are needed to say anything of its size.',
    });
  }
  return warnings;
}
