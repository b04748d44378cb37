// A complete, small StoredRun for tests that need one but not its numbers.

import type { RunKey } from '../../src/contract/run-plan.ts';
import type { LatencySummary, RunMeasurement, StoredRun } from '../../src/contract/run-result.ts';
import { measurement } from './run-measurements.ts';

const LATENCY: LatencySummary = {
  n: 10,
  minUs: 900,
  meanUs: 1000.5,
  p50Us: 1000,
  p90Us: 1100,
  p95Us: 1150,
  p99Us: 1200,
  p999Us: 1200,
  p9999Us: 1200,
  maxUs: 1200,
};
const COUNTS = { issued: 10, ok: 10, degraded: 0, errors: 0, incomplete: 0 };

export function aMeasurement(overrides: Partial<RunMeasurement> = {}): RunMeasurement {
  return measurement({
    startedAtUtc: '2026-01-02T03:04:05.678Z',
    calls: COUNTS,
    windowCalls: COUNTS,
    throughputRps: 10,
    okThroughputRps: 10,
    latency: LATENCY,
    serviceTime: LATENCY,
    responseTime: LATENCY,
    sendLateness: LATENCY,
    statusCounts: [{ status: 'OK', count: 10 }],
    ...overrides,
  });
}

export function aRunKey(overrides: Partial<RunKey> = {}): RunKey {
  return {
    workflowId: 'bench/1',
    firstExecutionRunId: '11111111-2222-3333-4444-555555555555',
    phase: 'measured',
    index: 2,
    ...overrides,
  };
}

export function aStoredRun(overrides: Partial<StoredRun> = {}): StoredRun {
  return {
    version: 1,
    key: aRunKey(),
    attempt: { attempt: 1, lostMs: 0, reason: null },
    host: 'host-a',
    measurement: aMeasurement(),
    ...overrides,
  };
}
