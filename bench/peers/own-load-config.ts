// The load of the comparison as a configuration of our generator.

import type { EngineName, HarnessConfig } from '../../src/contract/config.ts';
import { harnessConfig } from '../../test/support/run-plans.ts';

export interface OwnLoad {
  readonly engine: EngineName;
  readonly address: string;
  readonly concurrency: number;
  readonly calls: number;
  readonly streaming: boolean;
}

/** One session for all calls: as with the peers, every call sends the same bytes. */
export function harnessConfigOf(load: OwnLoad): HarnessConfig {
  return harnessConfig({
    concurrency: load.concurrency,
    totalRequests: load.calls,
    durationMs: 0,
    useStreaming: load.streaming,
    serverAddr: load.address,
    connectTimeoutMs: 10_000,
    graceMs: 10_000,
    engine: load.engine,
    connections: 1,
    maxInFlight: 10_000,
    seed: 1,
  });
}
