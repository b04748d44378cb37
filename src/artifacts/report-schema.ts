// The zod schema of `report.json`, for reading a report back and for its JSON Schema. Written against the contract's
// types: the annotations do not compile when the two disagree.

import { z } from 'zod';
import { PHASES } from '../contract/run-plan.ts';
import type { EnvironmentInfo } from '../contract/environment.ts';
import type { JsonReport } from '../contract/report.ts';
import { statisticsSchema, statsSchema } from './statistics-schema.ts';
import { configSchema, precisionGoalSchema, thresholdSchema } from './config-schema.ts';
import {
  count,
  gcCorrelationSchema,
  measurementSchema,
  nullableNumber,
  resourceSampleSchema,
  verdictSchema,
  warningSchema,
} from './measurement-schema.ts';

const nullableInteger = z.int().nullable();

const environmentSchema: z.ZodType<EnvironmentInfo> = z.strictObject({
  go_version: z.string(),
  goos: z.string(),
  goarch: z.string(),
  num_cpu: count,
  gomaxprocs: count,
  grpc_version: z.string(),
  commit_sha: z.string(),
  race_detector: z.boolean(),
  timestamp_utc: z.string(),
  node_name: z.string().exactOptional(),
  pod_name: z.string().exactOptional(),
  k8s_version: z.string().exactOptional(),
  vm_size: z.string().exactOptional(),
  region: z.string().exactOptional(),
  kernel_version: z.string().exactOptional(),
  cpu_model: z.string().exactOptional(),
  ram_total_mb: count.exactOptional(),
});

const runtimeSchema = z.strictObject({
  hostname: z.string(),
  nodeVersion: z.string(),
  v8Version: z.string(),
  loombenchVersion: z.string(),
  packageVersions: z.record(z.string(), z.string()),
  cpuGovernor: z.string().nullable(),
  cgroupCpuLimitCores: nullableNumber,
  cgroupMemoryLimitBytes: nullableNumber,
  virtualization: z.string().nullable(),
  container: z.boolean().nullable(),
  swapTotalBytes: nullableNumber,
  loadAverage1m: z.number(),
  commitDirty: z.boolean().nullable(),
});

const attemptSchema = z.strictObject({
  attempt: count,
  lostMs: z.number(),
  reason: z.string().nullable(),
});

const jsonConfigSchema = z.strictObject({
  concurrency: count,
  total_requests: count.exactOptional(),
  duration_ms: count.exactOptional(),
  llm_base_latency_ms: count,
  llm_jitter_ms: count,
  llm_error_rate: z.number(),
  llm_concurrency_limit: count,
  use_streaming: z.boolean(),
  num_agents: count,
});

const bucketSchema = z.strictObject({
  second: count,
  requests: count,
  errors: count,
  p50_us: nullableInteger,
  p99_us: nullableInteger,
  mean_us: nullableNumber,
});

const runSchema = z.strictObject({
  run_number: z.int().min(1),
  throughput_rps: nullableNumber,
  latency_p50_us: nullableInteger,
  latency_p90_us: nullableInteger,
  latency_p95_us: nullableInteger,
  latency_p99_us: nullableInteger,
  latency_min_us: nullableInteger,
  latency_max_us: nullableInteger,
  latency_avg_us: nullableNumber,
  error_count: count,
  error_rate: z.number().min(0).max(1).nullable(),
  total_requests: count,
  wall_time_ms: count,
  throughput_timeline: z.array(bucketSchema).exactOptional(),
  latency_histogram: z.array(z.int()).exactOptional(),
  resource_timeline: z.array(resourceSampleSchema).exactOptional(),
  gc_correlation: gcCorrelationSchema.exactOptional(),
  loombench: z.strictObject({
    ...measurementSchema.shape,
    attempt: attemptSchema,
    host: z.string(),
  }),
});

const failedRunSchema = z.strictObject({
  key: z.strictObject({
    workflowId: z.string(),
    firstExecutionRunId: z.string(),
    phase: z.enum(PHASES),
    index: count,
    series: z.int().min(1).exactOptional(),
  }),
  code: z.string(),
  message: z.string(),
  attempts: count,
});

const discardedSeriesSchema = z.strictObject({
  series: z.int().min(1),
  host: z.string(),
  discardedAtUtc: z.string(),
  reason: z.string(),
  counts: z.strictObject({ warmup: count, measured: count }),
  failed: count,
  runs: z.array(
    z.strictObject({
      phase: z.enum(PHASES),
      index: count,
      verdict: verdictSchema,
      throughputRps: nullableNumber,
      latencyP50Us: nullableNumber,
      latencyP99Us: nullableNumber,
    }),
  ),
});

const warmupRunSchema = z.strictObject({
  index: count,
  throughputRps: nullableNumber,
  latencyP50Us: nullableNumber,
  latencyP99Us: nullableNumber,
  attempt: attemptSchema,
});

const precisionSchema = z.strictObject({
  ...precisionGoalSchema.shape,
  runs: count,
  requiredRuns: count.nullable(),
  mean: nullableNumber,
  low: nullableNumber,
  high: nullableNumber,
  achieved: nullableNumber,
  met: z.boolean(),
  note: z.string(),
});

const thresholdResultSchema = z.strictObject({
  ...thresholdSchema.shape,
  observed: nullableNumber,
  status: z.enum(['pass', 'fail', 'no-data']),
  ok: z.boolean().exactOptional(),
  message: z.string(),
});

const extensionSchema = z.strictObject({
  loombenchVersion: z.string(),
  benchmarkId: z.string(),
  configHash: z.string(),
  config: configSchema,
  environment: runtimeSchema,
  status: z.enum(['completed', 'cancelled', 'interrupted']),
  verdict: verdictSchema,
  reasons: z.array(z.string()),
  warnings: z.array(warningSchema),
  thresholds: z.array(thresholdResultSchema).exactOptional(),
  statistics: statisticsSchema.exactOptional(),
  precision: precisionSchema.exactOptional(),
  validRuns: count,
  failedRuns: z.array(failedRunSchema),
  discarded: z.array(discardedSeriesSchema).exactOptional(),
  warmupRuns: z.array(warmupRunSchema),
  errorRate: statsSchema,
  durable: z.boolean(),
  startedAtUtc: z.string(),
  finishedAtUtc: z.string(),
  lostMs: z.number(),
});

export const reportSchema: z.ZodType<JsonReport> = z.strictObject({
  benchmark_version: z.string(),
  loom_version: z.string(),
  environment: environmentSchema,
  scenario: z.string(),
  config: jsonConfigSchema,
  warmup_runs: count,
  measured_runs: count,
  runs: z.array(runSchema),
  aggregate: z.strictObject({
    throughput_rps: statsSchema,
    latency_p50_us: statsSchema,
    latency_p90_us: statsSchema,
    latency_p95_us: statsSchema,
    latency_p99_us: statsSchema,
  }),
  loombench: extensionSchema,
});

/** JSON Schema of a report file. */
export function reportJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(reportSchema, { target: 'draft-2020-12', io: 'output', reused: 'ref' }),
    title: 'loombench report',
  };
}
