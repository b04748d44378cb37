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
  | {
      readonly kind: 'try';
      readonly ratePerS: number;
      readonly purpose: CapacityPurpose;
      /** How many trials in a row, just before it, were to tell the same and did not. */
      readonly repeats: number;
    }
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
/** A rate at which so many trials in a row told nothing is left alone. */
const MAX_UNTOLD = 3;

export function nextCapacityStep(
  limits: CapacityLimits,
  judged: readonly JudgedTrial[],
): CapacityStep {
  const trials = whatCounts(judged);
  const { met, bound } = bracketOf(limits, trials);
  const closed = met !== null && isClosed(limits, met, bound);
  if (closed && isConfirmed(trials, met)) return { kind: 'found', ratePerS: met, bound };
  if (trials.length >= limits.maxTrials) {
    const reason = `the search was not over after ${limits.maxTrials} trials`;
    return { kind: 'given-up', ratePerS: met, bound: boundTried(bound), reason };
  }
  const repetition = repeated(trials);
  if (repetition !== null) return repetition;
  if (met === null) return onlyMetLate(judged, bound) ?? firstMet(limits, boundTried(bound));
  if (closed) return first(met, 'confirm');
  return bound.kind === 'limit'
    ? first(Math.min(met * 2, bound.ratePerS), 'bracket')
    : first(Math.sqrt(met * bound.ratePerS), 'bisect');
}

function repeated(trials: readonly JudgedTrial[]): CapacityStep | null {
  const last = trials.at(-1);
  if (last?.verdict !== 'spoilt' || isUnmeasurable(trials, last.ratePerS)) return null;
  const { ratePerS, purpose } = last;
  return { kind: 'try', ratePerS, purpose, repeats: untoldAtEnd(trials, ratePerS) };
}

/** No rate was met by calls that were on time, and lower ones are no way out of that. */
function onlyMetLate(judged: readonly JudgedTrial[], bound: CapacityBound): CapacityStep | null {
  const late = highestLate(judged);
  if (bound.kind !== 'unmeasured' || late === null) return null;
  const reason = 'it was met by calls that went out late, and by no others';
  return { kind: 'given-up', ratePerS: late, bound, reason };
}

function first(ratePerS: number, purpose: CapacityPurpose): CapacityStep {
  return { kind: 'try', ratePerS, purpose, repeats: 0 };
}

/**
 * Calls that went out late show where to look, but what is published must have been offered as it was meant, so that as a
 * confirmation such a trial is spoilt. Where one was late as often as it may be repeated, the others are no guide either.
 */
function whatCounts(trials: readonly JudgedTrial[]): readonly JudgedTrial[] {
  const confirming = trials.map((trial) =>
    trial.verdict === 'late' && trial.purpose === 'confirm' ? spoilt(trial) : trial,
  );
  const misled = trials.some(
    ({ verdict, purpose, ratePerS }) =>
      verdict === 'late' && purpose === 'confirm' && isUnmeasurable(confirming, ratePerS),
  );
  return misled
    ? trials.map((trial) => (trial.verdict === 'late' ? spoilt(trial) : trial))
    : confirming;
}

function spoilt(trial: JudgedTrial): JudgedTrial {
  return { ...trial, verdict: 'spoilt' };
}

interface Bracket {
  /** The highest rate that was met below the bound. */
  readonly met: number | null;
  readonly bound: CapacityBound;
}

/** A rate counts as met only when each trial of it that told anything says so, a failed confirmation included. */
function bracketOf(limits: CapacityLimits, trials: readonly JudgedTrial[]): Bracket {
  const bounds = trials.flatMap(({ ratePerS, verdict }): CapacityBound[] => {
    if (verdict === 'missed') return [{ kind: 'missed', ratePerS }];
    return isUnmeasurable(trials, ratePerS) ? [{ kind: 'unmeasured', ratePerS }] : [];
  });
  const limit: CapacityBound = { kind: 'limit', ratePerS: limits.maxRatePerS };
  const bound = bounds.reduce((least, one) => (one.ratePerS < least.ratePerS ? one : least), limit);
  const met = highestBelow(bound, [...ratesOf(trials, 'met'), ...ratesOf(trials, 'late')]);
  return { met, bound };
}

/** That was not missed at any time, nor was a lower one. */
function highestLate(trials: readonly JudgedTrial[]): number | null {
  const lowestMissed = Math.min(...ratesOf(trials, 'missed'));
  const late = ratesOf(trials, 'late').filter((ratePerS) => ratePerS < lowestMissed);
  return late.length === 0 ? null : Math.max(...late);
}

function ratesOf(trials: readonly JudgedTrial[], wanted: JudgedTrial['verdict']): number[] {
  return trials.filter(({ verdict }) => verdict === wanted).map(({ ratePerS }) => ratePerS);
}

function highestBelow(bound: CapacityBound, rates: readonly number[]): number | null {
  const below = rates.filter((rate) => bound.kind === 'limit' || rate < bound.ratePerS);
  return below.length === 0 ? null : Math.max(...below);
}

function isUnmeasurable(trials: readonly JudgedTrial[], ratePerS: number): boolean {
  return untoldAtEnd(trials, ratePerS) >= MAX_UNTOLD;
}

/** What told nothing before a trial that counts is forgotten. */
function untoldAtEnd(trials: readonly JudgedTrial[], ratePerS: number): number {
  const there = trials.filter((trial) => trial.ratePerS === ratePerS);
  return there.length - 1 - there.findLastIndex(({ verdict }) => verdict !== 'spoilt');
}

function boundTried(bound: CapacityBound): CapacityBound | null {
  return bound.kind === 'limit' ? null : bound;
}

function firstMet(limits: CapacityLimits, bound: CapacityBound | null): CapacityStep {
  if (bound === null) {
    return first(Math.min(limits.startRatePerS, limits.maxRatePerS), 'bracket');
  }
  const ratePerS = bound.ratePerS / 2;
  if (ratePerS < limits.startRatePerS * LOWEST_SHARE) {
    const what = bound.kind === 'missed' ? 'it is missed' : 'nothing could be measured';
    const reason = `${what} even at ${bound.ratePerS.toPrecision(3)} calls/s`;
    return { kind: 'given-up', ratePerS: null, bound, reason };
  }
  return first(ratePerS, 'bracket');
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
