// How large an answer may be: 4 MiB unless more is asked for, by the bytes of the message. What is larger fails and says which
// option takes it, whatever the engine and the kind of call; what the server itself refuses is none of that option's business.

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { status } from '@grpc/grpc-js';
import { resolveConfig } from '../../../src/config/resolve.ts';
import type { HarnessConfig } from '../../../src/contract/config.ts';
import { createEngine } from '../../../src/harness/engines/create-engine.ts';
import { createMonotonicClock } from '../../../src/runtime/monotonic-clock.ts';
import { EngineProbe, type SeenCall } from '../../support/engine-probe.ts';
import { fails, startHandlerServer, type Handlers } from '../../support/handler-server.ts';

const MIB = 1024 * 1024;
const HINT = /raise --max-receive-message-size/;

const clock = createMonotonicClock();
const cleanups: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** As a user gives it. */
function configOf(raw: Record<string, unknown>): HarnessConfig {
  const resolved = resolveConfig(raw);
  assert.ok(resolved.kind === 'ok');
  return resolved.config;
}

async function call(raw: Record<string, unknown>, handlers: Handlers): Promise<SeenCall> {
  const server = await startHandlerServer(handlers);
  cleanups.push(() => server.kill());
  const config = configOf({ serverAddr: server.address, connections: 1, ...raw });
  const engine = createEngine(config, clock);
  cleanups.push(() => engine.close());
  await engine.connect(5000);
  const { useStreaming: streaming, query } = config;
  const templates = [{ query, sessionId: '', agentId: '' }];
  return new EngineProbe(engine, clock, { streaming, templates, timeoutMs: 30_000 }).call();
}

/** Answers with a message of `bytes`, and streams it behind a small one. Its text's tag and length take five bytes. */
function answering(bytes: number): Handlers {
  const text = 'x'.repeat(bytes - 5);
  return {
    weave: (_call, answer) => answer(null, { text }),
    streamWeave: (stream) => {
      stream.write({ partialContent: 'a' });
      stream.write({ partialContent: text });
      stream.end();
    },
  };
}

for (const engine of ['wire', 'grpc-js'] as const) {
  for (const useStreaming of [false, true]) {
    describe(`${engine} engine, ${useStreaming ? 'a message of a stream' : 'an answer'}`, () => {
      const wanted = useStreaming ? 2 : 1;

      it('of 5 MB is refused with the option that takes it, behind what came before', async () => {
        const { end, messages } = await call({ engine, useStreaming }, answering(5_000_000));
        assert.equal(end.grpcStatus, status.RESOURCE_EXHAUSTED);
        assert.equal(end.origin, 'client');
        assert.match(end.statusMessage, /5000000.*4194304/);
        assert.match(end.statusMessage, HINT);
        assert.equal(messages.length, wanted - 1);
      });

      it('of 5 MB is taken when the option says so', async () => {
        const raw = { engine, useStreaming, maxReceiveMessageSize: '5MB' };
        const { end, messages } = await call(raw, answering(5_000_000));
        assert.deepEqual([end.grpcStatus, end.statusMessage], [status.OK, '']);
        assert.equal(messages.at(-1)?.bytes, 5_000_000);
      });

      it('is taken to the last byte of the limit, and not beyond', async () => {
        const whole = await call({ engine, useStreaming }, answering(4 * MIB));
        assert.equal(whole.end.grpcStatus, status.OK);
        assert.equal(whole.messages.length, wanted);
        const beyond = await call({ engine, useStreaming }, answering(4 * MIB + 1));
        assert.equal(beyond.end.grpcStatus, status.RESOURCE_EXHAUSTED);
      });
    });
  }

  describe(`${engine} engine, RESOURCE_EXHAUSTED of the server`, () => {
    it('keeps the words of the server: its limits are not those of the option', async () => {
      const words = 'Received message larger than max (7 vs 5)';
      const { end } = await call(
        { engine },
        { weave: (_call, answer) => answer(fails(status.RESOURCE_EXHAUSTED, words)) },
      );
      assert.equal(end.grpcStatus, status.RESOURCE_EXHAUSTED);
      assert.equal(end.statusMessage, words);
      assert.equal(end.origin, 'server');
    });

    it('is told from an answer that was too large when it was the request', async () => {
      const { end } = await call(
        { engine, query: 'q'.repeat(2000) },
        {
          channel: { 'grpc.max_receive_message_length': 1000 },
          weave: (_call, answer) => answer(null, { text: 'a' }),
        },
      );
      assert.equal(end.grpcStatus, status.RESOURCE_EXHAUSTED);
      assert.doesNotMatch(end.statusMessage, HINT);
    });
  });
}
