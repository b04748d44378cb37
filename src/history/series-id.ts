// By what name a series is known, and which of people's remarks are about it.

import { createHash } from 'node:crypto';
import type { Baseline, HistoryEntry, HistorySeries } from '../contract/history.ts';

type NamedSeries = Pick<HistorySeries, 'seriesId' | 'formerSeriesIds'>;

export function seriesIdOf({ scenario, measurementHash, hardware }: HistoryEntry): string {
  return shortHash([scenario, measurementHash, hardware]);
}

/** Once made of the whole configuration: a threshold more, or another number of runs, began a series anew. */
export function formerSeriesIdOf({ scenario, configHash, hardware }: HistoryEntry): string {
  return shortHash([scenario, configHash, hardware]);
}

export function isNamed({ seriesId, formerSeriesIds }: NamedSeries, id: string): boolean {
  return seriesId === id || formerSeriesIds.includes(id);
}

/** Series that came together may have had one each: the one that was set last counts. */
export function baselineOf(series: NamedSeries, baselines: readonly Baseline[]): Baseline | null {
  return baselines
    .filter((one) => isNamed(series, one.seriesId))
    .reduce<Baseline | null>(
      (last, one) => (last === null || one.atUtc >= last.atUtc ? one : last),
      null,
    );
}

function shortHash(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 8);
}
