// Resolved option values → the configuration that crosses processes.

import type {
  BenchmarkConfig,
  HarnessConfig,
  ProviderConfig,
  TlsConfig,
} from '../contract/config.ts';
import { DEFAULT_WATCH, type RegressionWatch } from '../contract/regression-watch.ts';
import { arrivalModel, stagesLengthMs } from './arrival.ts';
import { RATE_KEPT } from '../contract/threshold.ts';
import { REPORT_FORMATS } from '../contract/report-format.ts';
import { assembleHosts } from './hosts.ts';
import { isDurationMode } from './rules.ts';
import { precisionGoal } from './precision.ts';
import { sloConditions } from './slo.ts';
import { parseThreshold } from './threshold.ts';
import type { ReadValues } from './values.ts';

type Input = Pick<ReadValues, 'values' | 'explicit'>;

export function assembleBenchmark(input: Input): BenchmarkConfig {
  const { values } = input;
  return {
    ...assembleHarness(input),
    runs: values.runs,
    warmupRuns: values.warmupRuns,
    perRunWarmupMs: perRunWarmupMs(input),
    scenarioName: values.scenarioName === '' ? (values.scenario ?? '') : values.scenarioName,
    outputPath: values.outputPath,
    collect: {
      timeSeries: values.collectTimeSeries,
      histogram: values.collectHistogram,
      resources: values.collectResources,
      gcCorrelation: values.collectGcCorrelation,
    },
    cooldownMs: values.cooldown,
    ...assembleHosts(input),
    ...assembleFormats(input),
    ...assembleThresholds(input),
    ...assemblePrecision(input),
    ...assembleWatch(input),
  };
}

/** Each once, in the order of the list. */
function assembleFormats({ values }: Input): Pick<BenchmarkConfig, 'reportFormats'> {
  const formats = REPORT_FORMATS.filter((format) => values.reportFormat.includes(format));
  return formats.length === 0 ? {} : { reportFormats: formats };
}

/** Absent without any, so that a config without thresholds keeps its hash. */
function assembleThresholds({ values }: Input): Pick<BenchmarkConfig, 'thresholds'> {
  const texts = values.failOnRateMiss ? [...values.threshold, RATE_KEPT] : values.threshold;
  const thresholds = [...new Set(texts)]
    .map(parseThreshold)
    .flatMap((parsed) => (parsed.kind === 'ok' ? [parsed.threshold] : []));
  return thresholds.length === 0 ? {} : { thresholds };
}

function assemblePrecision(input: Input): Pick<BenchmarkConfig, 'precision'> {
  const precision = precisionGoal(input);
  return precision === null ? {} : { precision };
}

export function assembleHarness(input: Input): HarnessConfig {
  const { values } = input;
  return {
    concurrency: values.concurrency,
    ...runLength(input),
    requestTimeoutMs: values.requestTimeout,
    llm: assembleProvider(input),
    useStreaming: values.useStreaming,
    query: values.query,
    rampUpMs: values.rampUp,
    // Absent when unused, so that a configuration without it keeps its hash.
    ...(values.initialPhase > 0 ? { initialPhaseMs: values.initialPhase } : {}),
    llmConcurrencyLimit: values.llmConcurrencyLimit,
    sessionId: values.sessionId,
    numAgents: values.numAgents,
    serverAddr: values.serverAddr,
    ...(values.serverSettings === 'unknown' ? {} : { serverSettings: values.serverSettings }),
    tls: assembleTls(input),
    metadata: values.metadata,
    connectTimeoutMs: values.connectTimeout,
    graceMs: values.grace,
    engine: values.engine,
    connections: values.connections,
    threads: values.threads,
    arrival: arrivalModel(input),
    maxInFlight: values.maxInFlight,
    pacing: values.pacing,
    maxReceiveMessageBytes: values.maxReceiveMessageSize,
    seed: values.seed,
    // Absent when nothing was declared: the hash stays that of a configuration without.
    ...(values.slo.length === 0 ? {} : { slo: sloConditions(values.slo) }),
    ...(values.sloLatency === 0 ? {} : { sloLatencyMs: values.sloLatency }),
  };
}

function runLength(input: Input): Pick<HarnessConfig, 'totalRequests' | 'durationMs'> {
  const { values } = input;
  const arrival = arrivalModel(input);
  if (arrival.kind === 'stages') {
    return { totalRequests: 0, durationMs: stagesLengthMs(values.stages) ?? 0 };
  }
  // Only the file knows how long it is.
  if (arrival.kind === 'replay') return { totalRequests: 0, durationMs: 0 };
  return isDurationMode(input)
    ? { totalRequests: 0, durationMs: values.duration }
    : { totalRequests: values.totalRequests, durationMs: 0 };
}

function assembleProvider({ values }: Input): ProviderConfig {
  return {
    name: 'loadtest',
    model: 'loadtest-mock-v1',
    baseLatencyMs: values.llmBaseLatency,
    jitterMs: values.llmJitter,
    latencyDistribution: values.llmLatencyDistribution,
    errorRate: values.llmErrorRate,
    errorMessage: values.llmErrorMessage,
    errorMode: values.llmErrorMode,
    responseText: values.llmResponse,
    streamChunkSize: values.streamChunkSize,
    streamChunkDelayMs: values.streamChunkDelay,
    inputTokensPerMessage: values.llmInputTokens,
    outputTokens: values.llmOutputTokens,
    costUsdPerCall: values.llmCostUsd,
  };
}

/** Absent where nothing was said, so that reports and histories of earlier versions read the same. */
function assembleWatch({ values }: Input): Pick<BenchmarkConfig, 'watch'> {
  const watch: RegressionWatch = {
    against: values.regression,
    failOnRegression: values.failOnRegression,
    thresholdPct: values.regressionThreshold,
    notifyCommand: values.notify,
    notifyWebhook: values.notifyWebhook,
  };
  return JSON.stringify(watch) === JSON.stringify(DEFAULT_WATCH) ? {} : { watch };
}

function assembleTls({ values }: Input): TlsConfig | null {
  const { cacert, cert, key, serverName, skipVerify } = values;
  const isAskedFor =
    values.tls || skipVerify || [cacert, cert, key, serverName].some((part) => part !== null);
  if (!isAskedFor) return null;
  return { caPath: cacert, certPath: cert, keyPath: key, serverName, skipVerify };
}

/** Below this length of run the default of 5 s would take half of it or more. */
const SHORT_RUN_MS = 10_000;

/** The default shrinks to a tenth of a short run; what was said explicitly stands. */
function perRunWarmupMs(input: Input): number {
  const { values, explicit } = input;
  const { durationMs } = runLength(input);
  const isShort = durationMs > 0 && durationMs < SHORT_RUN_MS;
  return isShort && !explicit.has('perRunWarmup') ? durationMs / 10 : values.perRunWarmup;
}
