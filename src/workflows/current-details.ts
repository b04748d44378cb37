// The Markdown that the Web UI shows for a benchmark: where it is, what its runs gave, and at the end where the report is.

import type { BenchmarkProgress, BenchmarkStage } from '../contract/benchmark-state.ts';
import { discardedText } from '../contract/discarded-runs.ts';
import { hostWaitText } from '../contract/host-policy.ts';
import { waitingForTargetText } from '../contract/target-lease.ts';
import type { RunSummary } from '../contract/run-result.ts';

/** Current details are sent whole with every query: only the newest rows are shown. */
const MAX_ROWS = 50;

export function currentDetails(progress: BenchmarkProgress, closing: readonly string[]): string {
  const measured =
    progress.finishedCounts?.measured ??
    progress.finished.filter((run) => run.key.phase === 'measured').length;
  const lines = [
    `**${stageText(progress.stage)}** · measured ${measured}/${progress.runs}` +
      (progress.failed.length === 0 ? '' : ` · failed ${progress.failed.length}`) +
      (progress.host === undefined || progress.host === null ? '' : ` · on ${progress.host}`),
  ];
  if (progress.finished.length > 0) lines.push('', ...table(progress.finished));
  for (const failed of progress.failed) {
    lines.push(
      '',
      `${failed.key.phase} ${failed.key.index} failed (${failed.code}): ${failed.message}`,
    );
  }
  for (const series of progress.discarded ?? [])
    lines.push('', `discarded: ${discardedText(series)}`);
  if (closing.length > 0) lines.push('', ...closing);
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

function table(runs: readonly RunSummary[]): string[] {
  return [
    '| run | throughput /s | p50 µs | p99 µs | errors | verdict | attempt |',
    '| --- | ---: | ---: | ---: | ---: | --- | ---: |',
    ...runs.slice(-MAX_ROWS).map(row),
  ];
}

function row(run: RunSummary): string {
  const cells = [
    `${run.key.phase} ${run.key.index}`,
    ...(run.verdict === 'INVALID' ? ['–', '–', '–'] : figures(run)), // which failed a check
    run.errorRate === null ? '–' : `${(run.errorRate * 100).toFixed(2)} %`,
    run.verdict,
    String(run.attempt.attempt),
  ];
  return `| ${cells.join(' | ')} |`;
}

function figures(run: RunSummary): readonly string[] {
  return [number(run.throughputRps, 1), number(run.latencyP50Us, 0), number(run.latencyP99Us, 0)];
}

function number(value: number | null, digits: number): string {
  return value === null ? '–' : value.toFixed(digits);
}
