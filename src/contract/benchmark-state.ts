// What a running benchmark tells through its `progress` query, and what it returns at the end.

import type { JsonAggregate } from './report.ts';
import type { ArtifactRef, FailedRun, RunSummary } from './run-result.ts';
import type { Phase } from './run-plan.ts';
import type { ThresholdResult } from './threshold.ts';
import type { Verdict } from './warning.ts';

export type BenchmarkStage =
  | { readonly kind: 'preparing' }
  | { readonly kind: 'running'; readonly phase: Phase; readonly index: number; readonly of: number }
  | { readonly kind: 'cooling-down' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'summarizing' }
  | { readonly kind: 'writing-report' }
  | { readonly kind: 'done' };

export interface BenchmarkProgress {
  readonly stage: BenchmarkStage;
  readonly warmupRuns: number;
  readonly runs: number;
  readonly finished: readonly RunSummary[];
  readonly failed: readonly FailedRun[];
  readonly hostTaskQueue: string | null;
}

/** The workflow's result: small; the full report is behind `report`. */
export interface BenchmarkOutcome {
  readonly benchmarkId: string;
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  /** Absent when the config has none. */
  readonly thresholds?: readonly ThresholdResult[];
  readonly status: 'completed' | 'cancelled' | 'interrupted';
  readonly aggregate: JsonAggregate;
  readonly runs: readonly RunSummary[];
  readonly failedRuns: readonly FailedRun[];
  readonly report: ArtifactRef;
  /** Where the user asked for a copy; null when nowhere. */
  readonly outputPath: string | null;
  readonly host: string;
}
