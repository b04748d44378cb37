// A name of several servers: whose figures the report has must be readable from it.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import dns from 'node:dns/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, it, mock } from 'node:test';
import type { BackendShare, RunMeasurement } from '../../src/contract/run-result.ts';
import type { EngineName } from '../../src/contract/config.ts';
import { idleBackends, mergeBackends } from '../../src/harness/engines/backends.ts';
import { createEngine } from '../../src/harness/engines/create-engine.ts';
import { createMonotonicClock } from '../../src/runtime/monotonic-clock.ts';
import { EngineProbe } from '../support/engine-probe.ts';
import { startHandlerServer, type HandlerServer } from '../support/handler-server.ts';
import { inProcessRun } from '../support/in-process-run.ts';
import { harnessConfig, runPlan } from '../support/run-plans.ts';
import { waitFor } from '../support/wait-for.ts';

const FIRST = '127.0.0.1';
const SECOND = '127.0.0.2';
const clock = createMonotonicClock();
const directory = mkdtempSync(join(tmpdir(), 'loombench-backends-'));
const cleanups: (() => void | Promise<void>)[] = [];

after(() => rmSync(directory, { recursive: true, force: true }));
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  mock.restoreAll();
  syncBuiltinESMExports();
});

interface Scene {
  readonly serverAddr: string;
  readonly served: Record<string, number>;
  readonly servers: readonly [HandlerServer, HandlerServer];
  /** The addresses of the name from now on. */
  point(addresses: readonly string[]): void;
}

async function twoServers(): Promise<Scene> {
  const served: Record<string, number> = { [FIRST]: 0, [SECOND]: 0 };
  const serve = async (host: string, port: number): Promise<HandlerServer> => {
    const server = await startHandlerServer(
      {
        weave: (_call, answer) => {
          served[host] = (served[host] ?? 0) + 1;
          answer(null, { text: 'hi' });
        },
      },
      `${host}:${port}`,
    );
    cleanups.push(() => server.kill());
    return server;
  };
  const first = await serve(FIRST, 0);
  const second = await serve(SECOND, first.port);
  let found: readonly string[] = [FIRST, SECOND];
  mock.method(dns, 'lookup', () =>
    Promise.resolve(found.map((address) => ({ address, family: 4 }))),
  );
  syncBuiltinESMExports();
  return {
    serverAddr: `backend.invalid:${first.port}`,
    served,
    servers: [first, second],
    point: (addresses) => {
      found = addresses;
    },
  };
}

async function run(
  scene: Scene,
  connections: number,
  engine: EngineName = 'wire',
): Promise<RunMeasurement> {
  const plan = runPlan({
    engine,
    serverAddr: scene.serverAddr,
    connections,
    concurrency: 4,
    totalRequests: 40,
    durationMs: 0,
  });
  return inProcessRun(plan, {
    directory,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
}

const answered = (backends: readonly BackendShare[] | undefined, address: string): number =>
  backends?.find((backend) => backend.address === address)?.answeredCalls ?? -1;

describe('a name of two servers', () => {
  it('is measured through one of them over one connection, and the run lists the other as unused and warns of it', async () => {
    const scene = await twoServers();
    const measured = await run(scene, 1);
    assert.deepEqual(scene.served, { [FIRST]: 40, [SECOND]: 0 });
    const { backends } = measured.connection;
    assert.equal(answered(backends, SECOND), 0);
    assert.ok(answered(backends, FIRST) >= 40);
    const warning = measured.warnings.find(({ code }) => code === 'backends-unused');
    assert.match(warning?.message ?? '', /2 addresses, and 127\.0\.0\.2 answered no call/);
  });

  it('is measured through both over two connections, with the share of each and no warning', async () => {
    const scene = await twoServers();
    const measured = await run(scene, 2);
    assert.equal(measured.calls.issued, 40);
    for (const host of [FIRST, SECOND]) {
      assert.ok((scene.served[host] ?? 0) > 0);
      assert.ok(answered(measured.connection.backends, host) >= (scene.served[host] ?? 0));
    }
    assert.ok(!measured.warnings.some(({ code }) => code === 'backends-unused'));
  });

  it('leaves no list where the engine cannot tell', async () => {
    const scene = await twoServers();
    const measured = await run(scene, 1, 'grpc-js');
    assert.equal(measured.connection.backends, undefined);
    assert.ok(!measured.warnings.some(({ code }) => code === 'backends-unused'));
  });

  it('that gets its second server during the load shows every call at the first, until a connection is made anew', async () => {
    const scene = await twoServers();
    scene.point([FIRST]);
    const { serverAddr } = scene;
    const engine = createEngine(
      harnessConfig({ engine: 'wire', serverAddr, connections: 1 }),
      clock,
    );
    cleanups.push(() => engine.close());
    await engine.connect(5000);
    const probe = new EngineProbe(engine, clock, {});
    await probe.call();
    scene.point([FIRST, SECOND]);
    await probe.call();
    const pinned = [{ address: FIRST, connections: 1, answeredCalls: 2 }];
    assert.deepEqual(engine.facts().backends, pinned);
    scene.servers[0].kill();
    await waitFor('the other server', async () => (await probe.call()).end.grpcStatus === 0, 8000);
    assert.deepEqual(engine.facts().backends, [
      ...pinned,
      { address: SECOND, connections: 1, answeredCalls: 1 },
    ]);
    assert.deepEqual(scene.served, { [FIRST]: 2, [SECOND]: 1 });
  });
});

describe('the shares of the backends', () => {
  const share = (address: string, connections: number, answeredCalls: number): BackendShare => ({
    address,
    connections,
    answeredCalls,
  });

  it('of several threads add up by address', () => {
    const one = [share(FIRST, 1, 10), share(SECOND, 0, 0)];
    const other = [share(SECOND, 2, 7), share(FIRST, 0, 0)];
    assert.deepEqual(mergeBackends([one, other]), [share(FIRST, 1, 10), share(SECOND, 2, 7)]);
  });

  it('name an address idle only beside a used one of its own family', () => {
    assert.deepEqual(idleBackends([share('127.0.0.1', 1, 5), share('::1', 0, 0)]), []);
    assert.deepEqual(idleBackends([share(FIRST, 1, 0), share(SECOND, 1, 0)]), []);
    const idle = share(SECOND, 1, 0);
    assert.deepEqual(idleBackends([share(FIRST, 1, 5), idle]), [idle]);
  });
});
