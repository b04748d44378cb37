// The seed's short report of one load test, for the library's Harness.

import type { ProviderConfig } from '../contract/config.ts';
import type { RunMeasurement, TargetAccount } from '../contract/run-result.ts';
import type { RawResult } from './recording/raw-results.ts';

/** Latencies in µs of ok calls; null when none succeeded. `errors` counts errors and degraded answers. */
export interface Report {
  readonly concurrency: number;
  readonly totalRequests: number;
  readonly useStreaming: boolean;
  /** In words, for people. */
  readonly llmLatency: string;
  readonly wallTimeMs: number;
  readonly requestsCompleted: number;
  readonly requestsPerSecond: number | null;
  readonly p50Us: number | null;
  readonly p90Us: number | null;
  readonly p95Us: number | null;
  readonly p99Us: number | null;
  readonly minUs: number | null;
  readonly maxUs: number | null;
  readonly avgUs: number | null;
  readonly errors: number;
  readonly errorRate: number | null;
  /** The embedded target's account; null for a remote server. */
  readonly llmMetrics: TargetAccount | null;
}

/** What `runRaw` returns: every call, and the measurement made of them. */
export interface RawRun {
  readonly report: Report;
  readonly measurement: RunMeasurement;
  /** In the order in which calls ended; of more than a million every 2nd, 4th, 8th … (`complete` says whether all are there). */
  readonly results: readonly RawResult[];
  readonly complete: boolean;
  /** On the clock of `results`: when the load began. */
  readonly runStartNs: number;
}

interface Loaded {
  readonly concurrency: number;
  readonly useStreaming: boolean;
  readonly serverAddr: string;
  readonly llm: ProviderConfig;
}

export function reportOf(config: Loaded, measurement: RunMeasurement): Report {
  const { calls, latency, target } = measurement;
  const completed = calls.ok + calls.degraded + calls.errors;
  const errors = calls.degraded + calls.errors;
  return {
    concurrency: config.concurrency,
    totalRequests: calls.issued,
    useStreaming: config.useStreaming,
    llmLatency: describeLlm(config),
    wallTimeMs: measurement.wallTimeMs,
    requestsCompleted: completed,
    requestsPerSecond: measurement.throughputRps,
    p50Us: latency.p50Us,
    p90Us: latency.p90Us,
    p95Us: latency.p95Us,
    p99Us: latency.p99Us,
    minUs: latency.minUs,
    maxUs: latency.maxUs,
    avgUs: latency.meanUs,
    errors,
    errorRate: completed === 0 ? null : errors / completed,
    llmMetrics: target,
  };
}

function describeLlm({ serverAddr, llm }: Loaded): string {
  if (serverAddr !== '') return `remote (${serverAddr})`;
  return llm.latencyDistribution === 'exponential'
    ? `exponential, mean ${llm.baseLatencyMs} ms`
    : `${llm.baseLatencyMs} ms + uniform up to ${llm.jitterMs} ms`;
}
