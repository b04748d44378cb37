// How an open loop gets the event loop's attention when a call is due. Whoever is woken looks at the clock: an alarm may
// be early or late, and how late is measured with every send.

import type { MonotonicClock } from '../../runtime/monotonic-clock.ts';

export interface Alarm {
  /**
   * Wakes once, at about `atNs`. Instants ascend; one that is set while another is pending may wake at the earlier.
   * `idle`: no call is in flight, so that nothing else needs the event loop soon.
   */
  set(atNs: number, idle: boolean): void;
  /** No wake any more. */
  clear(): void;
}

export type AlarmMaker = (clock: MonotonicClock, wake: () => void) => Alarm;

/** Node fires longer timers at once; whoever is woken then waits on. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** One of Node's timers, which count whole milliseconds: cheap, and up to some 1.2 ms late. */
export const timerAlarm: AlarmMaker = (clock, wake) => {
  let timer: NodeJS.Timeout | null = null;
  return {
    set: (atNs) => {
      timer ??= setTimeout(
        () => {
          timer = null;
          wake();
        },
        Math.max(1, Math.min(MAX_TIMER_MS, Math.floor((atNs - clock.nowNs()) / 1e6))),
      );
    },
    clear: () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
};

/**
 * By turns of the event loop: as exact as can be, for a whole core. A turn that finds nothing to do takes a microsecond or two and leaves
 * some 450 bytes of garbage, so that turns alone have the heap swept 17 times a second, for most of a millisecond each.
 * Between two turns it therefore reads the clock for a while: shortly as long as an answer may come, which only a turn reads.
 */
const DWELL_NS = { answersDue: 5_000, idle: 50_000 } as const;

export const spinAlarm: AlarmMaker = (clock, wake) => {
  let turn: NodeJS.Immediate | null = null;
  let untilNs = 0;
  const onTurn = (): void => {
    turn = null;
    while (clock.nowNs() < untilNs) pause();
    wake();
  };
  return {
    set: (atNs, idle) => {
      untilNs = Math.min(atNs, clock.nowNs() + (idle ? DWELL_NS.idle : DWELL_NS.answersDue));
      turn ??= setImmediate(onTurn);
    },
    clear: () => {
      if (turn !== null) clearImmediate(turn);
      turn = null;
    },
  };
};

/** Readings leave garbage, too. About a quarter of a microsecond once compiled. */
const PAUSE_STEPS = 256;
let paused = 1;

function pause(): void {
  let value = paused;
  for (let step = 0; step < PAUSE_STEPS; step++) value = Math.imul(value, 1_664_525) + 1;
  // Kept, so that the compiler may not leave it out.
  paused = value | 0;
}
