// Plans for tests and for the comparison with peers: only what each is about is said there. Imports nothing but types, so
// that whoever measures itself pays for nothing here.

import type { CollectorConfig, HarnessConfig, ProviderConfig } from '../../src/contract/config.ts';
import type { RunPlan } from '../../src/contract/run-plan.ts';
import type { RunMeasurement } from '../../src/contract/run-result.ts';
import type { LoadPlan } from '../../src/harness/generator-protocol.ts';

/** Loom's defaults but for the waits, which are zero. */
export function providerConfig(changes: Partial<ProviderConfig> = {}): ProviderConfig {
  return {
    name: 'loadtest',
    model: 'loadtest-mock-v1',
    baseLatencyMs: 0,
    jitterMs: 0,
    latencyDistribution: 'uniform',
    errorRate: 0,
    errorMessage: 'simulated provider error',
    errorMode: 'degraded',
    responseText: null,
    streamChunkSize: 10,
    streamChunkDelayMs: 5,
    inputTokensPerMessage: 50,
    outputTokens: 100,
    costUsdPerCall: 0.001,
    ...changes,
  };
}

export type HarnessChanges = Partial<Omit<HarnessConfig, 'llm'>> & {
  readonly llm?: Partial<ProviderConfig>;
};

export function harnessConfig(changes: HarnessChanges = {}): HarnessConfig {
  return {
    concurrency: 10,
    totalRequests: 0,
    durationMs: 1000,
    requestTimeoutMs: 30_000,
    useStreaming: false,
    query: 'SELECT * FROM test_table WHERE id = 1',
    rampUpMs: 0,
    llmConcurrencyLimit: 1000,
    sessionId: '',
    numAgents: 0,
    serverAddr: '',
    tls: null,
    metadata: {},
    connectTimeoutMs: 5000,
    graceMs: 5000,
    engine: 'wire',
    connections: 0,
    threads: 1,
    arrival: { kind: 'closed' },
    maxInFlight: 1000,
    pacing: 'timer',
    maxReceiveMessageBytes: 4 * 1024 * 1024,
    seed: 42,
    ...changes,
    llm: providerConfig(changes.llm),
  };
}

export interface PlanChanges {
  readonly collect?: Partial<CollectorConfig>;
  readonly perRunWarmupMs?: number;
}

export function runPlan(harness: HarnessChanges = {}, changes: PlanChanges = {}): RunPlan {
  return {
    key: { workflowId: 'test', firstExecutionRunId: 'run', phase: 'measured', index: 1 },
    harness: harnessConfig(harness),
    collect: {
      timeSeries: true,
      histogram: true,
      resources: true,
      gcCorrelation: true,
      ...changes.collect,
    },
    perRunWarmupMs: changes.perRunWarmupMs ?? 0,
  };
}

/** For a generator in this process, on a server that is there already. */
export function loadPlan(
  harness: HarnessConfig,
  changes: Partial<Pick<LoadPlan, 'collect' | 'directory'>> = {},
): LoadPlan {
  return {
    key: { phase: 'measured', index: 1 },
    harness,
    collect: { timeSeries: false, histogram: false, resources: false, gcCorrelation: false },
    perRunWarmupMs: 0,
    embedded: false,
    originNs: process.hrtime.bigint(),
    directory: '',
    wantsRecording: false,
    ...changes,
  };
}

/** Undefined when the run has no such gate. */
export function gateStatus(measured: RunMeasurement, id: string): string | undefined {
  return measured.gates.find((gate) => gate.id === id)?.status;
}
