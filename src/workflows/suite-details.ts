// The Markdown that the Web UI shows for a suite.

import { waitingForTargetText } from '../contract/target-lease.ts';
import { detailsTable, unbroken, type DetailsColumn } from './details-table.ts';
import type { LevelOutcome, SuiteProgress, SuiteStage } from '../contract/suite.ts';

/** Current details are sent whole with every query: only the newest rows are shown. */
const MAX_ROWS = 60;

export function suiteDetails(progress: SuiteProgress, closing: readonly string[]): string {
  const { finished, levels, remainingMs, stage } = progress;
  const left = stage.kind === 'done' ? '' : ` · about ${minutes(remainingMs)} to go`;
  const lines = [`**${suiteStageText(stage)}** · ${finished.length} of ${levels} levels${left}`];
  if (closing.length > 0) lines.push('', ...closing);
  if (finished.length > 0) lines.push('', ...table(finished));
  return lines.join('\n');
}

const COLUMNS: readonly DetailsColumn[] = [
  { title: '#', align: 'right' },
  { title: 'scenario', align: 'left' },
  { title: 'level', align: 'left' },
  { title: 'calls/s', align: 'right' },
  { title: 'p50 µs', align: 'right' },
  { title: 'p99 µs', align: 'right' },
  { title: 'outcome', align: 'left' },
];

function table(finished: SuiteProgress['finished']): string[] {
  return detailsTable(
    COLUMNS.map(({ title, align }) => ({ title: unbroken(title), align })),
    finished.slice(-MAX_ROWS).map(row),
  );
}

function suiteStageText(stage: SuiteStage): string {
  switch (stage.kind) {
    case 'planning':
      return 'planning';
    case 'measuring':
      return `level ${stage.position}: ${stage.benchmarkId}`;
    case 'waiting-for-target':
      return waitingForTargetText(stage);
    case 'cooling-down':
      return 'cooling down';
    case 'paused':
      return 'paused';
    case 'writing-report':
      return 'writing the report';
    case 'done':
      return 'done';
    default:
      return stage satisfies never;
  }
}

function row({ scenario, level, position, outcome }: SuiteProgress['finished'][number]): string[] {
  const figures = outcome.kind === 'measured' ? outcome.figures : null;
  return [
    String(position),
    scenario,
    level,
    number(figures?.throughput.median, 1),
    number(figures?.latencyP50.median, 0),
    number(figures?.latencyP99.median, 0),
    outcomeText(outcome),
  ];
}

function outcomeText(outcome: LevelOutcome): string {
  switch (outcome.kind) {
    case 'measured':
      return outcome.trial?.verdict ?? outcome.verdict;
    case 'invalid':
      return `INVALID: ${cell(outcome.reasons.join('; '))}`;
    case 'failed':
      return `failed: ${cell(outcome.reason)}`;
    case 'skipped':
      return `skipped: ${cell(outcome.reason)}`;
    default:
      return outcome satisfies never;
  }
}

function cell(text: string): string {
  return text.replace(/[|\s]+/g, ' ').slice(0, 200);
}

function number(value: number | null | undefined, digits: number): string {
  return value === null || value === undefined ? '–' : value.toFixed(digits);
}

function minutes(ms: number): string {
  return ms < 60_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}
