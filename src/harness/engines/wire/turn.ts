// A turn: one entry from the event loop (a read, a timer, a batch of starts), with one clock reading for all that
// happens in it, and one flush at its end.

import type { MonotonicClock } from '../../../runtime/monotonic-clock.ts';

export class Turn {
  readonly #clock: MonotonicClock;
  /** The clock when the turn began. */
  nowNs = 0;
  active = false;

  constructor(clock: MonotonicClock) {
    this.#clock = clock;
  }

  begin(): void {
    this.nowNs = this.#clock.nowNs();
    this.active = true;
  }

  /** Between turns the last reading is old; calls from outside ask for a new one. */
  refresh(): number {
    if (!this.active) this.nowNs = this.#clock.nowNs();
    return this.nowNs;
  }

  /** A fresh reading, whatever the turn. */
  readClock(): number {
    return this.#clock.nowNs();
  }
}
