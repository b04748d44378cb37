// A name that gets another address during a load: what stands stays, and what is made anew goes where the name points then.

import assert from 'node:assert/strict';
import dns from 'node:dns/promises';
import { syncBuiltinESMExports } from 'node:module';
import { afterEach, describe, it, mock } from 'node:test';
import { ENGINE_NAMES, type EngineName } from '../../../src/contract/config.ts';
import { createEngine } from '../../../src/harness/engines/create-engine.ts';
import { createMonotonicClock } from '../../../src/runtime/monotonic-clock.ts';
import { EngineProbe } from '../../support/engine-probe.ts';
import { startHandlerServer, type HandlerServer } from '../../support/handler-server.ts';
import { harnessConfig } from '../../support/run-plans.ts';
import { waitFor } from '../../support/wait-for.ts';

const clock = createMonotonicClock();
const cleanups: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  mock.restoreAll();
  syncBuiltinESMExports();
});

async function goesWhereTheNamePoints(engineName: EngineName): Promise<void> {
  const served: string[] = [];
  const serve = async (bind: string, name: string): Promise<HandlerServer> => {
    const server = await startHandlerServer(
      {
        weave: (_call, answer) => {
          served.push(name);
          answer(null, { text: 'hi' });
        },
      },
      bind,
    );
    cleanups.push(() => server.kill());
    return server;
  };
  const first = await serve('127.0.0.1:0', 'first');
  await serve(`127.0.0.2:${first.port}`, 'second');
  let address = '127.0.0.1';
  mock.method(dns, 'lookup', () => Promise.resolve([{ address, family: 4 }]));
  syncBuiltinESMExports();
  const serverAddr = `backend.invalid:${first.port}`;
  const engine = createEngine(
    harnessConfig({ engine: engineName, serverAddr, connections: 1 }),
    clock,
  );
  cleanups.push(() => engine.close());
  await engine.connect(5000);
  const probe = new EngineProbe(engine, clock, {});
  await probe.call();
  address = '127.0.0.2';
  await probe.call();
  assert.deepEqual(served, ['first', 'first']);
  first.kill();
  await waitFor('the new address', async () => (await probe.call()).end.grpcStatus === 0, 8000);
  assert.deepEqual(served, ['first', 'first', 'second']);
}

describe('a name whose address changes', () => {
  for (const engine of ENGINE_NAMES) {
    it(`sends ${engine} to the new one with the next connection, and not before`, () =>
      goesWhereTheNamePoints(engine));
  }
});
