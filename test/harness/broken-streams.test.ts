// What came of a stream before it broke is kept with its failure, however it broke: messages, their bytes, their tokens and the
// time to the first one; and none of it passes for what streams that worked brought.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EngineName } from '../../src/contract/config.ts';
import { summarizeRecording } from '../../src/harness/recording/summarize-recording.ts';
import {
  data,
  END_STREAM,
  grpcMessage,
  headers,
  rstStream,
  trailers,
  weaveProgress,
} from '../support/http2-frames.ts';
import type { HarnessChanges } from '../support/run-plans.ts';
import { scriptedLoad } from '../support/scripted-load.ts';
import type { ScriptedPeer } from '../support/scripted-server.ts';

/** WeaveProgress with a running token count (below 128). */
function token(content: string, count: number): Buffer {
  return Buffer.concat([weaveProgress(content), Buffer.of(0x48, 1, 0x50, count)]);
}

/** Of unlike lengths and token counts, so that no sum of theirs comes about by chance. */
const MESSAGES = [token('a', 2), token('b'.repeat(25), 7), token('c'.repeat(120), 19)];
const BYTES = MESSAGES.reduce((sum, { length }) => sum + length, 0);
const TOKENS = 19;
const FAILED_STAGE = Buffer.of(0x08, 8);

interface Break {
  readonly what: string;
  /** Behind the messages; `id` is the stream's. */
  readonly ends: (peer: ScriptedPeer, id: number) => void;
  readonly code: number;
  readonly harness?: HarnessChanges;
  /** Messages and bytes that came whole behind MESSAGES. */
  readonly further?: { readonly messages: number; readonly bytes: number };
  /** Calls of the load, of two at a time; a lost connection is not the business of the calls after it. */
  readonly calls?: number;
  /** Engines of which it is true. */
  readonly engines?: readonly EngineName[];
}

const BREAKS: readonly Break[] = [
  {
    what: 'an error status',
    ends: (peer, id) => peer.send(trailers(id, { 'grpc-status': 13, 'grpc-message': 'cut' })),
    code: 13,
  },
  { what: 'a reset', ends: (peer, id) => peer.send(rstStream(id, 2)), code: 13 },
  {
    what: 'the loss of the connection inside the next message',
    ends: (peer, id) => peer.socket.end(data(id, grpcMessage(token('d', 20)).subarray(0, 7))),
    code: 14,
    calls: 1,
  },
  {
    what: 'silence until the deadline',
    ends: () => undefined,
    code: 4,
    harness: { requestTimeoutMs: 600 },
    calls: 2,
  },
  {
    what: 'an end without trailers',
    ends: (peer, id) => peer.send(data(id, Buffer.alloc(0), END_STREAM)),
    code: 13,
  },
  {
    what: 'a message that is no protobuf',
    ends: (peer, id) => peer.send(data(id, grpcMessage(Buffer.of(0x0a, 0xff, 0xff)))),
    code: 13,
  },
  {
    what: 'a message above the limit',
    ends: (peer, id) => peer.send(data(id, grpcMessage(Buffer.alloc(1000)))),
    code: 8,
    harness: { maxReceiveMessageBytes: 500 },
  },
  {
    what: 'stage FAILED and status OK',
    ends: (peer, id) => peer.send(data(id, grpcMessage(FAILED_STAGE)), trailers(id)),
    code: 0,
    further: { messages: 1, bytes: FAILED_STAGE.length },
  },
  {
    what: 'an OK status inside the next message',
    ends: (peer, id) => {
      peer.send(data(id, grpcMessage(token('d', 20)).subarray(0, 7)), trailers(id));
    },
    code: 13,
    // The reference client drops the half message and is content.
    engines: ['wire'],
  },
];

async function assertKept(engine: EngineName, broken: Break): Promise<void> {
  const { calls = 4, further = { messages: 0, bytes: 0 } } = broken;
  const { recorded } = await scriptedLoad({
    harness: {
      engine,
      useStreaming: true,
      concurrency: 2,
      totalRequests: calls,
      ...broken.harness,
    },
    onCall: (peer, id) => {
      peer.send(headers(id), ...MESSAGES.map((message) => data(id, grpcMessage(message))));
      broken.ends(peer, id);
    },
  });
  const summary = summarizeRecording(recorded, { latencyKind: 'service', timeSeries: false });
  const { streams, windowCalls } = summary;
  assert.ok(streams !== null);
  assert.deepEqual([windowCalls.errors, windowCalls.ok + windowCalls.degraded], [calls, 0]);
  const perStream = MESSAGES.length + further.messages;
  assert.equal(streams.failedMessages, calls * perStream);
  assert.equal(streams.failedBytes, calls * (BYTES + further.bytes));
  assert.equal(streams.failedTimeToFirstToken.n, calls);
  const { streams: worked, messages, tokens, timeToFirstToken, messageGap } = streams;
  assert.deepEqual([worked, messages, tokens, timeToFirstToken.n, messageGap.n], [0, 0, 0, 0, 0]);
  const rows = recorded.raw.chunks.flatMap((chunk) =>
    Array.from({ length: chunk.rows }, (_, row) => [
      chunk.grpcStatus[row],
      chunk.messages[row],
      chunk.tokens[row],
    ]),
  );
  assert.deepEqual(rows, new Array(calls).fill([broken.code, perStream, TOKENS]));
}

for (const engine of ['wire', 'grpc-js'] as const) {
  describe(`a stream of three messages, over the engine ${engine}`, () => {
    for (const broken of BREAKS) {
      if (broken.engines?.includes(engine) === false) continue;
      it(`keeps them in its failure when it is broken by ${broken.what}`, async () => {
        await assertKept(engine, broken);
      });
    }
  });
}
