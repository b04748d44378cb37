// The parts of the page that are words and tables. Each is a heading with an id, so that the contents can lead to it.

import type { JsonReport } from '../../contract/report.ts';
import type { AttemptAccount } from '../../contract/run-result.ts';
import type { GateResult } from '../../contract/warning.ts';
import { discardedFacts } from '../discarded-facts.ts';
import { shownAggregates, shownMetrics } from '../metric-text.ts';
import {
  amountText,
  countText,
  durationText,
  foreignText,
  UNDEFINED_MARK,
} from '../number-text.ts';
import {
  doubtsOf,
  errorTotals,
  interruptionFacts,
  requestFacts,
  runsSuffix,
  shareText,
  statusTotals,
} from '../report-facts.ts';
import { aggregateMetrics, runMetrics } from '../report-metrics.ts';
import { statisticsFacts } from '../statistics-facts.ts';
import { aggregateLegend } from '../text-metrics.ts';
import { shownThresholds, THRESHOLD_COLUMNS } from '../text-thresholds.ts';
import { EMPTY, markup, type Markup } from './markup.ts';
import { dataTable, pageTable, type PageTable } from './table.ts';

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly content: readonly Markup[];
}

/** In the place of a section's figures: a dash and why. */
export function absent(reason: string): Markup {
  return markup`<p class="muted">${UNDEFINED_MARK} ${reason}</p>`;
}

export function notes(lines: readonly string[]): Markup {
  if (lines.length === 0) return EMPTY;
  return markup`<ul class="muted notes">
    ${lines.map((line) => markup`<li>${UNDEFINED_MARK} ${line}</li>`)}
  </ul>`;
}

export function summarySection(report: JsonReport): Section {
  const facts = requestFacts(report).map(({ label, text }) => [label, text]);
  const thresholds = shownThresholds(report.loombench.thresholds ?? []).map(
    ({ text, observed, result, message }) => [
      text,
      observed,
      markup`<span class="${result === 'pass' ? 'pass' : 'fail'}">${result}</span>`,
      message,
    ],
  );
  return {
    id: 'summary',
    title: 'Summary',
    content: [
      thresholds.length === 0
        ? EMPTY
        : pageTable({
            caption: 'Thresholds, said before the first run',
            columns: THRESHOLD_COLUMNS,
            rows: thresholds,
            numbersFrom: 4,
          }),
      pageTable({
        caption: 'What was asked for and what came',
        columns: ['', ''],
        rows: facts,
        numbersFrom: 2,
      }),
    ],
  };
}

/** None where there is nothing to doubt. */
export function warningsSection(report: JsonReport): readonly Section[] {
  const doubts = doubtsOf(report).map(
    (doubt) =>
      markup`<li>
        <strong class="warn">${doubt.code}</strong>${runsSuffix(doubt)}: ${doubt.message}
      </li>`,
  );
  if (doubts.length === 0) return [];
  const list = markup`<ul>
    ${doubts}
  </ul>`;
  return [{ id: 'warnings', title: 'Warnings', content: [list] }];
}

export function resultSection(report: JsonReport): Section {
  const { columns, rows, numbersFrom, absences } = shownAggregates(aggregateMetrics(report));
  const table = pageTable({ caption: aggregateLegend(report), columns, rows, numbersFrom });
  const statistics = statisticsFacts(report).map(
    ({ label, text }) => markup`<li><strong>${label}</strong>: ${text}</li>`,
  );
  return {
    id: 'result',
    title: 'Result',
    content: [
      table,
      notes(absences),
      statistics.length === 0
        ? EMPTY
        : markup`<h3>Statistics over the runs</h3>
            <ul>
              ${statistics}
            </ul>`,
    ],
  };
}

const RUN_COLUMNS = [
  'calls',
  'throughput_rps',
  'latency_p50',
  'latency_p90',
  'latency_p99',
  'latency_p999',
  'latency_max',
  'error_rate',
  'degraded_calls',
  'incomplete_calls',
  'overhead_p50',
];

const OPEN_LOOP_COLUMNS = [
  'offered_rps',
  'response_time_p99',
  'service_time_p99',
  'send_lateness_p99',
  'held_calls',
  'unsent_calls',
];

const STREAM_COLUMNS = [
  'streams',
  'messages',
  'tokens',
  'empty_streams',
  'failed_messages',
  'failed_bytes',
  'ttfm_p50',
  'ttft_p50',
  'ttft_p99',
  'message_gap_p50',
  'message_gap_p99',
  'max_gap_per_stream_p50',
  'last_message_to_status_p50',
];

/** One row per run. */
export function runsTable(report: JsonReport, kind: 'calls' | 'streams'): readonly Markup[] {
  const metrics = report.runs.map(runMetrics);
  const isOpen = report.runs.some(({ loombench }) => loombench.offeredRps !== null);
  const ofCalls = isOpen ? [...RUN_COLUMNS, ...OPEN_LOOP_COLUMNS] : RUN_COLUMNS;
  const ids = kind === 'calls' ? ofCalls : STREAM_COLUMNS;
  const shown = shownMetrics(metrics, ids);
  const rows = shown.rows.map((cells, index) => {
    const run = report.runs[index];
    return [
      String(run?.run_number ?? ''),
      ...cells,
      ...(kind === 'calls' ? [run?.loombench.verdict ?? ''] : []),
    ];
  });
  const table = pageTable({
    caption:
      kind === 'calls'
        ? 'Each run'
        : 'Streams of each run: gRPC messages and the server’s tokens, never mixed',
    columns: ['run', ...shown.columns, ...(kind === 'calls' ? ['verdict'] : [])],
    rows,
    numbersFrom: 1,
  });
  return [table, notes(shown.absences)];
}

export function answersSection(report: JsonReport): Section {
  const statuses = statusTotals(report).map(({ status, count, share }) => [
    status,
    countText(count),
    shareText(share),
  ]);
  const errors = errorTotals(report).map(({ text, count }) => [text, countText(count)]);
  return {
    id: 'answers',
    title: 'Status codes and errors',
    content: [
      statuses.length === 0
        ? absent('no call was answered')
        : pageTable({
            caption: 'All calls of all runs by gRPC status, as the server sent it',
            columns: ['status', 'calls', 'share'],
            rows: statuses,
            numbersFrom: 1,
          }),
      errors.length === 0
        ? markup`<p>No call failed.</p>`
        : pageTable({
            caption: 'Most frequent errors of each run, added up',
            columns: ['error', 'calls'],
            rows: errors,
            numbersFrom: 1,
          }),
    ],
  };
}

const GATE_COLUMNS = ['run', 'gate', 'name', 'status', 'what it says', 'value', 'limit'];

/** What did not pass at once, everything on request. */
export function gatesSection({ runs }: JsonReport): Section {
  const all = runs.flatMap(({ run_number: run, loombench: { gates } }) =>
    gates.map((gate) => ({ run, gate })),
  );
  const complaints = all.filter(({ gate }) => gate.status === 'warn' || gate.status === 'fail');
  const table = (caption: string, rows: typeof all): PageTable => ({
    caption,
    columns: GATE_COLUMNS,
    rows: rows.map(({ run, gate }) => gateCells(run, gate)),
    numbersFrom: 5,
  });
  const every = 'Every validity check of each run, with what was seen and what was allowed';
  const content =
    complaints.length === 0
      ? markup`<p>No check complains.</p>`
      : pageTable(table('Checks that warn or fail', complaints));
  return {
    id: 'gates',
    title: 'Gates',
    content:
      all.length === 0 ? [absent('no run has checks')] : [content, dataTable(table(every, all))],
  };
}

function gateCells(run: number, gate: GateResult): readonly (string | Markup)[] {
  const { id, name, status, value, limit, unit, message } = gate;
  return [
    String(run),
    id,
    name,
    markup`<span class="${status}">${status}</span>`,
    message,
    value === null ? UNDEFINED_MARK : `${amountText(value)} ${unit}`,
    limit === null ? UNDEFINED_MARK : `${amountText(limit)} ${unit}`,
  ];
}

export function attemptsSection(report: JsonReport): Section {
  const { runs, loombench } = report;
  const row = (
    name: string,
    host: string,
    { attempt, lostMs, reason }: AttemptAccount,
  ): string[] => [
    name,
    host,
    reason === null ? UNDEFINED_MARK : foreignText(reason),
    String(attempt),
    durationText(lostMs),
  ];
  const rows = [
    ...loombench.warmupRuns.map(({ index, attempt }) =>
      row(`warm-up ${index}`, UNDEFINED_MARK, attempt),
    ),
    ...runs.map((run) => row(`run ${run.run_number}`, run.loombench.host, run.loombench.attempt)),
  ];
  const facts = [...interruptionFacts(report), ...discardedFacts(report)].map(
    ({ label, text }) => markup`<li><strong>${label}</strong> ${text}</li>`,
  );
  const hosts = new Set(runs.map(({ loombench: { host } }) => host));
  return {
    id: 'attempts',
    title: 'Attempts and interruptions',
    content: [
      hosts.size > 1
        ? markup`<p class="warn">
            The runs were measured on ${hosts.size} hosts: their figures do not belong together.
          </p>`
        : EMPTY,
      facts.length === 0
        ? markup`<p>Every run was measured at its first attempt.</p>`
        : markup`<ul>
            ${facts}
          </ul>`,
      pageTable({
        caption: 'One attempt of each run counts; what was thrown away cost time, not accuracy',
        columns: ['run', 'host', 'reason', 'attempts', 'time lost'],
        rows,
        numbersFrom: 3,
      }),
    ],
  };
}
