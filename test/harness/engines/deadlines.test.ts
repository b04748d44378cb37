// When a call ends: with what the server said, however near to the deadline that came, else at the deadline and never before.
// Sockets and frames are real; the engine's clock and timers are moved by hand, so that every instant is exact on any machine.

import assert from 'node:assert/strict';
import { afterEach, describe, it, mock } from 'node:test';
import { ENGINE_NAMES, type EngineName } from '../../../src/contract/config.ts';
import { createEngine } from '../../../src/harness/engines/create-engine.ts';
import { EngineProbe, type ProbeOptions, type SeenCall } from '../../support/engine-probe.ts';
import {
  answer,
  ANSWER_FIELDS,
  data,
  grpcMessage,
  headers,
  rstStream,
  trailers,
  weaveAnswer,
  weaveProgress,
} from '../../support/http2-frames.ts';
import { harnessConfig } from '../../support/run-plans.ts';
import { startScriptedServer, type ScriptedPeer } from '../../support/scripted-server.ts';

const CALLS = 100;
const TIMEOUT_MS = 500;
/** Long enough for a busy machine: a call that never ends is to fail its test, not to hang it. */
const PATIENCE_MS = 20_000;

const cleanups: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  mock.timers.reset();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function turnsUntil(condition: () => boolean): Promise<void> {
  const givenUpAtMs = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > givenUpAtMs) throw new Error(`never came: ${String(condition)}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

type Word = (peer: ScriptedPeer, streamId: number) => void;

/** Calls that the server has seen and not answered yet, begun at 0 ms of a time that stands still unless it is moved. */
class CallsUnderWay {
  readonly ended: SeenCall[] = [];
  readonly #waiting: (readonly [ScriptedPeer, number])[] = [];
  #nowNs = 0;
  #firedMs = 0;

  static async begin(engine: EngineName, options: ProbeOptions): Promise<CallsUnderWay> {
    const calls = new CallsUnderWay();
    await calls.#begin(engine, { timeoutMs: TIMEOUT_MS, slots: CALLS, ...options });
    return calls;
  }

  /** What the engine reads from its clock from now on. */
  setClockMs(nowMs: number): void {
    this.#nowNs = Math.round(nowMs * 1e6);
  }

  /** Timers that are due by then fire, whatever the clock says. */
  fireTimersUpTo(nowMs: number): void {
    mock.timers.tick(nowMs - this.#firedMs);
    this.#firedMs = nowMs;
  }

  /** The server says this to each call. */
  hear(say: Word): void {
    for (const [peer, streamId] of this.#waiting.splice(0)) say(peer, streamId);
  }

  /** All of them. */
  async ends(): Promise<readonly SeenCall[]> {
    await turnsUntil(() => this.ended.length === CALLS);
    return this.ended;
  }

  async #begin(name: EngineName, options: ProbeOptions): Promise<void> {
    const server = await startScriptedServer({
      onRequest: (peer, streamId) => void this.#waiting.push([peer, streamId]),
    });
    cleanups.push(() => server.close());
    const clock = { originNs: 0n, nowNs: () => this.#nowNs };
    const config = harnessConfig({ serverAddr: server.address, engine: name, connections: 1 });
    const engine = createEngine(config, clock);
    cleanups.push(() => engine.close());
    await engine.connect(5000);
    mock.timers.enable({ apis: ['setTimeout'] });
    const probe = new EngineProbe(engine, clock, options);
    for (let slot = 0; slot < CALLS; slot += 1) {
      void probe.call(slot).then((seen) => this.ended.push(seen));
    }
    await turnsUntil(() => this.#waiting.length === CALLS);
  }
}

const OK: Word = (peer, id) => peer.send(answer(id));
const UNAVAILABLE = { 'grpc-status': 14, 'grpc-message': 'going down' };

/** Each with what it means. */
const LAST_WORDS: readonly (readonly [
  what: string,
  streaming: boolean,
  say: Word,
  code: number,
])[] = [
  [
    'a status alone',
    false,
    (peer, id) => peer.send(trailers(id, { ...ANSWER_FIELDS, ...UNAVAILABLE })),
    14,
  ],
  [
    'a status behind an answer',
    false,
    (peer, id) => {
      peer.send(headers(id), data(id, grpcMessage(weaveAnswer('a'))), trailers(id, UNAVAILABLE));
    },
    14,
  ],
  [
    'a status in the midst of a stream',
    true,
    (peer, id) => {
      const message = data(id, grpcMessage(weaveProgress('a')));
      peer.send(headers(id), message, message, trailers(id, UNAVAILABLE));
    },
    14,
  ],
  ['a reset of the stream', true, (peer, id) => peer.send(rstStream(id, 2)), 13],
  ['the loss of the connection', false, (peer) => void peer.socket.destroy(), 14],
];

for (const engine of ENGINE_NAMES) {
  describe(`a call with ${engine}`, () => {
    it('is answered by a server of 450 ms under a deadline of 500 ms, each of 100', async () => {
      const calls = await CallsUnderWay.begin(engine, {});
      calls.setClockMs(450);
      calls.fireTimersUpTo(450);
      calls.hear(OK);
      for (const { end, tookMs } of await calls.ends()) {
        assert.deepEqual([end.grpcStatus, tookMs], [0, 450]);
      }
    });

    it('does not end before its deadline when its timer fires early, and still gets its answer', async () => {
      const calls = await CallsUnderWay.begin(engine, {});
      calls.setClockMs(499.999);
      // Node starts timers from a cached time and in whole milliseconds: one may fire before the clock says that it is due.
      calls.fireTimersUpTo(TIMEOUT_MS);
      calls.hear(OK);
      for (const { end, tookMs } of await calls.ends()) {
        assert.deepEqual([end.grpcStatus, tookMs], [0, 499.999]);
      }
    });

    it('ends at its deadline when nothing was said by then, also after a timer that fired early', async () => {
      const calls = await CallsUnderWay.begin(engine, {});
      calls.setClockMs(499.999);
      calls.fireTimersUpTo(TIMEOUT_MS);
      assert.equal(calls.ended.length, 0);
      calls.setClockMs(TIMEOUT_MS + 0.5);
      calls.fireTimersUpTo(TIMEOUT_MS + 1);
      for (const { end, tookMs } of await calls.ends()) {
        assert.deepEqual([end.grpcStatus, end.origin, tookMs], [4, 'client', TIMEOUT_MS + 0.5]);
      }
    });

    for (const [what, streaming, say, code] of LAST_WORDS) {
      it(`ends at once with ${what} after 10 ms, long before a deadline of 30 s`, async () => {
        const calls = await CallsUnderWay.begin(engine, { streaming, timeoutMs: 30_000 });
        calls.setClockMs(10);
        calls.fireTimersUpTo(10);
        calls.hear(say);
        for (const { end, tookMs } of await calls.ends()) {
          assert.deepEqual([end.grpcStatus, tookMs], [code, 10]);
        }
      });
    }
  });
}
