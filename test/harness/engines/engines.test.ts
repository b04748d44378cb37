// What holds for every engine, proved on a real grpc-js server whose handlers each test writes.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Metadata, status } from '@grpc/grpc-js';
import type { EngineName } from '../../../src/contract/config.ts';
import { BenchmarkError } from '../../../src/contract/failure.ts';
import type { Engine } from '../../../src/harness/engines/engine.ts';
import { createEngine } from '../../../src/harness/engines/create-engine.ts';
import { APOLOGY_TEXT, LLM_TIME_TRAILER } from '../../../src/protocol/answers.ts';
import { createMonotonicClock } from '../../../src/runtime/monotonic-clock.ts';
import { EngineProbe, type ProbeOptions } from '../../support/engine-probe.ts';
import {
  fails,
  startHandlerServer,
  type Handlers,
  type HandlerServer,
} from '../../support/handler-server.ts';
import { harnessConfig, type HarnessChanges } from '../../support/run-plans.ts';
import { startRelay } from '../../support/tcp-relay.ts';

const clock = createMonotonicClock();
const cleanups: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

let name: EngineName = 'grpc-js';

function engineFor(serverAddr: string, changes: HarnessChanges = {}): Engine {
  const config = harnessConfig({ serverAddr, engine: name, connections: 1, ...changes });
  const engine = createEngine(config, clock);
  cleanups.push(() => engine.close());
  return engine;
}

async function serve(handlers: Handlers, bind?: string): Promise<HandlerServer> {
  const server = await startHandlerServer(handlers, bind);
  cleanups.push(() => server.kill());
  return server;
}

async function probeOf(
  handlers: Handlers,
  options: ProbeOptions = {},
  changes: HarnessChanges = {},
): Promise<{ probe: EngineProbe; engine: Engine; server: HandlerServer }> {
  const server = await serve(handlers);
  const engine = engineFor(server.address, changes);
  await engine.connect(5000);
  return { probe: new EngineProbe(engine, clock, options), engine, server };
}

function after(ms: number, then: () => void): void {
  setTimeout(then, ms);
}

for (const engineName of ['grpc-js', 'wire'] as const) {
  describe(`${engineName} engine`, () => {
    beforeEach(() => {
      name = engineName;
    });

    describe('connecting', () => {
      it('fails within the connect timeout and says what it tried when nothing listens', async () => {
        const free = createServer().listen(0, '127.0.0.1');
        await new Promise((resolve) => free.once('listening', resolve));
        const address = free.address();
        assert(address !== null && typeof address === 'object');
        const { port } = address;
        await new Promise((resolve) => free.close(resolve));
        const startedNs = clock.nowNs();
        await assert.rejects(engineFor(`127.0.0.1:${port}`).connect(400), (thrown: unknown) => {
          assert(thrown instanceof BenchmarkError);
          assert.equal(thrown.code, 'target-unreachable');
          assert.match(
            thrown.message,
            new RegExp(`127\\.0\\.0\\.1:${port}.*400 ms.*ECONNREFUSED`, 's'),
          );
          return true;
        });
        const tookMs = (clock.nowNs() - startedNs) / 1e6;
        assert(tookMs >= 399 && tookMs < 2000, `took ${tookMs} ms`);
      });

      it('fails within the connect timeout when the peer accepts and never speaks HTTP/2', async () => {
        const silent = createServer(() => undefined).listen(0, '127.0.0.1');
        await new Promise((resolve) => silent.once('listening', resolve));
        cleanups.push(() => void silent.close());
        silent.on('connection', (socket) => cleanups.push(() => void socket.destroy()));
        const address = silent.address();
        assert(address !== null && typeof address === 'object');
        await assert.rejects(engineFor(`127.0.0.1:${address.port}`).connect(300), {
          code: 'target-unreachable',
        });
      });

      it('waits for a server that comes up within the connect timeout', async () => {
        const first = await serve({});
        first.kill();
        const engine = engineFor(first.address);
        const connecting = engine.connect(5000);
        after(300, () => void serve({ version: 'v9' }, first.address));
        await connecting;
        assert.equal((await engine.health(1000))?.version, 'v9');
      });

      it('reaches a bracketed IPv6 address, a name and a unix socket', async () => {
        const directory = mkdtempSync(join(tmpdir(), 'loombench-engine-'));
        cleanups.push(() => rmSync(directory, { recursive: true }));
        const v6 = await serve({ version: 'six' }, '[::1]:0');
        const v4 = await serve({ version: 'four' });
        const unix = await serve({ version: 'unix' }, `unix:${join(directory, 'loom.sock')}`);
        for (const [address, version] of [
          [`[::1]:${v6.port}`, 'six'],
          [`localhost:${v4.port}`, 'four'],
          [unix.address, 'unix'],
        ] as const) {
          const engine = engineFor(address);
          await engine.connect(5000);
          assert.equal((await engine.health(1000))?.version, version);
        }
      });

      it('opens as many connections as asked, each of its own', async () => {
        const peers = new Set<string>();
        const { probe, engine } = await probeOf(
          {
            weave: (call, answer) => {
              peers.add(call.getPeer());
              answer(null, { text: 'a' });
            },
          },
          {},
          { connections: 3 },
        );
        for (let i = 0; i < 6; i++) await probe.call();
        assert.equal(peers.size, 3);
        assert.equal(engine.facts().connections, 3);
      });

      it('takes a server without GetHealth for alive', async () => {
        const engine = engineFor((await serve({})).address);
        await engine.connect(5000);
        assert.equal(await engine.health(1000), null);
      });

      it('lists the agents of all pages', async () => {
        const engine = engineFor((await serve({ agentPages: [['a', 'b'], ['c']] })).address);
        await engine.connect(5000);
        assert.deepEqual(
          (await engine.listAgents(1000)).map((agent) => agent.id),
          ['a', 'b', 'c'],
        );
      });
    });

    describe('unary calls', () => {
      it('reports the answer, its tokens and the LLM time in the trailers, and sends query, session, agent and metadata', async () => {
        let seen: unknown;
        const { probe } = await probeOf(
          {
            weave: (call, answer) => {
              const { query, sessionId, agentId } = call.request;
              seen = { query, sessionId, agentId, team: call.metadata.get('x-team')[0] };
              const trailers = new Metadata();
              trailers.set(LLM_TIME_TRAILER, '1234');
              answer(
                null,
                { text: 'héllo', cost: { llmCost: { inputTokens: 3, outputTokens: 4 } } },
                trailers,
              );
            },
          },
          {
            metadata: { 'x-team': 'blue' },
            templates: [{ query: 'why', sessionId: 's1', agentId: 'a1' }],
          },
        );
        const { messages, end } = await probe.call();
        assert.deepEqual(seen, { query: 'why', sessionId: 's1', agentId: 'a1', team: 'blue' });
        assert.equal(messages.length, 1);
        assert.equal(messages[0]?.contentBytes, 6);
        assert.equal(messages[0].llmTokens, 7);
        assert.equal(messages[0].completed, true);
        assert.deepEqual(end, {
          grpcStatus: 0,
          statusMessage: '',
          origin: 'server',
          llmTimeUs: 1234,
        });
      });

      it('recognises the apology for a failed LLM', async () => {
        const { probe } = await probeOf({
          weave: (_call, answer) => answer(null, { text: APOLOGY_TEXT, cost: { llmCost: {} } }),
        });
        const { messages, end } = await probe.call();
        assert.equal(end.grpcStatus, 0);
        assert.equal(messages[0]?.apology, true);
        assert.equal(messages[0].llmTokens, 0);
        assert(Number.isNaN(end.llmTimeUs));
      });

      it('reports the status of the server with its text', async () => {
        const { probe } = await probeOf({
          weave: (_call, answer) => answer(fails(status.UNAVAILABLE, 'going down: 50% é')),
        });
        const { end } = await probe.call();
        assert.equal(end.grpcStatus, status.UNAVAILABLE);
        assert.equal(end.statusMessage, 'going down: 50% é');
        assert.equal(end.origin, 'server');
      });

      it('never reports a deadline before its time', async () => {
        const { probe } = await probeOf({ weave: () => undefined }, { timeoutMs: 50, slots: 40 });
        const calls = [];
        for (let slot = 0; slot < 40; slot++) {
          calls.push(probe.call(slot));
          // A busy loop ages Node's cached time, from which timers are started.
          const untilNs = clock.nowNs() + 1e6;
          while (clock.nowNs() < untilNs);
        }
        for (const { end, tookMs } of await Promise.all(calls)) {
          assert.equal(end.grpcStatus, status.DEADLINE_EXCEEDED);
          assert(tookMs >= 50, `ended after ${tookMs} ms`);
        }
      });

      it('tells the server the deadline', async () => {
        let leftMs = 0;
        const { probe } = await probeOf(
          {
            weave: (call, answer) => {
              leftMs = Number(call.getDeadline()) - Date.now();
              answer(null, { text: 'a' });
            },
          },
          { timeoutMs: 4000 },
        );
        await probe.call();
        assert(leftMs > 3000 && leftMs <= 4001, `server saw ${leftMs} ms`);
      });

      it('cancels a call, which then ends once, and leaves free slots alone', async () => {
        const cancelled: true[] = [];
        const { probe, engine } = await probeOf({
          weave: (call) => call.on('cancelled', () => cancelled.push(true)),
        });
        engine.cancel(0);
        const call = probe.call();
        after(50, () => engine.cancel(0));
        const { end } = await call;
        assert.equal(end.grpcStatus, status.CANCELLED);
        assert.equal(end.origin, 'client');
        engine.cancel(0);
        while (cancelled.length === 0) await new Promise((resolve) => setImmediate(resolve));
        assert.deepEqual(probe.ends, [1]);
      });

      it('ends calls in flight as UNAVAILABLE of this side when the connection is lost', async () => {
        const server = await serve({ weave: () => undefined });
        const relay = await startRelay(server.port);
        cleanups.push(() => relay.close());
        const engine = engineFor(relay.address);
        await engine.connect(5000);
        const probe = new EngineProbe(engine, clock, { slots: 5 });
        const calls = Array.from({ length: 5 }, (_, slot) => probe.call(slot));
        after(50, () => relay.cut());
        for (const { end } of await Promise.all(calls)) {
          assert.equal(end.grpcStatus, status.UNAVAILABLE);
          assert.equal(end.origin, 'client');
        }
        const { end } = await probe.call();
        assert.equal(end.grpcStatus, status.UNAVAILABLE);
        assert.equal(end.origin, 'client');
        assert.deepEqual(probe.ends, [2, 1, 1, 1, 1]);
      });

      it('ends a call that cannot be sent only after start has returned', async () => {
        const { engine, probe } = await probeOf({});
        await engine.close();
        let returned = false;
        const call = probe.call().then((seen) => {
          assert(returned, 'ended before start returned');
          return seen;
        });
        returned = true;
        const { end } = await call;
        assert.notEqual(end.grpcStatus, 0);
        assert.equal(end.origin, 'client');
      });

      it('keeps within the streams that the server allows, and brings every call that waited for one to its end', async () => {
        let inFlight = 0;
        let most = 0;
        const server = await serve({
          channel: { 'grpc.max_concurrent_streams': 10 },
          weave: (_call, answer) => {
            inFlight += 1;
            most = Math.max(most, inFlight);
            after(5, () => {
              inFlight -= 1;
              answer(null, { text: 'a' });
            });
          },
        });
        const engine = engineFor(server.address);
        await engine.connect(5000);
        const probe = new EngineProbe(engine, clock, { slots: 100, timeoutMs: 30_000 });
        const calls = await Promise.all(Array.from({ length: 100 }, (_, slot) => probe.call(slot)));
        assert.deepEqual(new Set(calls.map(({ end }) => end.grpcStatus)), new Set([0]));
        assert.equal(most, 10);
        // Ten places of 5 ms (a timer may be a millisecond early): the last one's time holds the nine before it.
        assert(Math.max(...calls.map(({ tookMs }) => tookMs)) >= 40);
        // The reference client queues where it cannot be seen, and makes no number up.
        const queued = engine.facts().locallyQueuedCalls;
        assert.equal(queued, engineName === 'wire' ? 90 : undefined);
      });

      it('counts a reconnect to a restarted server', async () => {
        const weave: Handlers['weave'] = (_call, answer) => answer(null, { text: 'a' });
        const { probe, engine, server } = await probeOf({ weave });
        assert.equal((await probe.call()).end.grpcStatus, 0);
        server.kill();
        await serve({ weave }, server.address);
        const giveUpAtNs = clock.nowNs() + 5e9;
        while ((await probe.call()).end.grpcStatus !== 0) {
          assert(clock.nowNs() < giveUpAtNs, 'never back within 5 s');
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        assert.equal(engine.facts().reconnects, 1);
      });
    });

    describe('streams', () => {
      it('reports each message as it comes and the status last', async () => {
        const { probe } = await probeOf(
          {
            streamWeave: (call) => {
              call.write({ stage: 'EXECUTION_STAGE_LLM_GENERATION', progress: 90 });
              call.write({
                stage: 'EXECUTION_STAGE_LLM_GENERATION',
                isTokenStream: true,
                partialContent: 'abc',
                tokenCount: 5,
              });
              call.write({
                stage: 'EXECUTION_STAGE_COMPLETED',
                partialContent: 'abcdef',
                cost: { llmCost: { totalTokens: 9 } },
              });
              call.end();
            },
          },
          { streaming: true },
        );
        const { messages, end } = await probe.call();
        assert.equal(end.grpcStatus, 0);
        assert.deepEqual(
          messages.map(({ isToken, tokenCount, contentBytes, completed, llmTokens }) => {
            return { isToken, tokenCount, contentBytes, completed, llmTokens };
          }),
          [
            { isToken: false, tokenCount: 0, contentBytes: 0, completed: false, llmTokens: 0 },
            { isToken: true, tokenCount: 5, contentBytes: 3, completed: false, llmTokens: 0 },
            { isToken: false, tokenCount: 0, contentBytes: 6, completed: true, llmTokens: 9 },
          ],
        );
        assert(messages.every((message) => message.bytes > 0));
      });

      it('keeps the messages of a stream that then fails', async () => {
        const { probe } = await probeOf(
          {
            streamWeave: (call) => {
              for (let i = 0; i < 3; i++) call.write({ partialContent: 'x', isTokenStream: true });
              call.emit('error', fails(status.INTERNAL, 'broke'));
            },
          },
          { streaming: true },
        );
        const { messages, end } = await probe.call();
        assert.equal(messages.length, 3);
        assert.equal(end.grpcStatus, status.INTERNAL);
        assert.equal(end.statusMessage, 'broke');
        assert.equal(end.origin, 'server');
      });

      it('ends an OK stream without messages as OK with none', async () => {
        const { probe } = await probeOf(
          { streamWeave: (call) => void call.end() },
          { streaming: true },
        );
        const { messages, end } = await probe.call();
        assert.equal(messages.length, 0);
        assert.equal(end.grpcStatus, 0);
      });

      it('delivers a burst of 2000 messages in order and whole', async () => {
        const { probe } = await probeOf(
          {
            streamWeave: (call) => {
              for (let i = 1; i <= 2000; i++) call.write({ tokenCount: i });
              call.end();
            },
          },
          { streaming: true },
        );
        const { messages, end } = await probe.call();
        assert.equal(end.grpcStatus, 0);
        assert.deepEqual(
          messages.map((message) => message.tokenCount),
          Array.from({ length: 2000 }, (_, i) => i + 1),
        );
      });
    });
  });
}
