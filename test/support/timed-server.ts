// A server that answers each call at a time of the test's choosing and costs next to nothing: no gRPC library, one answer
// whose stream id is patched, one write for all that is due, and a thread that sleeps to the instant instead of a loop that
// polls for it: a core that is never idle is one that the generator at times waits for. For experiments in which a
// thousand answers fall due at once and must not then queue for the server's own processor.

import { ThreadAlarm } from '../../src/harness/pacing/thread-alarm.ts';
import { createMonotonicClock } from '../../src/runtime/monotonic-clock.ts';
import { answer, frame, onStream, TYPE, uint32 } from './http2-frames.ts';
import { startScriptedServer, type ScriptedPeer, type ScriptedServer } from './scripted-server.ts';

const WINDOW = 2 ** 31 - 1;
const INITIAL_WINDOW = 65_535;
const answerOn = onStream(answer(0));

interface DueAnswer {
  readonly atNs: number;
  readonly peer: ScriptedPeer;
  readonly streamId: number;
}

/**
 * `dueNs` says when a call that came at `nowNs` is answered, not before one that came earlier; both count from the start of
 * the server.
 */
export async function startTimedServer(dueNs: (nowNs: number) => number): Promise<ScriptedServer> {
  const clock = createMonotonicClock();
  const alarm = await ThreadAlarm.start(clock);
  let waiting: DueAnswer[] = [];
  const answerAllDue = (): void => {
    const nowNs = clock.nowNs();
    const parts = new Map<ScriptedPeer, Buffer[]>();
    let answered = 0;
    for (const { atNs, peer, streamId } of waiting) {
      if (atNs > nowNs) break;
      answered += 1;
      const answers = parts.get(peer);
      if (answers === undefined) parts.set(peer, [answerOn(streamId)]);
      else answers.push(answerOn(streamId));
    }
    waiting = waiting.slice(answered);
    for (const [peer, answers] of parts) peer.send(...answers);
    arm();
  };
  const arm = (): void => {
    const [next] = waiting;
    if (next !== undefined) alarm.set(next.atNs);
  };
  alarm.for(answerAllDue);
  const server = await startScriptedServer({
    forgets: true,
    onConnection: (peer) => {
      peer.send(frame(TYPE.windowUpdate, 0, 0, uint32(WINDOW - INITIAL_WINDOW)));
    },
    onRequest: (peer, streamId) => {
      waiting.push({ atNs: dueNs(clock.nowNs()), peer, streamId });
      if (waiting.length === 1) arm();
    },
    onFrame: (peer, { type, flags, payload }) => {
      if (type === TYPE.ping && flags === 0) peer.send(frame(TYPE.ping, 1, 0, payload));
    },
  });
  const close = async (): Promise<void> => {
    await alarm.close();
    await server.close();
  };
  return { ...server, close };
}
