// What the activities do their work with. Injected, so that each can be tried without the others, and so that the worker
// alone decides which harness, which disk and which server they use.

import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import type { BenchmarkReport } from '../contract/benchmark-report.ts';
import type { BenchmarkConfig } from '../contract/config.ts';
import type { CapturedEnvironment } from '../contract/environment.ts';
import type { RunKey, RunPlan, RunProgress } from '../contract/run-plan.ts';
import type { RunMeasurement, StoredRun } from '../contract/run-result.ts';
import type { RunCost } from '../contract/suite.ts';
import type { SearchAttributeName } from '../contract/search-attributes.ts';
import type { ReportDocument } from '../report/render-report.ts';
import type { TextSource } from '../runtime/atomic-file.ts';
import type { HeldLock } from '../runtime/host-lock.ts';
import type { TargetLeases } from '../temporal/target-leases.ts';
import type { BenchmarkFacts, BenchmarkSummary } from './interface.ts';

export interface ConfigProblem {
  readonly path: string;
  readonly message: string;
  readonly hint?: string;
}

export type ConfigResolution =
  | { readonly kind: 'ok'; readonly config: BenchmarkConfig; readonly configHash: string }
  | { readonly kind: 'invalid'; readonly problems: readonly ConfigProblem[] };

export interface RunHooks {
  readonly directory: string;
  readonly signal: AbortSignal;
  /** Load ends when this process stands still for so long; absent: it never does. */
  readonly fenceMs?: number;
  onProgress(progress: RunProgress): void;
}

export interface ActivityDependencies {
  readonly store: ArtifactStore;
  /** Host name: which machine the numbers belong to. */
  readonly host: string;
  readonly loombenchVersion: string;
  readonly leases: TargetLeases;
  /** After how long without a heartbeat a run is held for lost; null: the workflow's default. */
  readonly heartbeatTimeoutMs: number | null;
  /** Aborts when the worker must end now and can wait for no run. */
  readonly shutdown: AbortSignal;
  resolveConfig(raw: unknown): ConfigResolution;
  captureEnvironment(config: BenchmarkConfig): Promise<CapturedEnvironment>;
  executeRun(plan: RunPlan, hooks: RunHooks): Promise<RunMeasurement>;
  summarizeBenchmark(input: {
    readonly facts: BenchmarkFacts;
    readonly runs: readonly StoredRun[];
    readonly warmups: readonly StoredRun[];
  }): BenchmarkSummary;
  /** Ok latencies of the window, ascending integer µs; null when they were not kept. */
  readRawLatencies(run: StoredRun): Promise<readonly number[] | null>;
  /** The text of report.json. */
  formatReport(report: BenchmarkReport): TextSource;
  /** What is to lie beside it, from its text. */
  formatDocuments(reportText: string): readonly ReportDocument[];
  registeredSearchAttributes(): Promise<readonly SearchAttributeName[]>;
  /** Whether the benchmark still waits for that run, asked when Temporal has given up this attempt. */
  stillWanted(key: RunKey): Promise<boolean>;
  /** Bytes that may still be written below a directory. */
  freeBytes(directory: string): Promise<number>;
  /** What surrounds the load of a run on this machine; null when nothing is known of it yet. */
  knownRunCost(): Promise<RunCost | null>;
  keepRunCost(cost: RunCost): Promise<void>;
  /** Of this machine; free is what can be had without swapping. */
  memory(): { readonly totalBytes: number; readonly freeBytes: number };
  /** Whether whoever can start a benchmark may also have this host run a program. */
  readonly notifyCommands: boolean;
  lockHost(signal: AbortSignal): Promise<HeldLock>;
}
