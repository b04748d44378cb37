// When a stream of the mock LLM says what, in virtual time: the waits come before what they are for, and none comes after the
// last chunk. What a client sees of it over a real connection is in test/integration.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import type { Metadata, ServerWritableStream } from '@grpc/grpc-js';
import type { ProviderConfig } from '../../src/contract/config.ts';
import { LLM_TIME_TRAILER } from '../../src/protocol/answers.ts';
import type { WeaveRequest__Output } from '../../src/protocol/generated/loom/v1/WeaveRequest.ts';
import { loadLoomService } from '../../src/protocol/loom-service.ts';
import { AgentDirectory } from '../../src/target/agents.ts';
import { AnswerEncoder } from '../../src/target/answer-encoder.ts';
import { CallAccount } from '../../src/target/call-account.ts';
import { DeadlineQueue } from '../../src/target/deadline-queue.ts';
import { FairSemaphore } from '../../src/target/fair-semaphore.ts';
import { MockLlm } from '../../src/target/mock-llm.ts';
import { SessionStore } from '../../src/target/sessions.ts';
import { StreamWeave } from '../../src/target/stream-weave.ts';
import type { CallContext } from '../../src/target/weave-call.ts';
import { providerConfig } from '../support/run-plans.ts';

const SEED = 1;
const CHUNK_CHARS = 10;

beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'setImmediate', 'Date'], now: 0 }));
afterEach(() => mock.timers.reset());

function contextOf(config: Partial<ProviderConfig>): CallContext {
  const clock = { originNs: 0n, nowNs: () => Date.now() * 1e6 };
  const llm = new MockLlm({ seed: SEED, config: providerConfig(config) });
  return {
    clock,
    queue: new DeadlineQueue(clock),
    limiter: new FairSemaphore(1),
    agents: new AgentDirectory(1, SEED),
    llm,
    encoder: new AnswerEncoder(llm),
    account: new CallAccount(),
    sessions: new SessionStore(SEED),
  };
}

interface Said {
  readonly tokensMs: readonly number[];
  readonly completedMs: readonly number[];
  readonly endedMs: number | null;
  readonly llmTimeUs: unknown;
}

/** One stream on an idle target, watched for a second. */
function streamOf(config: Partial<ProviderConfig>): Said {
  const { requestDeserialize, responseDeserialize } = loadLoomService().StreamWeave;
  const request = requestDeserialize(Buffer.from([0x0a, 1, 0x71]));
  const messages: { readonly atMs: number; readonly bytes: Buffer }[] = [];
  let ended: { readonly atMs: number; readonly trailers: Metadata } | null = null;
  const call = {
    request,
    write: (bytes: Buffer) => messages.push({ atMs: Date.now(), bytes }) > 0,
    end: (trailers: Metadata) => (ended = { atMs: Date.now(), trailers }),
  };
  // What a stream that succeeds asks of its call.
  const asCall = call as unknown as ServerWritableStream<WeaveRequest__Output, Buffer>;
  new StreamWeave(contextOf(config), asCall).begin();
  for (let ms = 0; ms < 1000; ms += 1) mock.timers.tick(1);
  const over = ended as { readonly atMs: number; readonly trailers: Metadata } | null;
  const said = messages.map(({ atMs, bytes }) => ({ atMs, ...responseDeserialize(bytes) }));
  return {
    tokensMs: said.filter(({ isTokenStream }) => isTokenStream).map(({ atMs }) => atMs),
    completedMs: said
      .filter(({ stage }) => stage === 'EXECUTION_STAGE_COMPLETED')
      .map(({ atMs }) => atMs),
    endedMs: over?.atMs ?? null,
    llmTimeUs: over?.trailers.get(LLM_TIME_TRAILER)[0],
  };
}

describe('a stream of the mock LLM', () => {
  for (const [baseMs, delayMs, chunks] of [
    [50, 20, 4],
    [30, 7, 1],
    [0, 5, 3],
  ] as const) {
    it(`waits ${baseMs} ms before its first token, ${delayMs} ms before each of ${chunks - 1} more, and not after the last`, () => {
      const { tokensMs, completedMs, endedMs, llmTimeUs } = streamOf({
        baseLatencyMs: baseMs,
        responseText: 'x'.repeat(chunks * CHUNK_CHARS),
        streamChunkSize: CHUNK_CHARS,
        streamChunkDelayMs: delayMs,
      });
      const wholeMs = baseMs + (chunks - 1) * delayMs;
      assert.deepEqual(
        tokensMs,
        Array.from({ length: chunks }, (_, k) => baseMs + k * delayMs),
      );
      assert.deepEqual(completedMs, [wholeMs]);
      assert.equal(endedMs, wholeMs);
      assert.equal(llmTimeUs, String(wholeMs * 1000));
    });
  }
});
