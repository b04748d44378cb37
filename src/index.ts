// The library: every exported name of Loom's load-test package in TypeScript form, without Temporal.

export { captureEnvironment } from './harness/environment.ts';
export { BenchmarkRunner } from './harness/benchmark-runner.ts';
export { Harness } from './harness/harness.ts';
export type { Report } from './harness/harness-report.ts';
export {
  buildLatencyHistogram,
  buildTimeSeries,
  type RawResult,
} from './harness/recording/raw-results.ts';
export { defaultBenchmarkConfig, defaultHarnessConfig } from './config/defaults.ts';
export { correlateGcWithLatency } from './statistics/gc-correlation.ts';
export { percentile, percentile as percentileExported } from './statistics/percentile.ts';
export { computeStats } from './statistics/summary.ts';
export { ResourceSampler } from './runtime/resource-sampler.ts';
export { createMonotonicClock } from './runtime/monotonic-clock.ts';
export { toJson } from './report/to-json.ts';

export { BenchmarkError, type FailureCode } from './contract/failure.ts';
export type { BenchmarkReport } from './contract/benchmark-report.ts';
export type { BenchmarkConfig, HarnessConfig, ProviderConfig } from './contract/config.ts';
export type { EnvironmentInfo } from './contract/environment.ts';
export type { GcCorrelation, ResourceSample } from './contract/resources.ts';
export type { StoredRun as RunResult, ThroughputBucket } from './contract/run-result.ts';
export type {
  JsonAggregate,
  JsonConfig,
  JsonReport,
  JsonRunResult,
  Stats,
} from './contract/report.ts';

import { writeTextAtomically } from './runtime/atomic-file.ts';
import type { BenchmarkReport } from './contract/benchmark-report.ts';
import { reportPieces } from './report/to-json.ts';

/**
 * Writes the report as `report.json` would be, whole or not at all; missing directories are made.
 * Throws BenchmarkError 'disk-full' | 'output-unwritable'.
 */
export async function writeJson(path: string, report: BenchmarkReport): Promise<void> {
  await writeTextAtomically(path, () => reportPieces(report));
}
