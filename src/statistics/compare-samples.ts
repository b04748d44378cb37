// One metric of two benchmarks, run against run: is there a difference, how large, and if none is seen, is it ruled out?

import type { ComparisonVerdict, Estimate, MetricComparison } from '../contract/comparison.ts';
import { lowerIsBetter, metricUnit, type MetricName } from '../contract/metric.ts';
import { hodgesLehmann } from './hodges-lehmann.ts';
import { mannWhitney } from './mann-whitney.ts';
import { medianOfSorted, sortedCopy } from './sample.ts';
import { welchLogRatio } from './welch.ts';

export const COMPARISON_LEVEL = 0.05;
/** Below it even the most extreme order of the runs has p > .05. */
export const MIN_RUNS_PER_SIDE = 4;
/** Of an error rate, which has no useful ratio at 0: a tenth of a percentage point. */
const ERROR_RATE_MARGIN = 0.001;

export interface Samples {
  readonly metric: MetricName;
  readonly baseline: readonly number[];
  readonly candidate: readonly number[];
}

/** Before Holm's correction and the verdict, which need all comparisons. */
export type RawComparison = Omit<
  MetricComparison,
  'adjustedP' | 'verdict' | 'change' | 'regression' | 'decidable' | 'note'
> & {
  /** False when all values are equal: no test could reject, so none is corrected for. */
  readonly testable: boolean;
  readonly equivalent: boolean;
};

/** Both sides need at least one value. Throws InvalidSampleError. */
export function compareSamples(samples: Samples, equivalenceMargin: number): RawComparison {
  const { metric, baseline, candidate } = samples;
  const test = mannWhitney(candidate, baseline);
  return {
    metric,
    unit: metricUnit(metric),
    baseline: sideOf(baseline),
    candidate: sideOf(candidate),
    shift: shiftOf(samples, 0.95),
    ratio: ratioOf(samples, 0.95),
    pValue: test.p,
    method: test.method,
    a12: test.a12,
    testable: new Set([...baseline, ...candidate]).size > 1,
    equivalent: isEquivalent(samples, equivalenceMargin),
  };
}

function sideOf(values: readonly number[]): MetricComparison['baseline'] {
  return { n: values.length, median: medianOfSorted(sortedCopy(values)) };
}

function shiftOf({ baseline, candidate }: Samples, confidence: number): Estimate {
  const { shift, low, high } = hodgesLehmann(candidate, baseline, confidence);
  return { value: shift, low, high };
}

function ratioOf({ baseline, candidate }: Samples, confidence: number): Estimate | null {
  const found = welchLogRatio(candidate, baseline, confidence);
  return found === null ? null : { value: found.ratio, low: found.low, high: found.high };
}

/** Two one-sided tests at 5 %: the 90 % interval lies within the margin. */
function isEquivalent(samples: Samples, margin: number): boolean {
  return samples.metric === 'error_rate'
    ? liesWithin(shiftOf(samples, 0.9), -ERROR_RATE_MARGIN, ERROR_RATE_MARGIN)
    : liesWithin(ratioOf(samples, 0.9), 1 / (1 + margin), 1 + margin);
}

function liesWithin(interval: Estimate | null, least: number, most: number): boolean {
  const low = interval?.low ?? -Infinity;
  const high = interval?.high ?? Infinity;
  return low >= least && high <= most;
}

export interface JudgedBy {
  readonly adjustedP: number | null;
  /** Comparisons that Holm corrects for. */
  readonly family: number;
  readonly regressionLimit: number | null;
}

export function judged(
  { testable: _testable, equivalent, ...raw }: RawComparison,
  by: JudgedBy,
): MetricComparison {
  const { adjustedP, regressionLimit } = by;
  const shown =
    fewest(raw) >= MIN_RUNS_PER_SIDE && adjustedP !== null && adjustedP <= COMPARISON_LEVEL;
  const regression =
    shown &&
    changeOf(raw) === 'worse' &&
    regressionLimit !== null &&
    worsening(raw) > regressionLimit;
  // A limit below the margin says that smaller changes count.
  const verdict = verdictOf(raw, { shown, equivalent: equivalent && !regression });
  return {
    ...raw,
    adjustedP,
    verdict,
    change: verdict === 'different' ? changeOf(raw) : null,
    regression,
    decidable: verdict === 'equivalent' || mayReject(raw, by.family),
    note: noteOf(raw, { verdict, shown, family: by.family }),
  };
}

type Sides = Pick<MetricComparison, 'baseline' | 'candidate'>;

function fewest({ baseline, candidate }: Sides): number {
  return Math.min(baseline.n, candidate.n);
}

/** What is shown to be small is not called different, however surely it is there: enough runs show any trifle. */
function verdictOf(
  raw: Sides,
  found: { readonly shown: boolean; readonly equivalent: boolean },
): ComparisonVerdict {
  if (fewest(raw) < MIN_RUNS_PER_SIDE) return 'too-few-runs';
  if (found.equivalent) return 'equivalent';
  return found.shown ? 'different' : 'inconclusive';
}

function changeOf({
  metric,
  a12,
}: Pick<MetricComparison, 'metric' | 'a12'>): MetricComparison['change'] {
  return a12 < 0.5 === lowerIsBetter(metric) ? 'better' : 'worse';
}

/** Share of the baseline by which the candidate is worse; for an error rate the points themselves. */
function worsening({
  metric,
  shift,
  ratio,
}: Pick<MetricComparison, 'metric' | 'shift' | 'ratio'>): number {
  if (metric === 'error_rate' || ratio === null) return shift.value;
  return lowerIsBetter(metric) ? ratio.value - 1 : 1 - ratio.value;
}

interface Finding {
  readonly verdict: ComparisonVerdict;
  /** The corrected test rejects. */
  readonly shown: boolean;
  readonly family: number;
}

function noteOf(raw: Sides, { verdict, shown, family }: Finding): string {
  switch (verdict) {
    case 'too-few-runs':
      return `need at least ${MIN_RUNS_PER_SIDE} runs a side, there are ${raw.baseline.n} and ${raw.candidate.n}`;
    case 'different':
      return 'the runs differ by more than chance explains';
    case 'equivalent':
      return shown
        ? 'there is a difference, within the margin'
        : 'any difference is within the margin';
    case 'inconclusive':
      return mayReject(raw, family)
        ? 'neither a difference nor its absence is shown: more runs would tell'
        : `${raw.baseline.n} against ${raw.candidate.n} runs cannot show any difference among ${family} metrics; need ${runsNeeded(family)} a side`;
  }
}

/** By the smallest p that the sample sizes allow, corrected as the smallest of the family. */
function mayReject(sides: Sides, family: number): boolean {
  const { baseline, candidate } = sides;
  return (
    fewest(sides) >= MIN_RUNS_PER_SIDE &&
    smallestP(baseline.n, candidate.n) * family <= COMPARISON_LEVEL
  );
}

function runsNeeded(family: number): number {
  let n = MIN_RUNS_PER_SIDE;
  while (smallestP(n, n) * family > COMPARISON_LEVEL) n += 1;
  return n;
}

/** 2 ÷ C(n1 + n2, n1). */
function smallestP(n1: number, n2: number): number {
  let orders = 1;
  for (let i = 1; i <= n1; i++) orders = (orders * (n2 + i)) / i;
  return Math.min(1, 2 / orders);
}
