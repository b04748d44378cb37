// The zod schema of a resolved BenchmarkConfig as it stands in a report.

import { z } from 'zod';
import type { BenchmarkConfig } from '../contract/config.ts';
import { HOST_LOSS_ACTIONS } from '../contract/host-policy.ts';
import { METRIC_NAMES, METRIC_UNITS } from '../contract/metric.ts';
import { PRECISION_RULES } from '../contract/precision.ts';
import { ENGINE_NAMES, SERVER_SETTINGS } from '../contract/config.ts';
import { REPORT_FORMATS } from '../contract/report-format.ts';
import { WATCH_AGAINST } from '../contract/regression-watch.ts';
import { SLO_COMPARISONS, SLO_SUBJECTS } from '../contract/slo.ts';
import { COMPARISONS } from '../contract/threshold.ts';

const count = z.int().nonnegative();
const durationMs = z.number().nonnegative();
const optionalPath = z.string().nullable();

const providerSchema = z.strictObject({
  name: z.string(),
  model: z.string(),
  baseLatencyMs: durationMs,
  jitterMs: durationMs,
  latencyDistribution: z.enum(['uniform', 'exponential']),
  errorRate: z.number().min(0).max(1),
  errorMessage: z.string(),
  errorMode: z.enum(['degraded', 'status']),
  responseText: z.string().nullable(),
  streamChunkSize: count,
  streamChunkDelayMs: durationMs,
  inputTokensPerMessage: count,
  outputTokens: count,
  costUsdPerCall: z.number().nonnegative(),
});

const stageSchema = z.strictObject({ ratePerS: z.number(), durationMs, ramp: z.boolean() });

const arrivalSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('closed') }),
  z.strictObject({ kind: z.literal('constant'), ratePerS: z.number() }),
  z.strictObject({ kind: z.literal('poisson'), ratePerS: z.number() }),
  z.strictObject({ kind: z.literal('gamma'), ratePerS: z.number(), burstiness: z.number() }),
  z.strictObject({ kind: z.literal('stages'), stages: z.array(stageSchema) }),
  z.strictObject({ kind: z.literal('replay'), path: z.string() }),
]);

const tlsSchema = z.strictObject({
  caPath: optionalPath,
  certPath: optionalPath,
  keyPath: optionalPath,
  serverName: z.string().nullable(),
  skipVerify: z.boolean(),
});

const collectSchema = z.strictObject({
  timeSeries: z.boolean(),
  histogram: z.boolean(),
  resources: z.boolean(),
  gcCorrelation: z.boolean(),
});

export const thresholdSchema = z.strictObject({
  metric: z.enum(METRIC_NAMES),
  comparison: z.enum(COMPARISONS),
  limit: z.number().nonnegative(),
  unit: z.enum(METRIC_UNITS),
  text: z.string(),
});

const sloSchema = z.strictObject({
  subject: z.enum(SLO_SUBJECTS),
  comparison: z.enum(SLO_COMPARISONS),
  limitUs: z.number().nonnegative(),
  text: z.string(),
});

export const precisionGoalSchema = z.strictObject({
  target: z.number(),
  metric: z.enum(METRIC_NAMES),
  rule: z.enum(PRECISION_RULES),
  pilotRuns: count,
  maxRuns: count,
});

export const configSchema: z.ZodType<BenchmarkConfig> = z.strictObject({
  concurrency: count,
  totalRequests: count,
  durationMs,
  requestTimeoutMs: durationMs,
  llm: providerSchema,
  useStreaming: z.boolean(),
  query: z.string(),
  rampUpMs: durationMs,
  initialPhaseMs: durationMs.optional(),
  llmConcurrencyLimit: count,
  sessionId: z.string(),
  numAgents: count,
  serverAddr: z.string(),
  serverSettings: z.enum(SERVER_SETTINGS).exactOptional(),
  tls: tlsSchema.nullable(),
  metadata: z.record(z.string(), z.string()),
  connectTimeoutMs: durationMs,
  graceMs: durationMs,
  engine: z.enum(ENGINE_NAMES),
  connections: count,
  threads: count,
  arrival: arrivalSchema,
  maxInFlight: count,
  pacing: z.enum(['timer', 'spin']),
  maxReceiveMessageBytes: count,
  seed: count,
  runs: count,
  warmupRuns: count,
  perRunWarmupMs: durationMs,
  scenarioName: z.string(),
  outputPath: z.string(),
  collect: collectSchema,
  cooldownMs: durationMs,
  reportFormats: z.array(z.enum(REPORT_FORMATS)).exactOptional(),
  thresholds: z.array(thresholdSchema).exactOptional(),
  slo: z.array(sloSchema).exactOptional(),
  sloLatencyMs: durationMs.exactOptional(),
  precision: precisionGoalSchema.exactOptional(),
  hosts: z
    .strictObject({ host: z.string(), onLoss: z.enum(HOST_LOSS_ACTIONS), lossLimitMs: durationMs })
    .exactOptional(),
  watch: z
    .strictObject({
      against: z.enum(WATCH_AGAINST),
      failOnRegression: z.boolean(),
      thresholdPct: z.number(),
      notifyCommand: z.string(),
      notifyWebhook: z.string(),
    })
    .exactOptional(),
});
