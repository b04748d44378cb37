// Run measurements as a finished run leaves them, with just the figures that a test is about.

import type { LatencySummary, RunMeasurement, StoredRun } from '../../src/contract/run-result.ts';

export const noLatency: LatencySummary = {
  n: 0,
  minUs: null,
  meanUs: null,
  p50Us: null,
  p90Us: null,
  p95Us: null,
  p99Us: null,
  p999Us: null,
  p9999Us: null,
  maxUs: null,
};

/** Every percentile at a fixed ratio to the median. */
export function latencyAround(medianUs: number, n = 1000): LatencySummary {
  return {
    n,
    minUs: medianUs * 0.5,
    meanUs: medianUs,
    p50Us: medianUs,
    p90Us: medianUs * 1.25,
    p95Us: medianUs * 1.5,
    p99Us: medianUs * 2,
    p999Us: medianUs * 2.5,
    p9999Us: medianUs * 3,
    maxUs: medianUs * 4,
  };
}

export function measurement(part: Partial<RunMeasurement> = {}): RunMeasurement {
  const counts = { issued: 1000, ok: 1000, degraded: 0, errors: 0, incomplete: 0 };
  const latency = part.latency ?? latencyAround(10_000);
  return {
    startedAtUtc: '2026-11-25T02:58:06Z',
    wallTimeMs: 1000,
    window: { startMs: 0, endMs: 1000, trimmedBy: 'nothing' },
    calls: counts,
    windowCalls: counts,
    throughputRps: 1000,
    okThroughputRps: 1000,
    offeredRps: null,
    latency,
    latencyKind: 'service',
    serviceTime: latency,
    responseTime: latency,
    sendLateness: noLatency,
    overhead: null,
    quantileMethod: { kind: 'exact', relativeError: 0 },
    statusCounts: [],
    topErrors: [],
    streams: null,
    timeline: null,
    histograms: [],
    resources: null,
    gc: null,
    littlesLaw: null,
    connection: {
      address: '127.0.0.1:1',
      connections: 1,
      reconnects: 0,
      maxConcurrentStreams: null,
      engine: 'grpc-js',
      threads: 1,
    },
    serverVersion: null,
    target: null,
    gates: [],
    verdict: 'VALID',
    warnings: [],
    interrupted: false,
    raw: null,
    ...part,
  };
}

export function storedRun(index: number, part: Partial<RunMeasurement> = {}): StoredRun {
  return {
    version: 1,
    key: { workflowId: 'w', firstExecutionRunId: 'r', phase: 'measured', index },
    attempt: { attempt: 1, lostMs: 0, reason: null },
    host: 'host-a',
    measurement: measurement(part),
  };
}
