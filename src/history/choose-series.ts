// Which series a command is about: one alone, the one that was named, or the one with the newest result. The others of
// the scenario are said, never mixed in.

import { BenchmarkError } from '../contract/failure.ts';
import type { History, HistorySeries } from '../contract/history.ts';
import { isNamed } from './series-id.ts';

export interface SeriesWish {
  readonly scenario: string | null;
  readonly seriesId: string | null;
}

export interface ChosenSeries {
  readonly series: HistorySeries;
  /** Of the same scenario: other settings or other hardware. */
  readonly apart: readonly HistorySeries[];
}

/** Throws BenchmarkError 'config-invalid' when there is none. */
export function chooseSeries(history: History, wish: SeriesWish): ChosenSeries {
  const named = history.series.filter(
    (series) => wish.scenario === null || series.scenario === wish.scenario,
  );
  const { seriesId } = wish;
  const wanted = seriesId === null ? named : named.filter((series) => isNamed(series, seriesId));
  const scenarios = new Set(wanted.map((series) => series.scenario));
  if (scenarios.size > 1)
    throw invalid(history, 'Several scenarios have results; say --scenario NAME.');
  const [series] = wanted.toSorted((a, b) => newestMs(b) - newestMs(a));
  if (series === undefined) throw invalid(history, nothingText(wish));
  return {
    series,
    apart: history.series.filter((other) => other !== series && other.scenario === series.scenario),
  };
}

function newestMs({ entries, invalid: rejected, partial }: HistorySeries): number {
  // A result counts more than one that was thrown out: the newest series is the one that goes on.
  const rest = [...rejected, ...partial].map((entry) => Date.parse(entry.startedAtUtc) / 1e6);
  return Math.max(0, ...rest, ...entries.map((entry) => Date.parse(entry.startedAtUtc)));
}

function nothingText({ scenario, seriesId }: SeriesWish): string {
  if (seriesId !== null) return `There is no series ${seriesId}.`;
  return scenario === null ? 'There are no results.' : `No result is of scenario '${scenario}'.`;
}

function invalid({ directory, series }: History, message: string): BenchmarkError {
  const known = [...new Set(series.map((one) => one.scenario))].sort();
  const have = known.length === 0 ? 'no reports' : `results of: ${known.map(quoted).join(', ')}`;
  return new BenchmarkError('config-invalid', `${message} ${directory} has ${have}.`);
}

function quoted(scenario: string): string {
  return scenario === '' ? "'' (no scenario)" : scenario;
}
