// The seconds of every run, made few enough to draw. Where there are too many, each point stands for several seconds, and
// the page says so: a rate is then their mean, a latency the greatest of them.

import type { JsonReport } from '../../contract/report.ts';
import type { TimelineBucket } from '../../contract/run-result.ts';

export interface TimelinePoint {
  /** Middle of the time it stands for, seconds since the load started. */
  readonly atS: number;
  readonly requestsPerS: number;
  readonly errorsPerS: number;
  readonly p50Us: number | null;
  readonly p99Us: number | null;
  readonly inFlight: number;
}

export interface RunTimeline {
  readonly runNumber: number;
  /** The measured part, seconds since the load started: what is before it is the warm-up, what is after it the drain. */
  readonly window: { readonly startS: number; readonly endS: number };
  readonly points: readonly TimelinePoint[];
}

export interface Timelines {
  readonly runs: readonly RunTimeline[];
  readonly secondsPerPoint: number;
}

/** Over all runs together. */
const POINTS_MAX = 3000;

/** No runs where no time series were collected. */
export function timelinesOf({ runs }: JsonReport): Timelines {
  const collected = runs.flatMap(({ run_number, loombench: { timeline, window } }) =>
    timeline === null || timeline.length === 0
      ? []
      : [
          {
            runNumber: run_number,
            window: { startS: window.startMs / 1000, endS: window.endMs / 1000 },
            timeline,
          },
        ],
  );
  const seconds = collected.reduce((sum, { timeline }) => sum + timeline.length, 0);
  const secondsPerPoint = Math.max(1, Math.ceil(seconds / POINTS_MAX));
  return {
    secondsPerPoint,
    runs: collected.map(({ runNumber, window, timeline }) => ({
      runNumber,
      window,
      points: groupsOf(timeline, secondsPerPoint).map(pointOf),
    })),
  };
}

function pointOf(group: readonly TimelineBucket[]): TimelinePoint {
  const sum = (key: 'requests' | 'errors'): number =>
    group.reduce((total, bucket) => total + bucket[key], 0);
  const greatest = (key: 'p50_us' | 'p99_us'): number | null =>
    group.reduce<number | null>((most, { [key]: value }) => {
      return value === null || (most !== null && most > value) ? most : value;
    }, null);
  return {
    atS: (group[0]?.second ?? 0) + group.length / 2,
    requestsPerS: sum('requests') / group.length,
    errorsPerS: sum('errors') / group.length,
    p50Us: greatest('p50_us'),
    p99Us: greatest('p99_us'),
    inFlight: group.at(-1)?.inFlightAtEnd ?? 0,
  };
}

/** Several in a row; the last one may be shorter. */
export function groupsOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
