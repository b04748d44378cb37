// Runs enough for a wanted precision. Stein's rule plans once from the spread of a pilot and keeps that spread for the final
// interval, so it covers what it says; stopping when the interval looks narrow does not, and its result says so.

import type { PrecisionGoal, PrecisionResult } from '../contract/precision.ts';
import type { StoredRun } from '../contract/run-result.ts';
import { usableRuns } from './aggregate.ts';
import { runMetric } from './run-metrics.ts';
import { steinRuns } from './stein.ts';
import { summary } from './summary.ts';

type PlannedRun = Pick<StoredRun, 'key' | 'measurement'>;

/** Runs that the benchmark should have in all; no more than planned when it has enough. */
export function plannedRuns(
  goal: PrecisionGoal,
  runs: readonly PlannedRun[],
  planned: number,
): number {
  const { rule, maxRuns } = goal;
  if (planned >= maxRuns) return planned;
  if (rule === 'stein') {
    const required = steinRequirement(goal, runs);
    return required === null ? planned : Math.min(maxRuns, Math.max(planned, required));
  }
  return precisionResult(goal, runs).met ? planned : planned + 1;
}

export function precisionResult(goal: PrecisionGoal, runs: readonly PlannedRun[]): PrecisionResult {
  const values = valuesOf(goal, runs);
  const requiredRuns = goal.rule === 'stein' ? steinRequirement(goal, runs) : null;
  const interval = values.length === 0 ? NO_INTERVAL : intervalOf(goal, runs, values);
  const { achieved } = interval;
  const met = achieved !== null && achieved <= goal.target && values.length >= goal.pilotRuns;
  const result = { ...goal, runs: values.length, requiredRuns, ...interval, met };
  return { ...result, note: noteOf(result) };
}

function steinRequirement(goal: PrecisionGoal, runs: readonly PlannedRun[]): number | null {
  const pilot = pilotOf(goal, runs);
  return pilot.length < 2 ? null : (steinRuns(pilot, goal.target)?.required ?? null);
}

function pilotOf(goal: PrecisionGoal, runs: readonly PlannedRun[]): number[] {
  return valuesOf(
    goal,
    runs.filter(({ key }) => key.index <= goal.pilotRuns),
  );
}

function valuesOf({ metric }: PrecisionGoal, runs: readonly PlannedRun[]): number[] {
  return usableRuns(runs).flatMap(({ measurement }) => runMetric(measurement, metric) ?? []);
}

type Interval = Pick<PrecisionResult, 'mean' | 'low' | 'high' | 'achieved'>;

const NO_INTERVAL: Interval = { mean: null, low: null, high: null, achieved: null };

/** Stein: the mean of all runs with t and the spread of the pilot. */
function intervalOf(
  goal: PrecisionGoal,
  runs: readonly PlannedRun[],
  values: readonly number[],
): Interval {
  const { mean, n } = summary(values);
  const pilot = pilotOf(goal, runs);
  const spread = goal.rule === 'stein' && pilot.length > 0 ? summary(pilot) : summary(values);
  if (spread.sd === null || spread.tCrit === null) return { ...NO_INTERVAL, mean };
  const halfWidth = (spread.tCrit * spread.sd) / Math.sqrt(n);
  return {
    mean,
    low: mean - halfWidth,
    high: mean + halfWidth,
    achieved: mean === 0 ? null : halfWidth / Math.abs(mean),
  };
}

function noteOf({
  achieved,
  met,
  target,
  metric,
  runs,
  rule,
}: Omit<PrecisionResult, 'note'>): string {
  const reached =
    achieved === null
      ? `${runs} valid runs show no precision of ${metric}`
      : `${metric} is known to ±${(100 * achieved).toFixed(2)} % after ${runs} valid runs`;
  const caveat =
    rule === 'sequential'
      ? ' Runs were added until the interval looked narrow enough, so it covers somewhat less than 95 %.'
      : '';
  const target100 = `±${(100 * target).toFixed(2)} %`;
  return met
    ? `${reached}; the target was ${target100}.${caveat}`
    : `Precision target not met: ${reached}, and the target was ${target100}.${caveat}`;
}
