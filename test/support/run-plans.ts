// Plans for tests: small loads on an embedded target, with only what a test is about said in the test.

import type { CollectorConfig, HarnessConfig, ProviderConfig } from '../../src/contract/config.ts';
import type { RunPlan } from '../../src/contract/run-plan.ts';
import type { RunMeasurement } from '../../src/contract/run-result.ts';
import { providerConfig } from './target-fixture.ts';

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

/** Undefined when the run has no such gate. */
export function gateStatus(measured: RunMeasurement, id: string): string | undefined {
  return measured.gates.find((gate) => gate.id === id)?.status;
}
