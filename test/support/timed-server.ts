// A server that answers each call at a time of the test's choosing and costs next to nothing: no gRPC library, one answer
// whose stream id is patched, one write for all that is due. For experiments in which a thousand answers fall due at once
// and must not then queue for the server's own processor.

import { createMonotonicClock } from '../../src/runtime/monotonic-clock.ts';
import { DeadlineQueue, type Due } from '../../src/target/deadline-queue.ts';
import { answer, frame, onStream, TYPE, uint32 } from './http2-frames.ts';
import { startScriptedServer, type ScriptedPeer, type ScriptedServer } from './scripted-server.ts';

/** Polls this long before an answer is due, because timers count in milliseconds. */
const SPIN_NS = 3e6;
const WINDOW = 2 ** 31 - 1;
const INITIAL_WINDOW = 65_535;
const answerOn = onStream(answer(0));

/** `dueNs` says when a call that came at `nowNs` is answered; both count from the start of the server. */
export async function startTimedServer(dueNs: (nowNs: number) => number): Promise<ScriptedServer> {
  const clock = createMonotonicClock();
  const queue = new DeadlineQueue(clock, SPIN_NS);
  const parts = new Map<ScriptedPeer, Buffer[]>();
  const flush = (): void => {
    for (const [peer, answers] of parts) peer.send(...answers);
    parts.clear();
  };
  const send = (peer: ScriptedPeer, streamId: number): void => {
    if (parts.size === 0) queueMicrotask(flush);
    const answers = parts.get(peer);
    if (answers === undefined) parts.set(peer, [answerOn(streamId)]);
    else answers.push(answerOn(streamId));
  };
  const server = await startScriptedServer({
    forgets: true,
    onConnection: (peer) => {
      peer.send(frame(TYPE.windowUpdate, 0, 0, uint32(WINDOW - INITIAL_WINDOW)));
    },
    onRequest: (peer, streamId) => {
      const due: Due = {
        deadlineNs: dueNs(clock.nowNs()),
        heapIndex: -1,
        onDue: () => send(peer, streamId),
      };
      queue.schedule(due);
    },
    onFrame: (peer, { type, flags, payload }) => {
      if (type === TYPE.ping && flags === 0) peer.send(frame(TYPE.ping, 1, 0, payload));
    },
  });
  const close = (): Promise<void> => {
    queue.close();
    return server.close();
  };
  return { ...server, close };
}
