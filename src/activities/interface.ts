// What the workflow hands to its activities and gets back. Plain JSON and small: anything big is on the host's disk and
// is named by its run key.

import type { BenchmarkReport } from '../contract/benchmark-report.ts';
import type { BenchmarkConfig } from '../contract/config.ts';
import type { DiscardedSeries } from '../contract/discarded-runs.ts';
import type { CapturedEnvironment } from '../contract/environment.ts';
import type { PrecisionGoal } from '../contract/precision.ts';
import type { RegressionFinding } from '../contract/history.ts';
import type { SuiteRegression } from '../contract/suite.ts';
import type { RegressionWatch } from '../contract/regression-watch.ts';
import type { RunKey, RunPlan, SeriesKey } from '../contract/run-plan.ts';
import type { ArtifactRef, FailedRun, RunSummary } from '../contract/run-result.ts';
import type { LeaseParty, LeaseRequest } from '../contract/target-lease.ts';
import type { SearchAttributeName } from '../contract/search-attributes.ts';

export interface PreparedBenchmark {
  readonly config: BenchmarkConfig;
  readonly configHash: string;
  /** That took the benchmark's first activity. Absent in histories of versions that did not note it. */
  readonly host?: string;
  /** Those of ours that this server knows; setting another would wedge the workflow. */
  readonly searchAttributes: readonly SearchAttributeName[];
  /** How long a run may be silent; absent: 10 s. */
  readonly heartbeatTimeoutMs?: number;
  /** Absent in histories of versions that did not watch. */
  readonly watch?: RegressionWatch;
}

export interface JudgeRequest {
  readonly benchmarkId: string;
  readonly watch: RegressionWatch;
}

/** What goes to whoever is told of a regression. */
export interface RegressionMessage {
  readonly kind: 'loombench-regression';
  readonly benchmarkId: string;
  readonly verdict: 'REGRESSED';
  readonly finding: RegressionFinding;
  readonly markdown: string;
  /** Path of the report on `host`. */
  readonly report: string;
  readonly host: string;
}

/** The same of a suite, all its levels in one. */
export interface SuiteRegressionMessage {
  readonly kind: 'loombench-suite-regression';
  readonly suiteId: string;
  readonly verdict: 'REGRESSED';
  readonly regression: SuiteRegression;
  readonly markdown: string;
  /** Path of the report on `host`. */
  readonly report: string;
  readonly host: string;
}

export type NotifyMessage = RegressionMessage | SuiteRegressionMessage;

export type NotifyChannel =
  | { readonly kind: 'command'; readonly command: string }
  | { readonly kind: 'webhook'; readonly url: string };

export interface NotifyRequest {
  readonly channel: NotifyChannel;
  readonly message: NotifyMessage;
}

export interface HostFacts {
  readonly host: string;
  readonly hostTaskQueue: string;
  readonly environment: CapturedEnvironment;
}

export interface OutputRequest {
  readonly benchmark: Pick<RunKey, 'workflowId' | 'firstExecutionRunId'>;
  readonly outputPath: string;
}

/** A run of the benchmark that is spoken of. */
export type RunRef = Pick<RunKey, 'phase' | 'index'>;

/** Everything about a benchmark that its report states and its runs' files do not. */
export interface BenchmarkFacts {
  readonly benchmark: SeriesKey;
  readonly config: BenchmarkConfig;
  readonly configHash: string;
  readonly environment: CapturedEnvironment;
  readonly startedAtUtc: string;
  readonly finishedAtUtc: string;
  readonly status: 'completed' | 'cancelled';
  readonly warmups: readonly RunRef[];
  readonly runs: readonly RunRef[];
  readonly failedRuns: readonly FailedRun[];
  /** Absent: nothing. */
  readonly discarded?: readonly DiscardedSeries[];
}

/** What statistics has to say over the runs. */
export type BenchmarkSummary = Pick<
  BenchmarkReport,
  | 'aggregate'
  | 'errorRate'
  | 'verdict'
  | 'reasons'
  | 'warnings'
  | 'thresholds'
  | 'statistics'
  | 'precision'
  | 'lostMs'
>;

export interface ReportRequest {
  readonly facts: BenchmarkFacts;
  readonly summary: BenchmarkSummary;
}

export interface WrittenReport {
  readonly report: ArtifactRef;
  /** Absolute; null when the user asked for no copy. */
  readonly outputPath: string | null;
}

export interface RunsRequest {
  readonly benchmark: SeriesKey;
  readonly goal: PrecisionGoal;
  /** Measured ones. */
  readonly finished: readonly RunRef[];
  readonly planned: number;
}

export interface BenchmarkActivities {
  /** Throws ApplicationFailure 'InvalidInput', not retryable, which names every problem of `raw`. */
  readonly prepareBenchmark: (raw: unknown) => Promise<PreparedBenchmark>;
  /** On whichever host takes it: that host then measures. */
  readonly captureEnvironment: (config: BenchmarkConfig) => Promise<HostFacts>;
  /** On a host's presence queue: its name, and with it the word that its worker lives. */
  readonly hostPresence: () => Promise<string>;
  /** Asks for the target; answers with the lease's id, null when there is nothing to lease. Asking twice is asking once. */
  readonly requestLease: (request: LeaseRequest) => Promise<string | null>;
  /** Those of them that run no more. */
  readonly endedParties: (parties: readonly LeaseParty[]) => Promise<LeaseParty[]>;
  readonly prepareOutput: (request: OutputRequest) => Promise<void>;
  /** Idempotent: a finished run is returned from disk, never measured twice. */
  readonly measureRun: (plan: RunPlan) => Promise<RunSummary>;
  /** How many measured runs there should be in all, now that those planned are over. */
  readonly decideRuns: (request: RunsRequest) => Promise<number>;
  readonly summarize: (facts: BenchmarkFacts) => Promise<BenchmarkSummary>;
  readonly writeReport: (request: ReportRequest) => Promise<WrittenReport>;
  /** Among the reports on this host's disk. */
  readonly judgeRegression: (request: JudgeRequest) => Promise<RegressionFinding>;
  /** Throws, to be tried again, until the message was taken. */
  readonly notify: (request: NotifyRequest) => Promise<void>;
}
