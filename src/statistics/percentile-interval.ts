// How sure a percentile of one run is. Calls that queue behind each other say the same thing twice, so the interval
// counts only as many as they are worth: for each percentile, how much more the share of slower calls varies from one
// stretch of the run to the next than it would if calls were independent.

import type { PercentileInterval } from '../contract/steadiness.ts';
import { effectiveSampleSize } from './autocorrelation.ts';
import { earlyStoppingOverruns } from './early-stopping.ts';
import { moments, sampleVariance } from './moments.ts';
import { quantileOrderCiRanks } from './order-interval.ts';
import { nearestRank, PUBLISHED_PERCENTILES } from './percentile.ts';
import { at, sortedCopy, type Values } from './sample.ts';

/** Stretches of the run; enough to see how they vary, each long enough to bridge a queue. */
const STRETCHES = 100;
/** Shorter ones would hide the dependence between their calls. */
const MIN_STRETCH = 10;

/** @param latenciesNs of ok calls, in the order in which they were sent. Empty for no calls. */
export function percentileIntervals(latenciesNs: Values): PercentileInterval[] {
  const n = latenciesNs.length;
  if (n === 0) return [];
  const sorted = sortedCopy(latenciesNs);
  return PUBLISHED_PERCENTILES.map(([percentile, p]) => {
    const value = at(sorted, (nearestRank(n, p) ?? 1) - 1);
    const tau = dependenceTime(latenciesNs, value, p);
    const effectiveN = Math.max(1, Math.floor(n / tau));
    const { lowRank, highRank } = quantileOrderCiRanks(effectiveN, p);
    const valueUs = (rank: number | null): number | null =>
      rank === null ? null : at(sorted, levelRank(rank, effectiveN, n) - 1) / 1000;
    const overruns = earlyStoppingOverruns(effectiveN, p);
    return {
      percentile,
      lowUs: valueUs(lowRank),
      highUs: valueUs(highRank),
      atMostUs: valueUs(overruns === null ? null : effectiveN - overruns),
      n,
      tau,
      effectiveN,
    };
  });
}

/** Rank among all calls of the quantile level that a rank among the effective ones stands for. */
function levelRank(rank: number, effectiveN: number, n: number): number {
  return Math.min(n, Math.max(1, Math.ceil((rank * n) / effectiveN)));
}

/** At least 1: that calls even each other out is not counted on. */
function dependenceTime(latenciesNs: Values, value: number, p: number): number {
  const length = Math.max(MIN_STRETCH, Math.floor(latenciesNs.length / STRETCHES));
  const stretches = Math.floor(latenciesNs.length / length);
  if (stretches < 2) return 1;
  const shares = Float64Array.from({ length: stretches }, (_, stretch) => {
    let slower = 0;
    for (let i = stretch * length; i < (stretch + 1) * length; i++) {
      if (at(latenciesNs, i) > value) slower += 1;
    }
    return slower / length;
  });
  const variance = sampleVariance(moments(shares)) ?? 0;
  const ifIndependent = (p * (1 - p)) / length;
  const between = effectiveSampleSize(shares).tau ?? 1;
  return Math.max(1, (variance / ifIndependent) * between);
}
