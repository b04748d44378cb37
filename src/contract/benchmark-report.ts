// A finished benchmark as a value: what `summarize` puts together and `toJson` turns into `report.json`.

import type { BenchmarkConfig } from './config.ts';
import type { CapturedEnvironment } from './environment.ts';
import type { JsonAggregate, Stats } from './report.ts';
import type { FailedRun, StoredRun } from './run-result.ts';
import type { Verdict, Warning } from './warning.ts';

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
  readonly runs: readonly (StoredRun & { readonly rawLatenciesUs?: readonly number[] })[];
  readonly failedRuns: readonly FailedRun[];
  readonly aggregate: JsonAggregate;
  readonly errorRate: Stats;
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  readonly warnings: readonly Warning[];
  readonly lostMs: number;
}
