// A name that gets another address during a load: what stands stays, and what is made anew goes where the name points then.

import assert from 'node:assert/strict';
import dns from 'node:dns/promises';
import { syncBuiltinESMExports } from 'node:module';
import { afterEach, it, mock } from 'node:test';
import { EngineProbe } from '../../../support/engine-probe.ts';
import { startHandlerServer, type HandlerServer } from '../../../support/handler-server.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { clock, WireFixtures } from '../../../support/wire-fixture.ts';

const fixtures = new WireFixtures();
const servers: HandlerServer[] = [];

afterEach(async () => {
  await fixtures.clean();
  for (const server of servers.splice(0)) server.kill();
  mock.restoreAll();
  syncBuiltinESMExports();
});

it('goes to the new address of a name with the next connection, and not before', async () => {
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
    servers.push(server);
    return server;
  };
  const first = await serve('127.0.0.1:0', 'first');
  await serve(`127.0.0.2:${first.port}`, 'second');
  let address = '127.0.0.1';
  mock.method(dns, 'lookup', () => Promise.resolve([{ address, family: 4 }]));
  syncBuiltinESMExports();
  const engine = fixtures.engine(`backend.invalid:${first.port}`);
  await engine.connect(5000);
  const probe = new EngineProbe(engine, clock, {});
  await probe.call();
  address = '127.0.0.2';
  await probe.call();
  assert.deepEqual(served, ['first', 'first']);
  first.kill();
  await waitFor('the new address', async () => (await probe.call()).end.grpcStatus === 0, 5000);
  assert.deepEqual(served, ['first', 'first', 'second']);
});
