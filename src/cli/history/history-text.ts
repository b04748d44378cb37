// Histories for a terminal: the series there are, the results of one, and what changed in it.

import {
  HISTORY_METRICS,
  type History,
  type HistoryChange,
  type HistoryEntry,
  type HistoryMetric,
  type HistorySeries,
  type HistoryTrend,
  type RegressionFinding,
} from '../../contract/history.ts';
import { levelText, noChangeText, shortCommit, signedText } from '../../report/change-text.ts';
import { foreignText, plural } from '../../report/number-text.ts';
import { textTable, type Column } from '../../report/text-table.ts';

const left = (title: string): Column => ({ title, align: 'left' });
const right = (title: string): Column => ({ title, align: 'right' });
const METRICS = Object.keys(HISTORY_METRICS) as HistoryMetric[]; // the keys are those of the table

export function historyListText(history: History, trends: readonly HistoryTrend[]): string {
  if (trends.length === 0)
    return [`No reports in ${history.directory}.`, ...leftOut(history)].join('\n');
  const columns = [
    left('series'),
    left('scenario'),
    left('target'),
    left('config'),
    right('results'),
    right('invalid'),
    right('partial'),
    right('changes'),
    left('newest'),
    left('hardware'),
  ];
  const rows = trends.map(({ series, changes }) => [
    series.seriesId,
    foreignText(series.scenario === '' ? '-' : series.scenario),
    foreignText(series.target),
    series.configHash.slice(0, 8),
    String(series.entries.length),
    String(series.invalid.length),
    String(series.partial.length),
    String(changes.length),
    series.entries.at(-1)?.startedAtUtc ?? '-',
    foreignText(series.hardware),
  ]);
  return [textTable(columns, rows), ...leftOut(history)].join('\n');
}

export function historyShowText(
  history: History,
  trend: HistoryTrend,
  apart: readonly HistorySeries[],
): string {
  const { series } = trend;
  const firstAfter = new Map(trend.changes.map((change) => [change.firstAfter, change.direction]));
  const columns = [
    left(''),
    left('benchmark'),
    left('started'),
    left('commit'),
    left('verdict'),
    ...METRICS.map((metric) => right(HISTORY_METRICS[metric].name)),
  ];
  const rows = series.entries.map((entry) => [
    markOf(entry, firstAfter, trend),
    foreignText(entry.benchmarkId),
    entry.startedAtUtc,
    foreignText(shortCommit(entry.commit)),
    entry.verdict,
    ...METRICS.map((metric) => levelText(metric, entry.values[metric])),
  ]);
  return [
    headText(series),
    textTable(columns, rows),
    '  * first result after a change   b baseline',
    '',
    trendText(trend, apart),
    ...leftOut(history),
  ].join('\n');
}

export function historyTrendText(
  history: History,
  trend: HistoryTrend,
  apart: readonly HistorySeries[],
): string {
  return [headText(trend.series), trendText(trend, apart), ...leftOut(history)].join('\n');
}

export function findingText({ kind, reasons }: RegressionFinding): string {
  const title = { regressed: 'REGRESSED', steady: 'STEADY', 'not-judged': 'NOT JUDGED' }[kind];
  return [title, ...reasons.map((reason) => `  ${foreignText(reason)}`)].join('\n');
}

function markOf(
  entry: HistoryEntry,
  firstAfter: ReadonlyMap<HistoryEntry, string>,
  { baseline }: HistoryTrend,
): string {
  return `${firstAfter.has(entry) ? '*' : ''}${baseline?.benchmarkId === entry.benchmarkId ? 'b' : ''}`;
}

function headText({ seriesId, scenario, target, hardware, entries }: HistorySeries): string {
  return [
    `Series ${seriesId}: ${foreignText(scenario === '' ? 'no scenario' : scenario)} against ${foreignText(target)}`,
    `  ${plural(entries.length, 'result')} on ${foreignText(hardware)}`,
  ].join('\n');
}

function trendText(
  { series, changes, notes }: HistoryTrend,
  apart: readonly HistorySeries[],
): string {
  const lines =
    changes.length === 0 ? [noChangeText(series.entries.length)] : changes.flatMap(changeLines);
  return [...lines, ...notes.map(foreignNote), ...apart.map(apartText)].join('\n');
}

function changeLines(change: HistoryChange): string[] {
  const { metric, direction, lastBefore, firstAfter, acknowledged } = change;
  return [
    `${HISTORY_METRICS[metric].name} ${direction}: ${signedText(change)}, ` +
      `${levelText(metric, change.before)} to ${levelText(metric, change.after)}`,
    `  since ${foreignText(firstAfter.benchmarkId)} (${firstAfter.startedAtUtc}), last before it ${foreignText(lastBefore.benchmarkId)}`,
    `  commit ${foreignText(shortCommit(lastBefore.commit))} to ${foreignText(shortCommit(firstAfter.commit))}`,
    ...(lastBefore.serverVersion === firstAfter.serverVersion
      ? []
      : [
          `  server ${foreignText(lastBefore.serverVersion)} to ${foreignText(firstAfter.serverVersion)}`,
        ]),
    ...(acknowledged === null
      ? []
      : [`  acknowledged ${acknowledged.atUtc}: ${foreignText(acknowledged.note)}`]),
  ];
}

function apartText({ seriesId, entries, hardware, configHash, target }: HistorySeries): string {
  return foreignNote(
    `Kept apart: series ${seriesId}, ${plural(entries.length, 'result')} of target ${target}, configuration ${configHash.slice(0, 8)}, on ${hardware}.`,
  );
}

function foreignNote(text: string): string {
  return `  note: ${foreignText(text)}`;
}

function leftOut({ unreadable, copies }: History): string[] {
  return [
    ...unreadable.map(({ path, reason }) => foreignNote(`Not read: ${path}: ${reason}`)),
    ...(copies === 0
      ? []
      : [foreignNote(`${copies} files repeat a report that was read already.`)]),
  ];
}
