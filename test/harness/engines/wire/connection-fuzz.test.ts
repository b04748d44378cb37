// Whatever bytes a server sends, in whatever order: no exception leaves the connection, and no call ends twice.

import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { CallSink } from '../../../../src/harness/engines/wire/grpc/call-ports.ts';
import { Calls } from '../../../../src/harness/engines/wire/grpc/calls.ts';
import { frameMessage, requestHeaders } from '../../../../src/harness/engines/wire/grpc/request.ts';
import { ResponseHeaderReader } from '../../../../src/harness/engines/wire/grpc/response-headers.ts';
import { DeadlineList } from '../../../../src/harness/engines/wire/deadline-list.ts';
import { Connection } from '../../../../src/harness/engines/wire/http2/connection.ts';
import { StreamTable } from '../../../../src/harness/engines/wire/http2/stream-table.ts';
import { Turn } from '../../../../src/harness/engines/wire/turn.ts';
import { answer, frame, settings } from '../../../support/http2-frames.ts';

const SLOTS = 6;
const MAX_RECEIVE = 1000;

/** Takes every write at once, as a socket with an empty kernel buffer does. */
function fakeSocket(): Socket {
  const socket = {
    destroyed: false,
    writableLength: 0,
    write: () => true,
    setTimeout: () => undefined,
    destroy: () => (socket.destroyed = true),
    destroySoon: () => (socket.destroyed = true),
  };
  // Just what the writer uses of a socket.
  return socket as unknown as Socket;
}

/** Feeds the pieces to a connection with calls on streams 1, 3, 5, … and returns how often each call ended. */
function feed(pieces: readonly Uint8Array[]): { ends: number[]; open: boolean } {
  const ends = new Array<number>(SLOTS).fill(0);
  const sink: CallSink = {
    onMessage: (_slot, _bytes, start, end) => {
      assert.ok(end - start <= MAX_RECEIVE);
      return true;
    },
    onEnd: (slot) => void (ends[slot] = (ends[slot] ?? 0) + 1),
  };
  const streams = new StreamTable();
  streams.grow(SLOTS);
  const deadlines = new DeadlineList(SLOTS);
  let connection: Connection<ReturnType<ResponseHeaderReader['read']>> | null = null;
  const calls: Calls = new Calls({
    carriers: {
      pick: () => (connection?.hasCapacity === true ? connection : null),
      downReason: null,
      onDemand: () => undefined,
    },
    deadlines,
    turn: new Turn({ nowNs: () => 1, originNs: 0n }),
    sink,
    maxReceiveBytes: MAX_RECEIVE,
  });
  calls.grow(SLOTS);
  connection = new Connection({
    id: 1,
    socket: fakeSocket(),
    streams,
    sink: calls,
    events: {
      onReady: () => calls.drainQueue(),
      onDraining: () => undefined,
      onClosed: () => undefined,
      onCapacity: () => calls.drainQueue(),
    },
    blocks: new ResponseHeaderReader('x-t'),
  });
  const first = settings([]);
  connection.receive(first, first.length, 1);
  const headers = requestHeaders({
    scheme: 'http',
    authority: 'a',
    path: '/p',
    timeoutMs: 0,
    metadata: {},
  });
  for (let slot = 0; slot < SLOTS; slot += 1) {
    const streaming = slot % 2 === 1;
    calls.start(slot, {
      headers,
      body: frameMessage(Buffer.of(1)),
      timeoutNs: Infinity,
      streaming,
    });
  }
  for (const piece of pieces) connection.receive(Buffer.from(piece), piece.length, 1);
  const open = connection.state !== 'closed';
  connection.lose('the end');
  return { ends, open };
}

const streamId = fc.oneof(fc.constantFrom(0, 1, 3, 5, 7, 9, 11), fc.nat(20));
const anyFrame = fc
  .tuple(fc.nat(11), fc.nat(255), streamId, fc.uint8Array({ maxLength: 40 }))
  .map(([type, flags, id, payload]) => frame(type, flags, id, payload));
const goodAnswer = fc.constantFrom(1, 3, 5, 7, 9, 11).map((id) => answer(id));
const mutated = fc
  .tuple(goodAnswer, fc.array(fc.tuple(fc.nat(1000), fc.nat(255)), { maxLength: 4 }))
  .map(([bytes, changes]) => {
    const changed = Buffer.from(bytes);
    for (const [at, value] of changes) changed[at % changed.length] = value;
    return changed;
  });

describe('wire connection: any bytes', () => {
  for (const [what, bytes, numRuns] of [
    ['random bytes', fc.uint8Array({ maxLength: 300 }), 1500],
    ['random frames', anyFrame, 3000],
    ['answers with changed bytes', mutated, 3000],
    ['frames and answers in any order', fc.oneof(anyFrame, goodAnswer, mutated), 3000],
  ] as const) {
    it(`ends every call exactly once under ${what}`, () => {
      fc.assert(
        fc.property(fc.array<Uint8Array>(bytes, { maxLength: 12 }), (pieces) => {
          assert.deepEqual(feed(pieces).ends, new Array(SLOTS).fill(1));
        }),
        { numRuns },
      );
    });
  }

  it('is a harness that lets a whole answer through', () => {
    const { ends, open } = feed([answer(1), answer(3)]);
    assert.equal(open, true);
    assert.deepEqual(ends, new Array(SLOTS).fill(1));
  });
});
