// The Markdown that the Web UI shows for a benchmark: where it is, what its runs gave, and at the end where the report is.

import type { BenchmarkProgress, BenchmarkStage } from '../contract/benchmark-state.ts';
import { discardedText } from '../contract/discarded-runs.ts';
import { hostWaitText } from '../contract/host-policy.ts';
import { waitingForTargetText } from '../contract/target-lease.ts';
import type { RunSummary } from '../contract/run-result.ts';
import { detailsTable, unbroken, type DetailsColumn } from './details-table.ts';

/** Current details are sent whole with every query: only the newest rows are shown. */
const MAX_ROWS = 50;

/** What came of it stands above the table, which may be long. */
export function currentDetails(progress: BenchmarkProgress, closing: readonly string[]): string {
  const measured =
    progress.finishedCounts?.measured ??
    progress.finished.filter((run) => run.key.phase === 'measured').length;
  const lines = [
    `**${stageText(progress.stage)}** · measured ${measured} of ${progress.runs}` +
      (progress.failed.length === 0 ? '' : ` · failed ${progress.failed.length}`) +
      (progress.host === undefined || progress.host === null ? '' : ` · on ${progress.host}`),
  ];
  if (closing.length > 0) lines.push('', ...closing);
  if (progress.finished.length > 0) lines.push('', ...table(progress.finished));
  for (const failed of progress.failed) {
    lines.push(
      '',
      `${failed.key.phase} ${failed.key.index} failed (${failed.code}): ${failed.message}`,
    );
  }
  for (const series of progress.discarded ?? [])
    lines.push('', `discarded: ${discardedText(series)}`);
  return lines.join('\n');
}

export function stageText(stage: BenchmarkStage): string {
  switch (stage.kind) {
    case 'preparing':
      return 'preparing';
    case 'running':
      return `${stage.phase} ${stage.index}/${stage.of}`;
    case 'cooling-down':
      return 'cooling down';
    case 'paused':
      return 'paused';
    case 'waiting-for-space':
      return `waiting for disk space (${stage.message})`;
    case 'waiting-for-target':
      return waitingForTargetText(stage);
    case 'waiting-for-host':
    case 'seeking-host':
      return hostWaitText(stage);
    case 'summarizing':
      return 'summarizing';
    case 'writing-report':
      return 'writing the report';
    case 'done':
      return 'done';
    default:
      return stage satisfies never;
  }
}

const COLUMNS: readonly DetailsColumn[] = [
  { title: '', align: 'left' },
  { title: 'calls/s', align: 'right' },
  { title: 'p50 µs', align: 'right' },
  { title: 'p99 µs', align: 'right' },
  { title: 'errors', align: 'right' },
  { title: 'verdict', align: 'left' },
];

function table(runs: readonly RunSummary[]): string[] {
  return detailsTable(
    COLUMNS.map(({ title, align }) => ({ title: unbroken(title), align })),
    runs.slice(-MAX_ROWS).map(row),
  );
}

function row(run: RunSummary): string[] {
  const { attempt } = run.attempt;
  return [
    unbroken(`${run.key.phase === 'measured' ? 'run' : 'warm-up'} ${run.key.index}`),
    ...(run.verdict === 'INVALID' ? ['–', '–', '–'] : figures(run)), // which failed a check
    run.errorRate === null ? '–' : unbroken(`${(run.errorRate * 100).toFixed(2)} %`),
    attempt === 1 ? run.verdict : `${run.verdict}, attempt ${attempt}`,
  ];
}

function figures(run: RunSummary): readonly string[] {
  return [number(run.throughputRps, 1), number(run.latencyP50Us, 0), number(run.latencyP99Us, 0)];
}

function number(value: number | null, digits: number): string {
  return value === null ? '–' : value.toFixed(digits);
}
