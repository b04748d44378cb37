import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Metadata, status, type Channel, type StatusObject } from '@grpc/grpc-js';
import type { CallEnd } from '../../../../src/harness/engines/engine.ts';
import { GrpcJsCall } from '../../../../src/harness/engines/grpc-js/grpc-js-call.ts';
import { emptyFacts } from '../../../../src/harness/engines/message-facts.ts';

const TIMEOUT_MS = 20;
const RESET = { code: status.CANCELLED, details: 'Call cancelled' } as const;
const ANSWERED = { code: status.OK, details: '' } as const;

/** How a streaming call ended whose status came that long after its start, before any timer had fired. */
function endOf(answer: Pick<StatusObject, 'code' | 'details'>, afterMs: number): CallEnd {
  let nowNs = 0;
  const ends: CallEnd[] = [];
  const end: CallEnd = { grpcStatus: -1, statusMessage: '', origin: 'server', llmTimeUs: NaN };
  const call = new GrpcJsCall(
    {
      path: '/a/B',
      streaming: true,
      timeoutMs: TIMEOUT_MS,
      metadata: new Metadata(),
      read: () => undefined,
      facts: emptyFacts(),
      end,
      events: { onMessage: () => undefined, onEnd: (_slot, _atNs, how) => ends.push({ ...how }) },
      nowNs: () => nowNs,
    },
    0,
    () => undefined,
  );
  let tell: (status: StatusObject) => void = () => undefined;
  const channel = {
    createCall: () => ({
      start: (_metadata: Metadata, listener: { onReceiveStatus: typeof tell }) => {
        tell = listener.onReceiveStatus;
      },
      startRead: () => undefined,
      sendMessageWithContext: () => undefined,
      halfClose: () => undefined,
      cancelWithStatus: () => undefined,
    }),
  };
  call.start(channel as unknown as Channel, Buffer.alloc(0)); // all of it that a call uses
  nowNs = afterMs * 1e6;
  tell({ ...answer, metadata: new Metadata() });
  const [only, ...others] = ends;
  assert.ok(only !== undefined && others.length === 0);
  return only;
}

describe('a call whose deadline has passed by the clock, though its timer has not fired', () => {
  for (const answer of [RESET, ANSWERED]) {
    it(`ends with DEADLINE_EXCEEDED of this side, and not with the server's ${status[answer.code]}`, () => {
      const { grpcStatus, origin } = endOf(answer, TIMEOUT_MS);
      assert.deepEqual([grpcStatus, origin], [status.DEADLINE_EXCEEDED, 'client']);
    });

    it(`ends with the server's ${status[answer.code]} where that came before`, () => {
      const { grpcStatus, origin } = endOf(answer, TIMEOUT_MS - 0.001);
      assert.deepEqual([grpcStatus, origin], [answer.code, 'server']);
    });
  }
});
