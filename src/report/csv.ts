// A spreadsheet of a report: one row per run, then one per statistic of the aggregate, every figure in the unit that its
// column's name ends with; figures that stand alone have a row each, whose name has the unit. Texts cannot become formulas: a server chooses its own error texts.

import type { DiscardedSeries } from '../contract/discarded-runs.ts';
import type { JsonReport, JsonRunResult } from '../contract/report.ts';
import {
  aggregateMetrics,
  nameWithUnit,
  runMetrics,
  STATISTICS,
  type AggregateMetric,
  type RunMetric,
} from './report-metrics.ts';
import { benchmarkFigures } from './benchmark-figures.ts';
import { discardedFigures, discardedRunName, unlistedText } from './discarded-facts.ts';
import { absenceLines } from './metric-text.ts';
import { statisticAbsence } from './statistic-absence.ts';
import { foreignText } from './number-text.ts';
import { errorTotals } from './report-facts.ts';

type Cell = string | number | null;
type Row = Readonly<Record<string, Cell>>;

const LEADING = ['benchmark', 'scenario', 'row', 'run', 'verdict', 'attempt'] as const;
/** `value` is in the unit that the row's name ends with. */
const TRAILING = ['value', 'note', 'most_frequent_error'] as const;

/** RFC 4180 with CRLF. Figures as the report file has them; an empty cell is a figure that is not there, `note` says why. */
export function csvText(report: JsonReport): string {
  const perRun = report.runs.map(runMetrics);
  const aggregate = aggregateMetrics(report);
  const figureColumns = columnsOf(perRun, aggregate);
  const columns = [...LEADING, ...figureColumns, ...TRAILING];
  const identity = { benchmark: report.loombench.benchmarkId, scenario: report.scenario };
  const rows: Row[] = [
    ...report.runs.map((run) => ({ ...identity, ...runRow(run, figureColumns) })),
    ...report.loombench.failedRuns.map((run) => ({
      ...identity,
      row: `failed ${run.key.phase} run`,
      run: run.key.index,
      attempt: run.attempts,
      note: foreignText(`${run.code}: ${run.message}`),
    })),
    ...(report.loombench.discarded ?? [])
      .flatMap(discardedRows)
      .map((row) => ({ ...identity, ...row })),
    ...STATISTICS.filter((statistic) => isStated(report, aggregate, statistic)).map(
      (statistic) => ({ ...identity, ...statisticRow(report, aggregate, statistic) }),
    ),
    ...benchmarkFigures(report).map((single) => ({
      ...identity,
      row: nameWithUnit(single),
      value: single.value,
      note: single.of,
    })),
    ...(report.loombench.thresholds ?? []).map(({ text, status, message }) => ({
      ...identity,
      row: 'threshold',
      verdict: status,
      note: `${text}: ${message}`,
    })),
  ];
  const lines = [columns.join(','), ...rows.map((row) => lineOf(row, columns))];
  return lines.map((line) => `${line}\r\n`).join('');
}

/** Their figures stand in the note: a column of figures is often summed up whole. */
function discardedRows(series: DiscardedSeries): readonly Row[] {
  const { counts, failed, reason } = series;
  return [
    ...series.runs.map((run) => ({
      row: `discarded ${run.phase} run`,
      run: run.index,
      verdict: run.verdict,
      note: `${discardedRunName(series, run)}: ${discardedFigures(run)}`,
    })),
    {
      row: 'discarded runs',
      value: counts.warmup + counts.measured + failed,
      note: [
        foreignText(`series ${series.series} on ${series.host}: ${reason}`),
        ...unlistedText(series),
      ].join('; '),
    },
  ];
}

/** Those of the aggregate, and each that any run has: a benchmark without streams has no empty stream columns. */
function columnsOf(
  perRun: readonly (readonly RunMetric[])[],
  aggregate: readonly AggregateMetric[],
): readonly string[] {
  const always = new Set(aggregate.map(nameWithUnit));
  const ofRuns = (perRun[0] ?? [])
    .map(nameWithUnit)
    .filter((name, index) => always.has(name) || perRun.some((run) => run[index]?.value !== null));
  return [...new Set([...ofRuns, ...always])];
}

function runRow(run: JsonRunResult, figureColumns: readonly string[]): Row {
  const metrics = runMetrics(run);
  const { verdict, attempt } = run.loombench;
  const [error] = errorTotals({ runs: [run] });
  return {
    row: 'run',
    run: run.run_number,
    verdict,
    attempt: attempt.attempt,
    ...figures(metrics),
    note: noteOf(metrics.filter((metric) => figureColumns.includes(nameWithUnit(metric)))),
    most_frequent_error: error?.text ?? null,
  };
}

function figures(metrics: readonly RunMetric[]): Row {
  return Object.fromEntries(metrics.map((metric) => [nameWithUnit(metric), metric.value]));
}

/** Statistics that the seed has are always a row; the further ones where any metric has them. */
function isStated(
  { loombench }: JsonReport,
  metrics: readonly AggregateMetric[],
  statistic: (typeof STATISTICS)[number],
): boolean {
  return statistic in loombench.errorRate || metrics.some(({ stats }) => stats[statistic] !== null);
}

function statisticRow(
  { loombench }: JsonReport,
  metrics: readonly AggregateMetric[],
  statistic: (typeof STATISTICS)[number],
): Row {
  return {
    row: statistic,
    verdict: loombench.verdict,
    ...Object.fromEntries(metrics.map((metric) => [nameWithUnit(metric), metric.stats[statistic]])),
    note: noteOf(
      metrics.map((metric) => ({
        label: metric.label,
        absence: statisticAbsence(metric, statistic),
      })),
    ),
  };
}

function noteOf(metrics: readonly { readonly label: string; readonly absence: string }[]): Cell {
  const lines = absenceLines(metrics);
  return lines.length === 0 ? null : lines.join('; ');
}

function lineOf(row: Row, columns: readonly string[]): string {
  return columns.map((column) => cellText(row[column] ?? null)).join(',');
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  return typeof cell === 'number' ? String(cell) : quoted(neutral(cell));
}

/** Spreadsheets read a text that begins so as a formula; an apostrophe makes it text. Numbers never come here. */
const FORMULA_START = /^\s*[=+\-@|\t\r＝＋－＠]/u;

function neutral(text: string): string {
  return FORMULA_START.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return /[",\r\n']|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
