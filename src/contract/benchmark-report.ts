// Everything a finished benchmark is, before any format: what the workflow and BenchmarkRunner end with alike.
// `report` turns it into text and JSON; nothing is computed after this.

import type { BenchmarkStatistics } from './benchmark-statistics.ts';
import type { BenchmarkConfig } from './config.ts';
import type { DiscardedSeries } from './discarded-runs.ts';
import type { CapturedEnvironment } from './environment.ts';
import type { JsonAggregate, Stats } from './report.ts';
import type { FailedRun, StoredRun } from './run-result.ts';
import type { PrecisionResult } from './precision.ts';
import type { ThresholdResult } from './threshold.ts';
import type { Verdict, Warning } from './warning.ts';

/** A measured run with the raw values that the report publishes; absent when not collected. */
export interface ReportedRun extends StoredRun {
  /** Ok calls of the window, ascending integer µs. */
  readonly rawLatenciesUs?: readonly number[];
}

/** The seed's BenchmarkReport. */
export interface BenchmarkReport {
  readonly benchmarkId: string;
  readonly config: BenchmarkConfig;
  readonly configHash: string;
  readonly environment: CapturedEnvironment;
  readonly loombenchVersion: string;
  /** Of the server under test; "" when it does not say. */
  readonly loomVersion: string;
  readonly startedAtUtc: string;
  readonly finishedAtUtc: string;
  readonly status: 'completed' | 'cancelled' | 'interrupted';
  readonly durable: boolean;
  readonly warmups: readonly StoredRun[];
  readonly runs: readonly ReportedRun[];
  readonly failedRuns: readonly FailedRun[];
  /** What was measured on hosts that were given up; absent: nothing. */
  readonly discarded?: readonly DiscardedSeries[];
  readonly aggregate: JsonAggregate;
  readonly errorRate: Stats;
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
  /** Wall time that attempts thrown away have cost. */
  readonly lostMs: number;
}
