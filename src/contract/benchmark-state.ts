// What a running benchmark tells through its `progress` query, and what it returns at the end.

import type { DiscardedSeries } from './discarded-runs.ts';
import type { HostWait } from './host-policy.ts';
import type { JsonAggregate } from './report.ts';
import type { ArtifactRef, FailedRun, RunSummary } from './run-result.ts';
import type { Phase } from './run-plan.ts';
import type { ThresholdResult } from './threshold.ts';
import type { RegressionFinding } from './history.ts';
import type { OutcomeVerdict } from './warning.ts';

export type BenchmarkStage =
  | { readonly kind: 'preparing' }
  | { readonly kind: 'running'; readonly phase: Phase; readonly index: number; readonly of: number }
  | { readonly kind: 'cooling-down' }
  | { readonly kind: 'paused' }
  /** The measuring host's disk is full; the run is tried again now and then. */
  | { readonly kind: 'waiting-for-space'; readonly message: string }
  /** Another benchmark loads the target; `behind`: ids of those that come first, the holder first. */
  | {
      readonly kind: 'waiting-for-target';
      readonly address: string;
      readonly behind: readonly string[];
    }
  | HostWait
  | { readonly kind: 'summarizing' }
  | { readonly kind: 'writing-report' }
  | { readonly kind: 'done' };

export interface BenchmarkProgress {
  readonly stage: BenchmarkStage;
  readonly warmupRuns: number;
  readonly runs: number;
  /** The newest, at most MAX_LISTED_RUNS; `finishedCounts` counts all. */
  readonly finished: readonly RunSummary[];
  /** All finished runs; absent in what an older worker says, which lists all. */
  readonly finishedCounts?: Readonly<Record<Phase, number>>;
  readonly failed: readonly FailedRun[];
  readonly hostTaskQueue: string | null;
  /** That measures it; null when it is not known yet. Absent in what an older worker says. */
  readonly host?: string | null;
  /** What was measured on hosts that were given up; absent: nothing. */
  readonly discarded?: readonly DiscardedSeries[];
}

/** Runs whose figures travel with progress and result: a payload stays far below Temporal's 256 KB. */
export const MAX_LISTED_RUNS = 200;
/** A benchmark in which so many runs failed measures no more. */
export const MAX_FAILED_RUNS = 100;

/** The workflow's result: small; the full report is behind `report`. */
export interface BenchmarkOutcome {
  readonly benchmarkId: string;
  readonly verdict: OutcomeVerdict;
  readonly reasons: readonly string[];
  /** Absent when the config has none. */
  readonly thresholds?: readonly ThresholdResult[];
  /** Absent when it was not held against its history. */
  readonly regression?: RegressionFinding;
  readonly status: 'completed' | 'cancelled' | 'interrupted';
  readonly aggregate: JsonAggregate;
  /** The newest, at most MAX_LISTED_RUNS; the report has all. */
  readonly runs: readonly RunSummary[];
  /** All finished runs; absent when `runs` has all. */
  readonly finishedCounts?: Readonly<Record<Phase, number>>;
  readonly failedRuns: readonly FailedRun[];
  /** What was measured on hosts that were given up; absent: nothing. */
  readonly discarded?: readonly DiscardedSeries[];
  readonly report: ArtifactRef;
  /** Where the user asked for a copy; null when nowhere. */
  readonly outputPath: string | null;
  readonly host: string;
}
