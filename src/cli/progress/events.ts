// The plain display, for logs and pipes: what happened between two looks at a benchmark, one line per event.

import type { BenchmarkProgress, BenchmarkStage } from '../../contract/benchmark-state.ts';
import { discardedText } from '../../contract/discarded-runs.ts';
import type { PendingStep } from '../../temporal/benchmark-client.ts';
import type { LiveState } from './live-state.ts';
import {
  failedRunText,
  finishedCount,
  finishedRunText,
  isPaused,
  runCount,
  runName,
  stageText,
} from './run-text.ts';

/** Lines for what is new in `next`. `previous` is null at the first look: all finished runs are then told. */
export function eventsBetween(previous: LiveState | null, next: LiveState): string[] {
  return [
    ...contactEvents(previous, next),
    ...moveEvents(progressOf(previous), progressOf(next)),
    ...finishedEvents(progressOf(previous), progressOf(next)),
    ...pauseEvents(previous, next),
    ...stageEvents(progressOf(previous)?.stage ?? null, progressOf(next)?.stage ?? null),
    ...attemptEvents(previous?.answer?.pending ?? null, next),
  ];
}

function progressOf(state: LiveState | null): BenchmarkProgress | null {
  return state?.answer?.progress ?? null;
}

/** Also used by the block display, which has no other place to say it lastingly. */
export function contactEvents(previous: LiveState | null, next: LiveState): string[] {
  const wasInContact = previous?.inContact ?? true;
  if (wasInContact === next.inContact) return [];
  return next.inContact
    ? ['The Temporal server answers again.']
    : ['The Temporal server does not answer; trying again. The benchmark is safe.'];
}

/** What was measured on a host that is given up, and where it goes on. */
function moveEvents(before: BenchmarkProgress | null, now: BenchmarkProgress | null): string[] {
  const known = before?.discarded?.length ?? 0;
  return (now?.discarded ?? []).slice(known).map((series) => `discarded: ${discardedText(series)}`);
}

function finishedEvents(before: BenchmarkProgress | null, now: BenchmarkProgress | null): string[] {
  if (now === null) return [];
  const hasMoved = (before?.discarded?.length ?? 0) < (now.discarded?.length ?? 0);
  const told = hasMoved ? null : before;
  const fresh = finishedCount(now) - (told === null ? 0 : finishedCount(told));
  return [
    ...now.finished
      .slice(Math.max(0, now.finished.length - fresh))
      .map((run) => finishedRunText(run, runCount(now, run.key.phase))),
    ...now.failed
      .slice(told?.failed.length ?? 0)
      .map((run) => failedRunText(run, runCount(now, run.key.phase))),
  ];
}

function pauseEvents(previous: LiveState | null, next: LiveState): string[] {
  const wasPaused = isPaused(previous?.answer ?? null);
  const paused = isPaused(next.answer);
  if (paused === wasPaused) return [];
  return paused ? [`paused; go on: loombench resume ${next.benchmarkId}`] : ['goes on'];
}

/** A repeated attempt is told once, with what ended the one before. */
function attemptEvents(before: PendingStep | null, next: LiveState): string[] {
  const pending = next.answer?.pending ?? null;
  if (pending === null || pending.attempt <= 1) return [];
  if (before !== null && sameAttempt(before, pending)) return [];
  const reason = pending.lastFailure === null ? '' : `: ${pending.lastFailure}`;
  return [`${stepName(next)} is tried again, attempt ${pending.attempt}${reason}`];
}

function sameAttempt(a: PendingStep, b: PendingStep): boolean {
  return a.activityType === b.activityType && a.attempt === b.attempt;
}

function stepName(state: LiveState): string {
  const stage = state.answer?.progress?.stage;
  return stage === undefined ? 'the current step' : stageText(stage);
}

/** The others pass by themselves, or are said elsewhere. */
const TOLD_STAGES: ReadonlySet<BenchmarkStage['kind']> = new Set([
  'waiting-for-target',
  'waiting-for-host',
  'seeking-host',
  'summarizing',
  'writing-report',
]);

function stageEvents(before: BenchmarkStage | null, now: BenchmarkStage | null): string[] {
  if (now === null || (before !== null && stageText(before) === stageText(now))) return [];
  if (now.kind === 'running') return [`${runName(now.phase, now.index, now.of)} started`];
  if (now.kind === 'waiting-for-space') return [`${stageText(now)}: ${now.message}`];
  return TOLD_STAGES.has(now.kind) ? [stageText(now)] : [];
}
