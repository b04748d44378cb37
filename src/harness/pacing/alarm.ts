// How an open loop gets the event loop's attention when a call is due. Whoever is woken looks at the clock: an alarm may
// be early or late, and how late is measured with every send.

import type { MonotonicClock } from '../../runtime/monotonic-clock.ts';

export interface Alarm {
  /** Wakes once, at about `atNs`. Instants ascend; one that is set while another is pending may wake at the earlier. */
  set(atNs: number): void;
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

/** Every turn of the event loop: as exact as can be, for a whole core. */
export const spinAlarm: AlarmMaker = (_clock, wake) => {
  let turn: NodeJS.Immediate | null = null;
  return {
    set: () => {
      turn ??= setImmediate(() => {
        turn = null;
        wake();
      });
    },
    clear: () => {
      if (turn !== null) clearImmediate(turn);
      turn = null;
    },
  };
};
