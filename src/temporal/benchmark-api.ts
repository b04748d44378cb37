// The nouns of the benchmark client: what may be asked about a benchmark and what comes back.

import type { BenchmarkOutcome, BenchmarkProgress } from '../contract/benchmark-state.ts';
import type { KeptRuns } from '../contract/kept-runs.ts';
import type { RunProgress } from '../contract/run-plan.ts';
import type { OutcomeVerdict } from '../contract/warning.ts';

export interface StartRequest {
  /** The benchmark's id = workflow id. */
  readonly benchmarkId: string;
  /** Passed to the workflow as it is; undefined starts it without an argument. Relative paths in it are resolved by the caller. */
  readonly raw: unknown;
  /** One line for the Web UI, such as "quick · 3 runs of 5 s, concurrency 10". */
  readonly summary?: string;
  /** Markdown for the Web UI. */
  readonly details?: string;
  /** Kept in the memo, so that attaching with another configuration can be told. */
  readonly configHash?: string;
  /** The server ends the workflow then; without it the workflow's own deadline counts alone. */
  readonly executionTimeoutMs?: number;
}

export interface StartedBenchmark {
  /** `attached`: the id exists already (running, or completed) and nothing was started. */
  readonly kind: 'started' | 'attached';
  readonly benchmarkId: string;
  readonly firstExecutionRunId: string;
  /** Attached: whether the existing one was started with the same configuration hash; null when unknown. */
  readonly sameConfig: boolean | null;
}

export type BenchmarkEnd = WorkflowEnd<BenchmarkOutcome>;

/** Of a benchmark, or of a suite of them. */
export type WorkflowEnd<Outcome> =
  | { readonly kind: 'completed'; readonly outcome: Outcome }
  /** `outcome` has the partial report; null when it was stopped before there was one. */
  | {
      readonly kind: 'cancelled';
      readonly outcome: Outcome | null;
      /** Finished runs that no report could be written of. */
      readonly kept?: KeptRuns;
    }
  /** `code` is a FailureCode, 'InvalidInput', or Temporal's failure type; message is for the user. */
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly message: string;
      readonly outcome: Outcome | null;
    }
  | { readonly kind: 'terminated'; readonly message: string }
  | { readonly kind: 'timed-out'; readonly message: string };

export const BENCHMARK_STATES = [
  'running',
  'paused',
  'completed',
  'failed',
  'cancelled',
  'terminated',
  'timed-out',
  'unknown',
] as const;
export type BenchmarkState = (typeof BENCHMARK_STATES)[number];

/** The activity that is under way or waiting for its next attempt. */
export interface PendingStep {
  readonly activityType: string;
  readonly attempt: number;
  readonly running: boolean;
  /** Why the attempt before failed; null for a first attempt. */
  readonly lastFailure: string | null;
  readonly nextAttemptAtUtc: string | null;
}

/** Everything a live display needs, in one call. */
export interface LiveProgress {
  readonly state: BenchmarkState;
  /** null: no worker answered the query. */
  readonly progress: BenchmarkProgress | null;
  /** The run under way, by its last heartbeat; null between runs. */
  readonly live: RunProgress | null;
  readonly pending: PendingStep | null;
}

export interface BenchmarkListItem {
  readonly kind: 'benchmark' | 'suite';
  readonly benchmarkId: string;
  readonly runId: string;
  readonly state: BenchmarkState;
  readonly startedAtUtc: string;
  readonly closedAtUtc: string | null;
  readonly scenario: string | null;
  readonly target: string | null;
  readonly verdict: OutcomeVerdict | null;
}

export interface BenchmarkDescription extends BenchmarkListItem {
  readonly summary: string | null;
  readonly configHash: string | null;
  readonly historyEvents: number;
  readonly pending: PendingStep | null;
}

/** All methods throw BenchmarkError 'temporal-unreachable' or 'benchmark-not-found'. */
export interface BenchmarkClient {
  readonly start: (request: StartRequest) => Promise<StartedBenchmark>;
  /** Waits for the end, over outages of the server; ends early (rejects with the reason) when `signal` aborts. */
  readonly result: (benchmarkId: string, signal?: AbortSignal) => Promise<BenchmarkEnd>;
  readonly progress: (benchmarkId: string) => Promise<LiveProgress>;
  readonly describe: (benchmarkId: string) => Promise<BenchmarkDescription>;
  /** Newest first. */
  readonly list: (options?: { readonly limit?: number }) => Promise<BenchmarkListItem[]>;
  readonly cancel: (benchmarkId: string) => Promise<void>;
  /** Takes effect between runs. */
  readonly pause: (benchmarkId: string) => Promise<void>;
  readonly resume: (benchmarkId: string) => Promise<void>;
  /**
   * More measured runs; answers with how many there are then. This and the next two throw 'steering-refused' with the
   * workflow's reason, or when no worker is up to decide.
   */
  readonly addRuns: (benchmarkId: string, count: number) => Promise<number>;
  /** Leaves out a measured run by its number, or with null the run under way; answers with its number. */
  readonly skipRun: (benchmarkId: string, index: number | null) => Promise<number>;
  /** Answers with the time, UTC, at which the benchmark will be given up. */
  readonly extendTimeout: (benchmarkId: string, byMs: number) => Promise<string>;
  /** Puts an ended benchmark back before what failed; finished runs stay. 'steering-refused' when there is nothing to retry. */
  readonly retry: (benchmarkId: string) => Promise<void>;
}
