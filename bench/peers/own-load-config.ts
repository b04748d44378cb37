// The load of the comparison as a configuration of our generator.

import type { EngineName, HarnessConfig } from '../../src/contract/config.ts';

export interface OwnLoad {
  readonly engine: EngineName;
  readonly address: string;
  readonly concurrency: number;
  readonly calls: number;
  readonly streaming: boolean;
}

/** One session for all calls: as with the peers, every call sends the same bytes. */
export function harnessConfigOf(load: OwnLoad): HarnessConfig {
  return {
    concurrency: load.concurrency,
    totalRequests: load.calls,
    durationMs: 0,
    requestTimeoutMs: 30_000,
    llm: {
      name: 'none',
      model: 'none',
      baseLatencyMs: 0,
      jitterMs: 0,
      latencyDistribution: 'uniform',
      errorRate: 0,
      errorMessage: '',
      errorMode: 'degraded',
      responseText: null,
      streamChunkSize: 1,
      streamChunkDelayMs: 0,
      inputTokensPerMessage: 0,
      outputTokens: 0,
      costUsdPerCall: 0,
    },
    useStreaming: load.streaming,
    query: 'SELECT * FROM test_table WHERE id = 1',
    rampUpMs: 0,
    llmConcurrencyLimit: 0,
    sessionId: '',
    numAgents: 0,
    serverAddr: load.address,
    tls: null,
    metadata: {},
    connectTimeoutMs: 10_000,
    graceMs: 10_000,
    engine: load.engine,
    connections: 1,
    threads: 1,
    arrival: { kind: 'closed' },
    maxInFlight: 10_000,
    pacing: 'timer',
    maxReceiveMessageBytes: 4 * 1024 * 1024,
    seed: 1,
  };
}
