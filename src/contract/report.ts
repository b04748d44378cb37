// `report.json`: Loom's schema by its own JSON names, plus one key, `loombench`, at the top level and in each run.

import type { BenchmarkStatistics } from './benchmark-statistics.ts';
import type { BenchmarkConfig } from './config.ts';
import type { DiscardedSeries } from './discarded-runs.ts';
import type { EnvironmentInfo, RuntimeEnvironment } from './environment.ts';
import type { GcCorrelation, ResourceSample } from './resources.ts';
import type { AttemptAccount, FailedRun, RunMeasurement, ThroughputBucket } from './run-result.ts';
import type { Stats } from './stats.ts';
import type { PrecisionResult } from './precision.ts';
import type { ThresholdResult } from './threshold.ts';
import type { Verdict, Warning } from './warning.ts';

export type { Stats };

export const BENCHMARK_VERSION = '1.0.0';

export interface JsonConfig {
  readonly concurrency: number;
  readonly total_requests?: number;
  readonly duration_ms?: number;
  readonly llm_base_latency_ms: number;
  readonly llm_jitter_ms: number;
  readonly llm_error_rate: number;
  readonly llm_concurrency_limit: number;
  readonly use_streaming: boolean;
  readonly num_agents: number;
}

export interface JsonRunResult {
  readonly run_number: number;
  readonly throughput_rps: number | null;
  readonly latency_p50_us: number | null;
  readonly latency_p90_us: number | null;
  readonly latency_p95_us: number | null;
  readonly latency_p99_us: number | null;
  readonly latency_min_us: number | null;
  readonly latency_max_us: number | null;
  readonly latency_avg_us: number | null;
  readonly error_count: number;
  readonly error_rate: number | null;
  readonly total_requests: number;
  readonly wall_time_ms: number;
  readonly throughput_timeline?: readonly ThroughputBucket[];
  readonly latency_histogram?: readonly number[];
  readonly resource_timeline?: readonly ResourceSample[];
  readonly gc_correlation?: GcCorrelation;
  readonly loombench: RunExtension;
}

/** What Loom lacks, per run: the measurement itself and how it came about. */
export interface RunExtension extends RunMeasurement {
  readonly attempt: AttemptAccount;
  readonly host: string;
}

export interface JsonAggregate {
  readonly throughput_rps: Stats;
  readonly latency_p50_us: Stats;
  readonly latency_p90_us: Stats;
  readonly latency_p95_us: Stats;
  readonly latency_p99_us: Stats;
}

export interface ReportExtension {
  readonly loombenchVersion: string;
  readonly benchmarkId: string;
  readonly configHash: string;
  readonly config: BenchmarkConfig;
  readonly environment: RuntimeEnvironment;
  readonly status: 'completed' | 'cancelled' | 'interrupted';
  readonly verdict: Verdict;
  /** Why the verdict is what it is, one sentence each. */
  readonly reasons: readonly string[];
  readonly warnings: readonly Warning[];
  /** In the order of the config; absent when it has none. */
  readonly thresholds?: readonly ThresholdResult[];
  /** Absent when the number of runs was fixed. */
  readonly precision?: PrecisionResult;
  /** Absent when there is no valid run, and in reports of versions that did not compute it. */
  readonly statistics?: BenchmarkStatistics;
  /** Runs that the aggregate is over. */
  readonly validRuns: number;
  readonly failedRuns: readonly FailedRun[];
  /** What was measured on hosts that were given up; in no figure. Absent: nothing. */
  readonly discarded?: readonly DiscardedSeries[];
  /** Not in the aggregate. */
  readonly warmupRuns: readonly WarmupRun[];
  readonly errorRate: Stats;
  readonly durable: boolean;
  readonly startedAtUtc: string;
  readonly finishedAtUtc: string;
  readonly lostMs: number;
}

export interface WarmupRun {
  readonly index: number;
  readonly throughputRps: number | null;
  readonly latencyP50Us: number | null;
  readonly latencyP99Us: number | null;
  readonly attempt: AttemptAccount;
}

export interface JsonReport {
  readonly benchmark_version: string;
  /** Of the server under test; "" when it does not say. */
  readonly loom_version: string;
  readonly environment: EnvironmentInfo;
  readonly scenario: string;
  readonly config: JsonConfig;
  readonly warmup_runs: number;
  readonly measured_runs: number;
  readonly runs: readonly JsonRunResult[];
  readonly aggregate: JsonAggregate;
  readonly loombench: ReportExtension;
}
