// A series and what happened in it: the change points of each metric, each with the results on both sides.

import {
  HISTORY_METRICS,
  type Acknowledgement,
  type Baseline,
  type HistoryChange,
  type HistoryEntry,
  type HistoryMetric,
  type HistorySeries,
  type HistoryTrend,
  type LevelChange,
} from '../contract/history.ts';
import { findChangePoints } from '../statistics/change-points.ts';
import { baselineOf, isNamed } from './series-id.ts';

/** In percentage points / 100: a share of errors has no relative scale near 0. */
const MIN_ERROR_RATE_CHANGE = 0.01;
/** As results come in, a change may be found to have begun a result earlier or later. */
const SAME_CHANGE_WITHIN = 2;

export interface Remarks {
  readonly acknowledged: readonly Acknowledgement[];
  readonly baselines: readonly Baseline[];
}

export function trendOf(series: HistorySeries, remarks: Remarks): HistoryTrend {
  const changes = metricNames()
    .flatMap((metric) => changesOf(series, metric, remarks.acknowledged))
    .sort((a, b) => a.index - b.index);
  return {
    series,
    changes,
    baseline: baselineOf(series, remarks.baselines),
    notes: notesOf(series),
  };
}

export function metricNames(): HistoryMetric[] {
  return Object.keys(HISTORY_METRICS) as HistoryMetric[]; // the keys are those of the table
}

export function isWorse(
  metric: HistoryMetric,
  { before, after, magnitude }: Pick<LevelChange, 'before' | 'after' | 'magnitude'>,
): boolean {
  const step = magnitude ?? after - before;
  return HISTORY_METRICS[metric].better === 'lower' ? step > 0 : step < 0;
}

export function minMagnitudeOf(metric: HistoryMetric, relative: number): number {
  return HISTORY_METRICS[metric].scale === 'ratio' ? relative : MIN_ERROR_RATE_CHANGE;
}

function changesOf(
  series: HistorySeries,
  metric: HistoryMetric,
  acknowledged: readonly Acknowledgement[],
): HistoryChange[] {
  const present = series.entries.flatMap((entry, position) => {
    const value = entry.values[metric];
    return value === null ? [] : [{ entry, position, value }];
  });
  const { scale } = HISTORY_METRICS[metric];
  const found = findChangePoints(
    present.map(({ value }) => value),
    scale === 'ratio' ? { scale } : { scale, minMagnitude: MIN_ERROR_RATE_CHANGE },
  );
  return found.flatMap((change) => {
    const first = present[change.index];
    const last = present[change.index - 1];
    if (first === undefined || last === undefined) return [];
    return [
      {
        metric,
        ...change,
        direction: isWorse(metric, change) ? ('worse' as const) : ('better' as const),
        lastBefore: last.entry,
        firstAfter: first.entry,
        index: first.position,
        acknowledged: acknowledgementOf(series, { metric, index: first.position }, acknowledged),
      },
    ];
  });
}

function acknowledgementOf(
  series: HistorySeries,
  { metric, index }: { metric: HistoryMetric; index: number },
  acknowledged: readonly Acknowledgement[],
): Acknowledgement | null {
  const near = series.entries
    .slice(Math.max(0, index - SAME_CHANGE_WITHIN), index + SAME_CHANGE_WITHIN + 1)
    .map((entry) => entry.benchmarkId);
  return (
    acknowledged.findLast(
      (one) =>
        isNamed(series, one.seriesId) && one.metric === metric && near.includes(one.benchmarkId),
    ) ?? null
  );
}

function notesOf({ entries, invalid, partial }: HistorySeries): string[] {
  const without = metricNames().flatMap((metric) => {
    const count = entries.filter((entry) => entry.values[metric] === null).length;
    return count === 0
      ? []
      : [`${count} of ${entries.length} results have no ${HISTORY_METRICS[metric].name}.`];
  });
  return [
    ...(invalid.length === 0 ? [] : [`Left out as INVALID: ${idsOf(invalid)}.`]),
    ...(partial.length === 0 ? [] : [`Left out as cancelled or interrupted: ${idsOf(partial)}.`]),
    ...without,
    ...varied(entries, 'hostname', 'hosts of the same hardware'),
    ...varied(entries, 'loombenchVersion', 'versions of loombench'),
  ];
}

function varied(
  entries: readonly HistoryEntry[],
  key: 'hostname' | 'loombenchVersion',
  what: string,
): string[] {
  const seen = [...new Set(entries.map((entry) => entry[key]))];
  return seen.length < 2 ? [] : [`The results are from ${seen.length} ${what}: ${listed(seen)}.`];
}

const SHOWN_MAX = 5;

function idsOf(entries: readonly HistoryEntry[]): string {
  return `${entries.length} (${listed(entries.map((entry) => entry.benchmarkId))})`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_MAX).join(', ');
  return names.length > SHOWN_MAX ? `${shown} and ${names.length - SHOWN_MAX} more` : shown;
}
