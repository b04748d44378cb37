// The zod schema of a RunMeasurement: what a run writes, and what a report holds of it under `loombench`.

import { z } from 'zod';
import { ROLES } from '../contract/resources.ts';
import type { RunMeasurement } from '../contract/run-result.ts';
import { LEVEL_SHAPES } from '../contract/steadiness.ts';
import { OUTCOMES } from '../contract/outcome.ts';
import { VERDICTS } from '../contract/warning.ts';

export const count = z.int().nonnegative();
export const nullableNumber = z.number().nullable();

export const warningSchema = z.strictObject({ code: z.string(), message: z.string() });
export const verdictSchema = z.enum(VERDICTS);

export const artifactSchema = z.strictObject({
  path: z.string(),
  sha256: z.string(),
  bytes: count,
});

const callCountsSchema = z.strictObject({
  issued: count,
  ok: count,
  degraded: count,
  errors: count,
  incomplete: count,
});

export const latencySchema = z.strictObject({
  n: count,
  minUs: nullableNumber,
  meanUs: nullableNumber,
  p50Us: nullableNumber,
  p90Us: nullableNumber,
  p95Us: nullableNumber,
  p99Us: nullableNumber,
  p999Us: nullableNumber,
  p9999Us: nullableNumber,
  maxUs: nullableNumber,
});

const streamsSchema = z.strictObject({
  streams: count,
  messages: count,
  tokens: count,
  emptyStreams: count,
  timeToFirstMessage: latencySchema,
  timeToFirstToken: latencySchema,
  messageGap: latencySchema,
  maxGapPerStream: latencySchema,
  lastMessageToStatus: latencySchema,
  failedTimeToFirstToken: latencySchema,
  failedMessages: count,
  failedBytes: count,
});

const timelineSchema = z.strictObject({
  second: count,
  requests: count,
  errors: count,
  p50_us: nullableNumber,
  p99_us: nullableNumber,
  mean_us: nullableNumber,
  starts: count,
  inFlightAtEnd: count,
});

export const resourceSampleSchema = z.strictObject({
  second: count,
  goroutines: count,
  heap_alloc_mb: z.number(),
  heap_sys_mb: z.number(),
  num_gc: count,
  gc_pause_total_us: z.int(),
});

const processSampleSchema = z.strictObject({
  ...resourceSampleSchema.shape,
  gc_pause_total_us: z.number(),
  rssBytes: count,
  cpuUserUs: z.number(),
  cpuSystemUs: z.number(),
  cpuUtilisation: z.number(),
  eventLoopUtilisation: z.number(),
  eventLoopDelayP99Us: nullableNumber,
  eventLoopDelayMaxUs: nullableNumber,
});

export const gcCorrelationSchema = z.strictObject({
  total_p95_requests: count,
  gc_attributed_requests: count,
  gc_attribution_pct: z.number(),
  total_gc_pauses: count,
  max_gc_pause_us: z.int(),
  avg_gc_pause_us: z.number(),
  total_gc_pause_us: z.int(),
});

const gcAssociationSchema = z.strictObject({
  role: z.enum(ROLES),
  correlation: z
    .strictObject({
      ...gcCorrelationSchema.shape,
      max_gc_pause_us: z.number(),
      total_gc_pause_us: z.number(),
    })
    .nullable(),
  tailTimeShare: nullableNumber,
  observedOverlapShare: nullableNumber,
  chanceOverlapShare: nullableNumber,
  lift: nullableNumber,
  liftLow: nullableNumber,
  liftHigh: nullableNumber,
  pValue: nullableNumber,
  shifts: count,
  seed: count,
  note: z.string(),
});

const littlesLawSchema = z.strictObject({
  meanInFlight: z.number(),
  throughputRps: z.number(),
  meanResponseUs: z.number(),
  edgeTerm: z.number(),
  relativeError: z.number(),
});

const steadinessSchema = z.strictObject({
  seconds: count,
  trend: z.strictObject({ driftPct: z.number(), pValue: z.number() }).nullable(),
  warmup: z
    .strictObject({ steadyFromSecond: count, atLimit: z.boolean(), shiftPct: z.number() })
    .nullable(),
  levels: z
    .strictObject({
      shape: z.enum(LEVEL_SHAPES),
      changesAtSecond: z.array(count),
      steadyShare: z.number(),
    })
    .nullable(),
  dependence: z
    .strictObject({ lag1: z.number(), ljungBoxP: z.number(), tau: z.number() })
    .nullable(),
});

const percentileIntervalSchema = z.strictObject({
  percentile: z.enum(['p50', 'p90', 'p95', 'p99', 'p999']),
  lowUs: nullableNumber,
  highUs: nullableNumber,
  atMostUs: nullableNumber.exactOptional(),
  n: count,
  tau: z.number(),
  effectiveN: count,
});
const goodputSchema = z.strictObject({
  metCalls: count,
  rps: nullableNumber,
  conditions: z.array(z.strictObject({ text: z.string(), metCalls: count })),
});

const firstCallSchema = z.strictObject({ latencyUs: count, outcome: z.enum(OUTCOMES) });

const targetSchema = z.strictObject({
  rpcsReceived: count,
  rpcsByStatus: z.record(z.string(), count),
  maxConcurrentRpcs: count,
  llmCalls: count,
  llmErrors: count,
  callsByAgent: z.record(z.string(), count),
  firstSessionTurns: z.number().nullable().exactOptional(),
  llmLatencyMinUs: nullableNumber,
  llmLatencyMaxUs: nullableNumber,
  llmLatencyMeanUs: nullableNumber,
});

const connectionSchema = z.strictObject({
  address: z.string(),
  connections: count,
  reconnects: count,
  maxConcurrentStreams: count.nullable(),
  locallyQueuedCalls: count.optional(),
  backends: z
    .array(z.strictObject({ address: z.string(), connections: count, answeredCalls: count }))
    .optional(),
  engine: z.string(),
  threads: count,
});

const gateSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  status: z.enum(['pass', 'warn', 'fail', 'not-measured']),
  value: nullableNumber,
  limit: nullableNumber,
  unit: z.string(),
  message: z.string(),
});

const windowSchema = z.strictObject({
  startMs: z.number(),
  endMs: z.number(),
  trimmedBy: z.enum(['nothing', 'duration', 'count']),
});

const nullFloorSchema = z.strictObject({
  engine: z.string(),
  calls: count,
  p50Us: z.number(),
  p99Us: z.number(),
  measuredAtUtc: z.string(),
});

const openLoopSchema = z.strictObject({
  dueCalls: count,
  sentCalls: count,
  unsentCalls: count,
  cappedCalls: count,
  maxInFlight: count,
  mostInFlight: count,
  pacing: z.enum(['timer', 'spin']),
  generatorCores: nullableNumber,
});

const encodedHistogramSchema = z.strictObject({
  kind: z.string(),
  outcome: z.string(),
  hdrV2Base64: z.string(),
  count: count.exactOptional(),
  minNs: count.exactOptional(),
  maxNs: count.exactOptional(),
  sumNs: count.exactOptional(),
});

export const measurementSchema = z.strictObject({
  startedAtUtc: z.string(),
  wallTimeMs: z.number(),
  window: windowSchema,
  calls: callCountsSchema,
  windowCalls: callCountsSchema,
  throughputRps: nullableNumber,
  okThroughputRps: nullableNumber,
  goodput: goodputSchema.exactOptional(),
  offeredRps: nullableNumber,
  openLoop: openLoopSchema.nullable().optional(),
  latency: latencySchema,
  latencyKind: z.enum(['service', 'response']),
  serviceTime: latencySchema,
  responseTime: latencySchema,
  sendLateness: latencySchema,
  overhead: latencySchema.nullable(),
  quantileMethod: z.strictObject({
    kind: z.enum(['exact', 'histogram']),
    relativeError: z.number(),
  }),
  statusCounts: z.array(z.strictObject({ status: z.string(), count })),
  topErrors: z.array(z.strictObject({ status: z.string(), message: z.string(), count })),
  streams: streamsSchema.nullable(),
  timeline: z.array(timelineSchema).nullable(),
  histograms: z.array(encodedHistogramSchema),
  resources: z
    .strictObject({
      generator: z.array(processSampleSchema),
      target: z.array(processSampleSchema).nullable(),
    })
    .nullable(),
  gc: z.array(gcAssociationSchema).nullable(),
  littlesLaw: littlesLawSchema.nullable(),
  steadiness: steadinessSchema.exactOptional(),
  percentileIntervals: z.array(percentileIntervalSchema).exactOptional(),
  firstCall: firstCallSchema.nullable().exactOptional(),
  connection: connectionSchema,
  serverVersion: z.string().nullable(),
  target: targetSchema.nullable(),
  nullFloor: nullFloorSchema.nullable().optional(),
  identity: z.strictObject({ build: z.string(), configSha256: z.string() }).optional(),
  hostFingerprint: z
    .strictObject({
      cpuModel: z.string().nullable(),
      cores: count,
      cpuLimitCores: nullableNumber,
      cpuGovernor: z.string().nullable(),
    })
    .exactOptional(),
  gates: z.array(gateSchema),
  verdict: verdictSchema,
  warnings: z.array(warningSchema),
  interrupted: z.boolean(),
  raw: z.strictObject({ file: artifactSchema, values: count, complete: z.boolean() }).nullable(),
});

// Does not compile when the schema and the contract disagree.
measurementSchema satisfies z.ZodType<RunMeasurement>;
