// One run, as the workflow asks for it: enough to execute it, to find its stored result and to name its files.

import type { CollectorConfig, HarnessConfig } from './config.ts';
import type { HostFingerprint } from './environment.ts';

export const PHASES = ['warmup', 'measured'] as const;
export type Phase = (typeof PHASES)[number];

/**
 * Identity of a run that survives retries, worker restarts and `workflow reset`.
 * The run id of the *first* execution is used because a reset changes the current one.
 */
export interface RunKey {
  readonly workflowId: string;
  readonly firstExecutionRunId: string;
  readonly phase: Phase;
  /** 1-based within its phase. */
  readonly index: number;
  /** 2 and more after a move to another host, which begins all runs anew; absent: the first. */
  readonly series?: number;
}

/** All runs of a benchmark that belong together. */
export type SeriesKey = Pick<RunKey, 'workflowId' | 'firstExecutionRunId' | 'series'>;

export interface RunPlan {
  readonly key: RunKey;
  readonly harness: HarnessConfig;
  readonly collect: CollectorConfig;
  readonly perRunWarmupMs: number;
  /** The lease on the target that must be held; absent when there is none. */
  readonly leaseId?: string;
  /** The host as it was when the benchmark began on it; absent: there is nothing to hold it against. */
  readonly hostReference?: HostFingerprint;
}

/** What a run tells while it goes on; the heartbeat details of its activity. */
export interface RunProgress {
  readonly phase: Phase;
  readonly index: number;
  readonly stage: 'starting-target' | 'connecting' | 'loading' | 'draining' | 'storing';
  readonly elapsedMs: number;
  readonly completed: number;
  readonly errors: number;
  readonly inFlight: number;
  /** Over the last second; null before anything completed. */
  readonly recentRps: number | null;
  readonly latencyP50Us: number | null;
  readonly latencyP99Us: number | null;
  /** 0…1, null when the end is not known. */
  readonly fraction: number | null;
}

/** The progress of a run that has no calls yet. */
export function progressWithoutCalls(
  { phase, index }: Pick<RunKey, 'phase' | 'index'>,
  stage: RunProgress['stage'],
  elapsedMs: number,
): RunProgress {
  return {
    phase,
    index,
    stage,
    elapsedMs,
    completed: 0,
    errors: 0,
    inFlight: 0,
    recentRps: null,
    latencyP50Us: null,
    latencyP99Us: null,
    fraction: null,
  };
}
