// The tables of the summary: each metric over the runs, and each run by itself. Numbers are shown, never made.

import type { JsonReport, JsonRunResult } from '../contract/report.ts';
import type { StreamSummary } from '../contract/run-result.ts';
import { shownAggregates } from './metric-text.ts';
import { aggregateMetrics } from './report-metrics.ts';
import {
  UNDEFINED_MARK,
  countText,
  latencyText,
  latencyUnit,
  numberText,
  plural,
  type LatencyUnit,
} from './number-text.ts';
import { left, right, RUNS_SHOWN } from './text-columns.ts';
import { RUNS_FOR_MEDIAN_INTERVAL } from './statistic-absence.ts';
import { textTable } from './text-table.ts';
import { isInvalid } from './withheld-figures.ts';

/** Fewer runs have no spread, so no interval. */
const RUNS_FOR_INTERVAL = 2;

export function metricsTable(report: JsonReport): string {
  const { columns, rows, numbersFrom, absences } = shownAggregates(aggregateMetrics(report));
  const titles = columns.map((title, index) => (index < numbersFrom ? left(title) : right(title)));
  return [
    textTable(titles, rows),
    aggregateLegend(report),
    ...absences.map((line) => `${UNDEFINED_MARK} ${line}`),
    ...trust(report),
  ].join('\n');
}

/** What a figure of the aggregate is, in every format. */
export function aggregateLegend(report: JsonReport): string {
  const mark = isInvalid(report) ? 'INVALID. ' : '';
  const runs = plural(report.loombench.validRuns, 'valid run');
  return `${mark}Over ${runs}. A latency is that percentile of one run's ok calls; its row is over the runs.`;
}

function trust({ loombench: { validRuns } }: JsonReport): string[] {
  return validRuns >= RUNS_FOR_INTERVAL && validRuns < RUNS_FOR_MEDIAN_INTERVAL
    ? [`With fewer than ${RUNS_FOR_MEDIAN_INTERVAL} runs an interval is a rough guide.`]
    : [];
}

export function runsTable(runs: readonly JsonRunResult[]): string {
  const unit = latencyUnit(runs.map((run) => run.latency_p50_us));
  const hasOverhead = runs.some((run) => run.loombench.overhead !== null);
  const columns = [
    right('run'),
    right('calls'),
    right('calls/s'),
    right(`p50 ${unit.name}`),
    right(`p99 ${unit.name}`),
    right(`max ${unit.name}`),
    right('errors'),
    ...(hasOverhead ? [right('server overhead p50 µs')] : []),
    left('verdict'),
    left('attempt'),
  ];
  const rows = runs.slice(0, RUNS_SHOWN).map((run) => runRow(run, unit, hasOverhead));
  return [textTable(columns, rows), ...notShown(runs)].join('\n');
}

function runRow(run: JsonRunResult, unit: LatencyUnit, hasOverhead: boolean): readonly string[] {
  const { overhead, verdict, attempt } = run.loombench;
  return [
    String(run.run_number),
    countText(run.total_requests),
    numberText(run.throughput_rps),
    latencyText(run.latency_p50_us, unit),
    latencyText(run.latency_p99_us, unit),
    latencyText(run.latency_max_us, unit),
    countText(run.error_count),
    ...(hasOverhead ? [numberText(overhead?.p50Us ?? null, 0)] : []),
    verdict,
    String(attempt.attempt),
  ];
}

/** Streams only; '' when no run had any. */
export function streamsTable(runs: readonly JsonRunResult[]): string {
  const streaming = runs.flatMap(({ run_number, loombench: { streams } }) =>
    streams === null ? [] : [{ runNumber: run_number, streams }],
  );
  if (streaming.length === 0) return '';
  const unit = latencyUnit(
    streaming.flatMap(({ streams }) => [streams.timeToFirstToken.p50Us, streams.messageGap.p50Us]),
  );
  const columns = [
    'run',
    'streams',
    'messages',
    'tokens',
    `first token p50 ${unit.name}`,
    `p99 ${unit.name}`,
    `gap p50 ${unit.name}`,
    `p99 ${unit.name}`,
    `last to status p50 ${unit.name}`,
    'empty',
  ].map(right);
  const rows = streaming
    .slice(0, RUNS_SHOWN)
    .map(({ runNumber, streams }) => [String(runNumber), ...streamCells(streams, unit)]);
  return [textTable(columns, rows), ...notShown(streaming)].join('\n');
}

function streamCells(streams: StreamSummary, unit: LatencyUnit): readonly string[] {
  return [
    countText(streams.streams),
    countText(streams.messages),
    countText(streams.tokens),
    latencyText(streams.timeToFirstToken.p50Us, unit),
    latencyText(streams.timeToFirstToken.p99Us, unit),
    latencyText(streams.messageGap.p50Us, unit),
    latencyText(streams.messageGap.p99Us, unit),
    latencyText(streams.lastMessageToStatus.p50Us, unit),
    countText(streams.emptyStreams),
  ];
}

function notShown(rows: readonly unknown[]): string[] {
  const hidden = rows.length - RUNS_SHOWN;
  return hidden > 0 ? [`and ${plural(hidden, 'more run')} in the report file`] : [];
}
