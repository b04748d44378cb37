// `loombench target`: the Loom server alone, with its control plane, for external tools and for other machines.

import type { ProviderConfig } from '../contract/config.ts';
import type { TargetAccount } from '../contract/run-result.ts';
import { createMonotonicClock } from '../runtime/monotonic-clock.ts';
import { ControlPlane } from './control-plane.ts';
import { targetVersion } from './loom-handlers.ts';
import { LoomServer } from './loom-server.ts';

/** The bench server's own defaults. */
export const DEFAULT_GRPC_PORT = 60051;
export const DEFAULT_HTTP_PORT = 8080;

export interface StandaloneTargetOptions {
  readonly llm: ProviderConfig;
  readonly respond?: (lastMessage: string) => string;
  readonly llmConcurrencyLimit: number;
  readonly numAgents: number;
  readonly seed: number;
  /** Default 127.0.0.1; 0.0.0.0 for other machines. */
  readonly host?: string;
  /** Default 60051; 0 takes a free one. */
  readonly grpcPort?: number;
  /** Default 8080; 0 takes a free one. */
  readonly httpPort?: number;
  /** What /health names as the build; default the package's version. */
  readonly commit?: string;
}

export interface StandaloneTarget {
  /** `host:port`. */
  readonly grpcAddress: string;
  /** `http://host:port`. */
  readonly httpUrl: string;
  account(): TargetAccount;
  /** Lets calls in flight end for up to `graceMs`, then closes both ports. */
  stop(graceMs?: number): Promise<void>;
}

/** Throws BenchmarkError 'port-in-use' or 'target-start-failed'; nothing is left listening then. */
export async function runStandaloneTarget(
  options: StandaloneTargetOptions,
): Promise<StandaloneTarget> {
  const host = options.host ?? '127.0.0.1';
  const server = new LoomServer({ ...options, clock: createMonotonicClock() });
  const controlPlane = new ControlPlane(server, options.commit ?? targetVersion());
  const stop = async (graceMs = 0): Promise<void> => {
    await controlPlane.stop();
    await server.stop(graceMs);
  };
  try {
    const grpcAddress = await server.listen(host, options.grpcPort ?? DEFAULT_GRPC_PORT);
    const httpUrl = await controlPlane.listen(host, options.httpPort ?? DEFAULT_HTTP_PORT);
    return { grpcAddress, httpUrl, account: () => server.account(), stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}
