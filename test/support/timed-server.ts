// A server that sends each part of its answers at an instant of the test's choosing and costs next to nothing: no gRPC
// library, frames whose stream id is patched, one write for all that is due, and a thread that sleeps to the instant instead of
// a loop that polls for it: a core that is never idle is one that the generator at times waits for. For experiments in
// which a thousand answers fall due at once, or whose figures must not hold a server's own work.

import { ThreadAlarm } from '../../src/harness/pacing/thread-alarm.ts';
import { createMonotonicClock } from '../../src/runtime/monotonic-clock.ts';
import { frame, TYPE, uint32 } from './http2-frames.ts';
import { startScriptedServer, type ScriptedPeer, type ScriptedServer } from './scripted-server.ts';

const WINDOW = 2 ** 31 - 1;
const INITIAL_WINDOW = 65_535;

/** Frames of one answer, as `onStream` of http2-frames.ts makes them. */
export interface TimedPart {
  /** Since the start of the server. */
  readonly atNs: number;
  readonly bytes: (streamId: number) => Buffer;
}

interface DuePart extends TimedPart {
  readonly peer: ScriptedPeer;
  readonly streamId: number;
}

/** `answerTo` gives the parts of the answer to a call that came at `nowNs` after the start of the server, in order. */
export async function startTimedServer(
  answerTo: (nowNs: number) => readonly TimedPart[],
): Promise<ScriptedServer> {
  const clock = createMonotonicClock();
  const alarm = await ThreadAlarm.start(clock);
  let waiting: DuePart[] = [];
  const sendAllDue = (): void => {
    const nowNs = clock.nowNs();
    const firstLater = waiting.findIndex(({ atNs }) => atNs > nowNs);
    const due = firstLater < 0 ? waiting : waiting.slice(0, firstLater);
    waiting = firstLater < 0 ? [] : waiting.slice(firstLater);
    const buffers = new Map<ScriptedPeer, Buffer[]>();
    for (const { peer, bytes, streamId } of due) {
      const before = buffers.get(peer);
      if (before === undefined) buffers.set(peer, [bytes(streamId)]);
      else before.push(bytes(streamId));
    }
    for (const [peer, parts] of buffers) peer.send(...parts);
    arm();
  };
  const arm = (): void => {
    const [next] = waiting;
    if (next !== undefined) alarm.set(next.atNs);
  };
  alarm.for(sendAllDue);
  const server = await startScriptedServer({
    forgets: true,
    onConnection: (peer) => {
      peer.send(frame(TYPE.windowUpdate, 0, 0, uint32(WINDOW - INITIAL_WINDOW)));
    },
    onRequest: (peer, streamId) => {
      const [first] = waiting;
      for (const part of answerTo(clock.nowNs())) insert(waiting, { ...part, peer, streamId });
      if (waiting[0] !== first) arm();
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

/** Behind all that is due no later. */
function insert(waiting: DuePart[], part: DuePart): void {
  let at = waiting.length;
  while (at > 0 && (waiting[at - 1]?.atNs ?? -Infinity) > part.atNs) at -= 1;
  waiting.splice(at, 0, part);
}
