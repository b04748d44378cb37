// The highest rate that still meets a service level: doubling until it is missed, halving the gap, then a fresh run at the
// rate found, because the best of several noisy trials is better by luck than it will be again.

import type { CapacityPurpose } from '../contract/capacity.ts';
import type { CapacityBound, TrialJudgement } from '../contract/suite.ts';

export interface JudgedTrial {
  /** Offered, calls per second. */
  readonly ratePerS: number;
  readonly purpose: CapacityPurpose;
  readonly verdict: TrialJudgement['verdict'];
}

export interface CapacityLimits {
  readonly startRatePerS: number;
  readonly maxRatePerS: number;
  /** The search ends when met and missed rates are that close: 0.05 is 5 %. */
  readonly tolerance: number;
  /** Spoilt ones too. */
  readonly maxTrials: number;
}

export type CapacityStep =
  | { readonly kind: 'try'; readonly ratePerS: number; readonly purpose: CapacityPurpose }
  | { readonly kind: 'found'; readonly ratePerS: number; readonly bound: CapacityBound }
  /** `ratePerS` is the best that was met, without a confirmation; null when none was. */
  | {
      readonly kind: 'given-up';
      readonly ratePerS: number | null;
      readonly bound: CapacityBound | null;
      readonly reason: string;
    };

/** Below this share of the start rate nothing is tried any more. */
const LOWEST_SHARE = 1 / 1024;
/** A rate at which so many trials in a row were spoilt is left alone. */
const MAX_SPOILT = 3;

export function nextCapacityStep(
  limits: CapacityLimits,
  trials: readonly JudgedTrial[],
): CapacityStep {
  const { met, bound } = bracketOf(limits, trials);
  const closed = met !== null && isClosed(limits, met, bound);
  if (closed && isConfirmed(trials, met)) return { kind: 'found', ratePerS: met, bound };
  if (trials.length >= limits.maxTrials) {
    const reason = `the search was not over after ${limits.maxTrials} trials`;
    return { kind: 'given-up', ratePerS: met, bound: boundTried(bound), reason };
  }
  const last = trials.at(-1);
  if (last?.verdict === 'spoilt' && !isUnmeasurable(trials, last.ratePerS)) {
    return { kind: 'try', ratePerS: last.ratePerS, purpose: last.purpose };
  }
  if (met === null) return firstMet(limits, boundTried(bound));
  if (closed) return { kind: 'try', ratePerS: met, purpose: 'confirm' };
  return bound.kind === 'limit'
    ? { kind: 'try', ratePerS: Math.min(met * 2, bound.ratePerS), purpose: 'bracket' }
    : { kind: 'try', ratePerS: Math.sqrt(met * bound.ratePerS), purpose: 'bisect' };
}

interface Bracket {
  /** The highest rate that was met below the bound. */
  readonly met: number | null;
  readonly bound: CapacityBound;
}

/** A rate counts as met only when each trial of it was, a failed confirmation included. */
function bracketOf(limits: CapacityLimits, trials: readonly JudgedTrial[]): Bracket {
  const bounds = trials.flatMap(({ ratePerS, verdict }): CapacityBound[] => {
    if (verdict === 'missed') return [{ kind: 'missed', ratePerS }];
    return isUnmeasurable(trials, ratePerS) ? [{ kind: 'unmeasured', ratePerS }] : [];
  });
  const limit: CapacityBound = { kind: 'limit', ratePerS: limits.maxRatePerS };
  const bound = bounds.reduce((least, one) => (one.ratePerS < least.ratePerS ? one : least), limit);
  const met = trials
    .filter(({ verdict }) => verdict === 'met')
    .map(({ ratePerS }) => ratePerS)
    .filter((ratePerS) => bound.kind === 'limit' || ratePerS < bound.ratePerS);
  return { met: met.length === 0 ? null : Math.max(...met), bound };
}

/** What was spoilt before a trial that counts is forgotten. */
function isUnmeasurable(trials: readonly JudgedTrial[], ratePerS: number): boolean {
  const there = trials.filter((trial) => trial.ratePerS === ratePerS);
  const counting = there.findLastIndex(({ verdict }) => verdict !== 'spoilt');
  return there.length - 1 - counting >= MAX_SPOILT;
}

function boundTried(bound: CapacityBound): CapacityBound | null {
  return bound.kind === 'limit' ? null : bound;
}

function firstMet(limits: CapacityLimits, bound: CapacityBound | null): CapacityStep {
  if (bound === null) {
    const ratePerS = Math.min(limits.startRatePerS, limits.maxRatePerS);
    return { kind: 'try', ratePerS, purpose: 'bracket' };
  }
  const ratePerS = bound.ratePerS / 2;
  if (ratePerS < limits.startRatePerS * LOWEST_SHARE) {
    const what = bound.kind === 'missed' ? 'it is missed' : 'nothing could be measured';
    const reason = `${what} even at ${bound.ratePerS.toPrecision(3)} calls/s`;
    return { kind: 'given-up', ratePerS: null, bound, reason };
  }
  return { kind: 'try', ratePerS, purpose: 'bracket' };
}

function isClosed({ tolerance }: CapacityLimits, met: number, bound: CapacityBound): boolean {
  if (bound.kind === 'limit') return met >= bound.ratePerS;
  return bound.ratePerS / met <= 1 + tolerance;
}

function isConfirmed(trials: readonly JudgedTrial[], ratePerS: number): boolean {
  return trials.some(
    (trial) =>
      trial.purpose === 'confirm' && trial.ratePerS === ratePerS && trial.verdict === 'met',
  );
}
