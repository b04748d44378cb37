// More runs or longer runs? Seconds within runs against runs, over the mean latency of each second.

import type { VarianceSplit } from '../contract/benchmark-statistics.ts';
import type { RunMeasurement } from '../contract/run-result.ts';
import { varianceComponents } from './variance-components.ts';

type TimedRun = Pick<RunMeasurement, 'timeline' | 'window'>;

/** Null without timelines, or with fewer than two runs of two whole seconds. */
export function varianceSplit(runs: readonly TimedRun[]): VarianceSplit | null {
  const series = runs.map(secondsOf).filter((seconds) => seconds.length > 0);
  const length = Math.min(...series.map((seconds) => seconds.length));
  const found = varianceComponents(series.map((seconds) => seconds.slice(-length)));
  if (found === null) return null;
  const { icc, p } = found;
  return {
    runs: series.length,
    secondsPerRun: length,
    betweenSdUs: Math.sqrt(found.s2Between),
    withinSdUs: Math.sqrt(found.s2Within),
    icc,
    pValue: p,
    advice: adviceOf(icc, p),
  };
}

function secondsOf({ timeline, window }: TimedRun): number[] {
  const first = Math.ceil(window.startMs / 1000);
  const end = Math.floor(window.endMs / 1000);
  return (timeline ?? []).flatMap(({ second, mean_us: meanUs }) =>
    meanUs !== null && second >= first && second < end ? [meanUs] : [],
  );
}

function adviceOf(icc: number | null, p: number | null): string {
  if (icc === null) return 'Nothing varies.';
  if (icc > 0.5) {
    return 'Runs differ more from each other than seconds within a run: more runs narrow the intervals, longer runs do not.';
  }
  return p !== null && p < 0.05
    ? 'Runs differ, but seconds within a run differ more: longer runs narrow the intervals about as well as more runs.'
    : 'Runs differ no more than the seconds within them explain: longer runs narrow the intervals as well as more runs.';
}
