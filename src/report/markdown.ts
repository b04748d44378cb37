// A report for a pull request: the verdict first, the aggregate at once, everything else folded away. What a server or a
// user wrote goes into code spans, where it is neither markup nor a mention.

import type { JsonReport } from '../contract/report.ts';
import { shownAggregates, shownMetrics, type ShownTable } from './metric-text.ts';
import { aggregateMetrics, runMetrics } from './report-metrics.ts';
import { discardedFacts } from './discarded-facts.ts';
import { UNDEFINED_MARK, countText, plural } from './number-text.ts';
import {
  doubtsOf,
  errorTotals,
  interruptionFacts,
  requestFacts,
  runsSuffix,
  shareText,
  statusSuffix,
  statusTotals,
  titleOf,
} from './report-facts.ts';
import { statisticsFacts } from './statistics-facts.ts';
import { RUNS_SHOWN } from './text-columns.ts';
import { aggregateLegend } from './text-metrics.ts';
import { shownThresholds, THRESHOLD_COLUMNS } from './text-thresholds.ts';

export function markdownText(report: JsonReport): string {
  const sections = [
    headline(report),
    thresholdsSection(report),
    aggregateSection(report),
    list(
      doubtsOf(report).map(
        (doubt) => `**${doubt.code}**${runsSuffix(doubt)}: ${code(doubt.message)}`,
      ),
    ),
    folded(
      'Statistics',
      list(statisticsFacts(report).map(({ label, text }) => `${label}: ${text}`)),
    ),
    folded('Runs', runsSection(report)),
    folded('Answers', answersSection(report)),
    folded('What was asked for', list(factsOf(report))),
    folded(
      'Interruptions',
      list(
        [...interruptionFacts(report), ...discardedFacts(report)].map(
          ({ label, text }) => `${label}: ${code(text)}`,
        ),
      ),
    ),
    footer(report),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function headline(report: JsonReport): string {
  const { verdict, reasons } = report.loombench;
  const title = `### ${verdict} ${code(titleOf(report))}${statusSuffix(report)}`;
  return [title, list(reasons.map(code))].filter((part) => part !== '').join('\n\n');
}

function thresholdsSection({ loombench }: JsonReport): string {
  const rows = shownThresholds(loombench.thresholds ?? []).map((threshold) => [
    code(threshold.text),
    threshold.observed,
    threshold.result,
    code(threshold.message),
  ]);
  return rows.length === 0 ? '' : table({ columns: THRESHOLD_COLUMNS, rows }, 4);
}

function aggregateSection(report: JsonReport): string {
  const aggregate = shownAggregates(aggregateMetrics(report));
  const notes = [aggregateLegend(report), ...absenceNotes(aggregate.absences)];
  return [table(aggregate, aggregate.numbersFrom), notes.join('\n')].join('\n\n');
}

const RUN_COLUMNS = [
  'calls',
  'throughput_rps',
  'latency_p50',
  'latency_p99',
  'latency_p999',
  'latency_max',
  'error_calls',
  'degraded_calls',
];
const OPEN_LOOP_COLUMNS = ['offered_rps', 'service_time_p99', 'send_lateness_p99', 'unsent_calls'];
const STREAM_COLUMNS = ['ttft_p50', 'ttft_p99', 'message_gap_p50', 'message_gap_p99'];

function runsSection({ runs }: JsonReport): string {
  if (runs.length === 0) return '';
  const streaming = runs.some((run) => run.loombench.streams !== null);
  const shown = runs.slice(0, RUNS_SHOWN);
  const isOpen = runs.some((run) => run.loombench.offeredRps !== null);
  const figures = shownMetrics(shown.map(runMetrics), [
    ...RUN_COLUMNS,
    ...(isOpen ? OPEN_LOOP_COLUMNS : []),
    ...(streaming ? STREAM_COLUMNS : []),
  ]);
  const rows = figures.rows.map((cells, index) => {
    const { run_number = 0, loombench } = shown[index] ?? {};
    return [
      String(run_number),
      ...cells,
      loombench?.verdict ?? '',
      String(loombench?.attempt.attempt ?? ''),
    ];
  });
  const columns = ['run', ...figures.columns, 'verdict', 'attempt'];
  const hidden = runs.length - shown.length;
  const notes = [
    ...absenceNotes(figures.absences),
    ...(hidden > 0 ? [`and ${plural(hidden, 'more run')} in the report file`] : []),
  ];
  return [table({ columns, rows }, 0), notes.join('\n')].filter((part) => part !== '').join('\n\n');
}

function answersSection(report: JsonReport): string {
  const statuses = statusTotals(report).map(({ status, count, share }) => [
    status,
    countText(count),
    shareText(share),
  ]);
  const errors = errorTotals(report).map(
    ({ text, count }) => `${countText(count)} × ${code(text)}`,
  );
  const counted =
    statuses.length === 0
      ? ''
      : table({ columns: ['status', 'calls', 'share'], rows: statuses }, 1);
  return [counted, list(errors)].filter((part) => part !== '').join('\n\n');
}

function factsOf(report: JsonReport): string[] {
  return requestFacts(report).map(({ label, text }) => `${label}: ${code(text)}`);
}

function footer({ environment, loombench }: JsonReport): string {
  const cpu = environment.cpu_model ?? 'CPU not known';
  const parts = [
    `loombench ${loombench.loombenchVersion}`,
    `${environment.num_cpu} × ${cpu}`,
    `Node ${loombench.environment.nodeVersion}`,
    loombench.finishedAtUtc,
    `configuration ${loombench.configHash.slice(0, 12)}`,
  ];
  return `<sub>${code(parts.join(' · '))}</sub>`;
}

function absenceNotes(lines: readonly string[]): string[] {
  return lines.map((line) => `${UNDEFINED_MARK} ${line}`);
}

/** Columns before `numbersFrom` are text. */
function table({ columns, rows }: Omit<ShownTable, 'absences'>, numbersFrom: number): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = columns.map((_, index) => (index < numbersFrom ? '---' : '---:'));
  return [columns, rule, ...rows].map(line).join('\n');
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

function folded(title: string, content: string): string {
  if (content === '') return '';
  return `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
}

/** A code span that no content can end: its fence is longer than any run of backticks inside. */
function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const padding = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return text === '' ? '' : `${fence}${padding}${text}${padding}${fence}`;
}
