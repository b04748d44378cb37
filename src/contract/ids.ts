// Names that must be the same on both sides of a process border.

import type { RunKey } from './run-plan.ts';

/** Workflows and light activities. */
export const MAIN_TASK_QUEUE = 'loombench';
export const BENCHMARK_WORKFLOW_TYPE = 'benchmark';
export const SUITE_WORKFLOW_TYPE = 'benchmarkSuite';
/** Its progress and its outcome are those of a suite. */
export const CAPACITY_WORKFLOW_TYPE = 'capacity';
export const PROGRESS_QUERY = 'progress';
/** The outcome; null until there is one. */
export const REPORT_QUERY = 'report';
/** Both take effect between runs: a run under way is never cut for it. */
export const PAUSE_SIGNAL = 'pause';
export const RESUME_SIGNAL = 'resume';
/** Updates: refused with a sentence when they cannot be done. */
export const ADD_RUNS_UPDATE = 'addRuns';
export const SKIP_RUN_UPDATE = 'skipRun';
export const EXTEND_TIMEOUT_UPDATE = 'extendTimeout';
/** Sent by `retry` after it has put the workflow back. */
export const RETRIED_SIGNAL = 'retried';
/** Of one benchmark, those that are added included. */
export const MAX_RUNS = 1000;
/** Memo keys: readable without a worker, on every server. */
export const MEMO_CONFIG_HASH = 'loombenchConfigHash';
/** The static summary again: that one is lost when a long benchmark begins a new execution. */
export const MEMO_SUMMARY = 'loombenchSummary';
/** Of a suite's level: true when its suite wants it held against its history. */
export const MEMO_WATCHED = 'loombenchWatched';
export const MEMO_OUTCOME = 'loombenchOutcome';
/** Of a cancelled benchmark without a report: its finished runs. */
export const MEMO_KEPT = 'loombenchKept';
/** Which series of runs counts; absent: the first. */
export const MEMO_SERIES = 'loombenchSeries';

/** Stable per host, so that a restarted worker takes its own retry up again. */
export function hostTaskQueue(hostname: string): string {
  return `loombench-host-${hostname}`;
}

/** Where a host's worker shows that it is there: it answers while its one place for a measured run is taken. */
export function hostPresenceQueue(hostname: string): string {
  return `loombench-presence-${hostname}`;
}

/** The benchmark of one level of a suite: by this name it can be watched, paused and started again alone. */
export function levelBenchmarkId(
  suiteId: string,
  { scenario, level }: { readonly scenario: string; readonly level: string },
): string {
  return `${suiteId}--${scenario}--${level}`;
}

/** Whether a benchmark is one of the levels of that suite, by its name. */
export function isLevelOf(suiteId: string, benchmarkId: string): boolean {
  return benchmarkId.startsWith(`${suiteId}--`);
}

/** Directory of a benchmark's artifacts under the artifact root; safe on every file system. */
export function benchmarkDirectoryName(
  key: Pick<RunKey, 'workflowId' | 'firstExecutionRunId'>,
): string {
  return `${fileSafe(key.workflowId)}.${key.firstExecutionRunId}`;
}

/** The workflow id in the name of a benchmark's directory; null for a name that no benchmark has. */
export function benchmarkOfDirectory(name: string): string | null {
  const [, safeId, runId] = /^([\w%-]+)\.([\w-]+)$/.exec(name) ?? [];
  if (safeId === undefined || runId === undefined) return null;
  try {
    const workflowId = decodeURIComponent(safeId);
    return benchmarkDirectoryName({ workflowId, firstExecutionRunId: runId }) === name
      ? workflowId
      : null;
  } catch {
    return null;
  }
}

/** Directory of a run below its benchmark's. */
export function runDirectoryName({
  phase,
  index,
  series = 1,
}: Pick<RunKey, 'phase' | 'index' | 'series'>): string {
  const name = `${phase}-${String(index).padStart(4, '0')}`;
  return series === 1 ? name : `series-${series}-${name}`;
}

/** Injective: what is not plain becomes %XX, so two ids never share a directory. */
function fileSafe(id: string): string {
  return encodeURIComponent(id).replace(/[!'()*.~]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
}
