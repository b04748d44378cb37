// A resolved configuration back to the keys of a config file: what `resolveConfig` would make the same of. Every
// report can so be run again.

import type { BenchmarkConfig } from '../contract/config.ts';
import { arrivalOptions, endsByItself } from './arrival.ts';
import { formatDurationMs } from './duration.ts';
import { OPTION_ENTRIES, type OptionKey, type RawConfig } from './option-table.ts';

/** Only what differs from the defaults. */
export function rawFromConfig(config: BenchmarkConfig): RawConfig {
  const values = valuesOf(config);
  const entries = OPTION_ENTRIES.flatMap(({ key, option }) => {
    const value = values[key];
    if (value === undefined || value === null) return [];
    const raw = option.type.kind === 'duration' ? formatDurationMs(Number(value)) : value;
    const isDefault = JSON.stringify(value) === JSON.stringify(option.default);
    return isDefault && !ALWAYS_SAID.has(key) ? [] : [[key, raw]];
  });
  return Object.fromEntries(entries) as RawConfig; // keys are those of the table
}

/** Its default depends on the length of the run. */
const ALWAYS_SAID: ReadonlySet<OptionKey> = new Set(['perRunWarmup']);

function valuesOf(config: BenchmarkConfig): Partial<Record<OptionKey, unknown>> {
  const byDuration = config.totalRequests === 0;
  return {
    concurrency: config.concurrency,
    totalRequests: byDuration ? undefined : config.totalRequests,
    duration: byDuration && !endsByItself(config.arrival.kind) ? config.durationMs : undefined,
    requestTimeout: config.requestTimeoutMs,
    useStreaming: config.useStreaming,
    query: config.query,
    rampUp: config.rampUpMs,
    initialPhase: config.initialPhaseMs ?? 0,
    sessionId: config.sessionId,
    numAgents: config.numAgents,
    grace: config.graceMs,
    seed: config.seed,
    ...benchmarkValues(config),
    ...targetValues(config),
    ...connectionValues(config),
    ...arrivalOptions(config.arrival),
    maxInFlight: config.maxInFlight,
    pacing: config.pacing,
  };
}

function benchmarkValues(config: BenchmarkConfig): Partial<Record<OptionKey, unknown>> {
  return {
    runs: config.precision?.pilotRuns ?? config.runs,
    warmupRuns: config.warmupRuns,
    perRunWarmup: config.perRunWarmupMs,
    cooldown: config.cooldownMs,
    ...hostValues(config),
    slo: (config.slo ?? []).map(({ text }) => text),
    sloLatency: config.sloLatencyMs ?? 0,
    ...precisionValues(config),
    ...watchValues(config),
    threshold: (config.thresholds ?? []).map(({ text }) => text),
    scenarioName: config.scenarioName,
    reportFormat: config.reportFormats ?? [],
    outputPath: config.outputPath,
    collectTimeSeries: config.collect.timeSeries,
    collectHistogram: config.collect.histogram,
    collectResources: config.collect.resources,
    collectGcCorrelation: config.collect.gcCorrelation,
  };
}

function watchValues({ watch }: BenchmarkConfig): Partial<Record<OptionKey, unknown>> {
  if (watch === undefined) return {};
  return {
    regression: watch.against,
    failOnRegression: watch.failOnRegression,
    regressionThreshold: watch.thresholdPct,
    notify: watch.notifyCommand,
    notifyWebhook: watch.notifyWebhook,
  };
}

function hostValues({ hosts }: BenchmarkConfig): Partial<Record<OptionKey, unknown>> {
  if (hosts === undefined) return {};
  return { host: hosts.host, onHostLoss: hosts.onLoss, hostLossLimit: hosts.lossLimitMs };
}

function precisionValues({ precision }: BenchmarkConfig): Partial<Record<OptionKey, unknown>> {
  if (precision === undefined) return {};
  const { target, maxRuns, metric, rule } = precision;
  return {
    targetPrecision: String(target),
    maxRuns,
    precisionMetric: metric,
    precisionRule: rule,
  };
}

function targetValues({
  llm,
  llmConcurrencyLimit,
  serverSettings = 'unknown',
}: BenchmarkConfig): Partial<Record<OptionKey, unknown>> {
  return {
    serverSettings,
    llmConcurrencyLimit,
    llmBaseLatency: llm.baseLatencyMs,
    llmJitter: llm.jitterMs,
    llmLatencyDistribution: llm.latencyDistribution,
    llmErrorRate: llm.errorRate,
    llmErrorMode: llm.errorMode,
    llmErrorMessage: llm.errorMessage,
    llmResponse: llm.responseText,
    streamChunkSize: llm.streamChunkSize,
    streamChunkDelay: llm.streamChunkDelayMs,
    llmInputTokens: llm.inputTokensPerMessage,
    llmOutputTokens: llm.outputTokens,
    llmCostUsd: llm.costUsdPerCall,
  };
}

function connectionValues(config: BenchmarkConfig): Partial<Record<OptionKey, unknown>> {
  return {
    serverAddr: config.serverAddr,
    connectTimeout: config.connectTimeoutMs,
    metadata: config.metadata,
    maxReceiveMessageSize: config.maxReceiveMessageBytes,
    tls: config.tls !== null,
    cacert: config.tls?.caPath,
    cert: config.tls?.certPath,
    key: config.tls?.keyPath,
    serverName: config.tls?.serverName,
    skipVerify: config.tls?.skipVerify ?? false,
    engine: config.engine,
    connections: config.connections,
    threads: config.threads === 0 ? 'auto' : config.threads,
  };
}
