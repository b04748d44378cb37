// The wire engine on a scripted server, for tests of what happens below the calls.

import { WireEngine, type WireEngineOptions } from '../../src/harness/engines/wire/wire-engine.ts';
import { createMonotonicClock } from '../../src/runtime/monotonic-clock.ts';
import { EngineProbe, type ProbeOptions } from './engine-probe.ts';
import { type Script, type ScriptedServer, startScriptedServer } from './scripted-server.ts';

export const clock = createMonotonicClock();

export interface WireFixture {
  readonly server: ScriptedServer;
  readonly engine: WireEngine;
  readonly probe: EngineProbe;
}

/** Collects what tests start; `clean` ends it in reverse. */
export class WireFixtures {
  readonly #cleanups: (() => void | Promise<void>)[] = [];

  async clean(): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0).reverse()) await cleanup();
  }

  async serve(script: Script, port = 0): Promise<ScriptedServer> {
    const server = await startScriptedServer(script, port);
    this.#cleanups.push(() => server.close());
    return server;
  }

  engine(serverAddr: string, changes: Partial<WireEngineOptions> = {}): WireEngine {
    const engine = new WireEngine({
      serverAddr,
      tls: null,
      connections: 1,
      connectTimeoutMs: 5000,
      maxReceiveMessageBytes: 4 * 1024 * 1024,
      clock,
      ...changes,
    });
    this.#cleanups.push(() => engine.close());
    return engine;
  }

  async connected(
    script: Script,
    options: ProbeOptions = {},
    changes: Partial<WireEngineOptions> = {},
  ): Promise<WireFixture> {
    const server = await this.serve(script);
    const engine = this.engine(server.address, changes);
    await engine.connect(5000);
    return { server, engine, probe: new EngineProbe(engine, clock, options) };
  }
}

export function isPending(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  return Promise.race([promise, Promise.resolve(pending)]).then((first) => first === pending);
}

/** Long enough for a busy machine; a test that waits for what never comes is to fail, not to hang. */
const PATIENCE_MS = 20_000;

export async function until(condition: () => boolean): Promise<void> {
  const startNs = clock.nowNs();
  while (!condition()) {
    if (clock.nowNs() - startNs > PATIENCE_MS * 1e6) {
      throw new Error(`not within ${PATIENCE_MS} ms: ${String(condition)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
