// The live display for a terminal: a few lines that are redrawn. A pure function of what is known.

import { discardedText } from '../../contract/discarded-runs.ts';
import type { RunProgress } from '../../contract/run-plan.ts';
import type { LiveProgress, PendingStep } from '../../temporal/benchmark-client.ts';
import { countText, elapsedText, latencyText, rateText } from '../quantity-text.ts';
import type { LiveState } from './live-state.ts';
import {
  finishedCount,
  finishedRunText,
  isPaused,
  runCount,
  runStageText,
  stageText,
} from './run-text.ts';

/** Older runs scroll out of the block: it must fit a small terminal. */
const FINISHED_RUNS_SHOWN = 4;
const BAR_CELLS = 24;

/** No line is longer than `columns`, because a wrapped line breaks redrawing. */
export function blockLines(state: LiveState, columns: number): string[] {
  const lines = [
    ...finishedLines(state.answer),
    headline(state),
    ...runLines(state.answer?.live ?? null),
    ...troubleLines(state),
    ...(state.webUiUrl === null ? [] : [`Web UI  ${state.webUiUrl}`]),
  ];
  return lines.map((line) => clipped(line, columns));
}

function finishedLines(answer: LiveProgress | null): string[] {
  const progress = answer?.progress;
  if (!progress) return [];
  const hidden = Math.max(0, finishedCount(progress) - FINISHED_RUNS_SHOWN);
  return [
    ...(hidden === 0 ? [] : [`… ${countText(hidden, 'earlier run')}`]),
    ...progress.finished
      .slice(-FINISHED_RUNS_SHOWN)
      .map((run) => finishedRunText(run, runCount(progress, run.key.phase))),
    ...(progress.discarded ?? []).map((series) => `discarded: ${discardedText(series)}`),
    ...(progress.failed.length === 0 ? [] : [`${countText(progress.failed.length, 'run')} failed`]),
  ];
}

function headline(state: LiveState): string {
  return [state.benchmarkId, doing(state.answer), elapsedText(state.watchedMs)].join(' · ');
}

function doing(answer: LiveProgress | null): string {
  if (answer === null) return 'starting';
  if (isPaused(answer)) return 'paused';
  if (answer.progress !== null) return stageText(answer.progress.stage);
  return 'waiting for a worker';
}

function runLines(live: RunProgress | null): string[] {
  if (live === null) return [];
  const facts = [
    rateText(live.recentRps),
    `p50 ${latencyText(live.latencyP50Us)}`,
    `p99 ${latencyText(live.latencyP99Us)}`,
    countText(live.completed, 'call'),
    countText(live.errors, 'error'),
    `${live.inFlight} in flight`,
  ];
  return [
    `${bar(live.fraction)}${runStageText(live.stage)} · ${elapsedText(live.elapsedMs)}`,
    facts.join(' · '),
  ];
}

function bar(fraction: number | null): string {
  if (fraction === null) return '';
  const share = Math.min(1, Math.max(0, fraction));
  const filled = Math.floor(share * BAR_CELLS);
  return `[${'='.repeat(filled)}${' '.repeat(BAR_CELLS - filled)}] ${Math.floor(share * 100)} % · `;
}

function troubleLines(state: LiveState): string[] {
  return [
    ...(state.inContact ? [] : ['no answer from the Temporal server; trying again']),
    ...retryLines(state.answer?.pending ?? null),
  ];
}

function retryLines(pending: PendingStep | null): string[] {
  if (pending === null || pending.attempt <= 1) return [];
  const reason = pending.lastFailure === null ? '' : `: ${pending.lastFailure}`;
  return [`attempt ${pending.attempt}${reason}`];
}

function clipped(line: string, columns: number): string {
  const flat = line.replace(/\s*\n\s*/g, ' ');
  return flat.length <= columns ? flat : `${flat.slice(0, Math.max(0, columns - 1))}…`;
}
