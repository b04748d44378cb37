// The highest rate that still meets a service level: doubling until it is missed, halving the gap, then a fresh run at the
// rate found, because the best of several noisy trials is better by luck than it will be again.

import type { CapacityPurpose } from '../contract/capacity.ts';

export interface JudgedTrial {
  /** Offered, calls per second. */
  readonly ratePerS: number;
  readonly met: boolean;
  readonly purpose: CapacityPurpose;
}

export interface CapacityLimits {
  readonly startRatePerS: number;
  readonly maxRatePerS: number;
  /** The search ends when met and missed rates are that close: 0.05 is 5 %. */
  readonly tolerance: number;
  readonly maxTrials: number;
}

export type CapacityStep =
  | { readonly kind: 'try'; readonly ratePerS: number; readonly purpose: CapacityPurpose }
  | { readonly kind: 'found'; readonly ratePerS: number; readonly boundedBy: 'slo' | 'max-rate' }
  /** `ratePerS` is the best that was met, without a confirmation; null when none was. */
  | { readonly kind: 'given-up'; readonly ratePerS: number | null; readonly reason: string };

/** Below this share of the start rate nothing is tried any more. */
const LOWEST_SHARE = 1 / 1024;

export function nextCapacityStep(
  limits: CapacityLimits,
  trials: readonly JudgedTrial[],
): CapacityStep {
  const { met, missed } = bracketOf(trials);
  if (met !== null && isConfirmed(trials, met) && isClosed(limits, met, missed)) {
    return { kind: 'found', ratePerS: met, boundedBy: missed === null ? 'max-rate' : 'slo' };
  }
  if (trials.length >= limits.maxTrials) {
    const reason = `the search was not over after ${limits.maxTrials} trials`;
    return { kind: 'given-up', ratePerS: met, reason };
  }
  if (met === null) return firstMet(limits, missed);
  if (isClosed(limits, met, missed)) return { kind: 'try', ratePerS: met, purpose: 'confirm' };
  return missed === null
    ? { kind: 'try', ratePerS: Math.min(met * 2, limits.maxRatePerS), purpose: 'bracket' }
    : { kind: 'try', ratePerS: Math.sqrt(met * missed), purpose: 'bisect' };
}

interface Bracket {
  /** The highest rate that was met below every one that was missed. */
  readonly met: number | null;
  readonly missed: number | null;
}

/** A rate counts as met only when each trial of it was, a failed confirmation included. */
function bracketOf(trials: readonly JudgedTrial[]): Bracket {
  const missedRates = trials.filter(({ met }) => !met).map(({ ratePerS }) => ratePerS);
  const missed = missedRates.length === 0 ? null : Math.min(...missedRates);
  const metRates = trials
    .filter(({ met, ratePerS }) => met && (missed === null || ratePerS < missed))
    .map(({ ratePerS }) => ratePerS);
  return { met: metRates.length === 0 ? null : Math.max(...metRates), missed };
}

function firstMet(limits: CapacityLimits, missed: number | null): CapacityStep {
  if (missed === null) {
    const ratePerS = Math.min(limits.startRatePerS, limits.maxRatePerS);
    return { kind: 'try', ratePerS, purpose: 'bracket' };
  }
  const ratePerS = missed / 2;
  if (ratePerS < limits.startRatePerS * LOWEST_SHARE) {
    const reason = `it is missed even at ${missed.toPrecision(3)} calls/s`;
    return { kind: 'given-up', ratePerS: null, reason };
  }
  return { kind: 'try', ratePerS, purpose: 'bracket' };
}

function isClosed(limits: CapacityLimits, met: number, missed: number | null): boolean {
  if (missed === null) return met >= limits.maxRatePerS;
  return missed / met <= 1 + limits.tolerance;
}

function isConfirmed(trials: readonly JudgedTrial[], ratePerS: number): boolean {
  return trials.some((trial) => trial.purpose === 'confirm' && trial.ratePerS === ratePerS);
}
