// Deadlines of calls, by slot. All load calls have the same timeout, so their order is the order in which they started:
// a doubly linked list in typed arrays does what a timing wheel would, exactly, and its timer fires about once per
// timeout, not once per tick.
//
// A call is stamped when its request leaves (once per turn, one clock reading for all), never earlier: a deadline counted
// from an older clock reading would fire early.

import { float64At, int32At } from './typed-access.ts';

const NOT_LISTED = -1;

export class DeadlineList {
  #next = new Int32Array(0);
  #previous = new Int32Array(0);
  #timeoutNs = new Float64Array(0);
  #dueNs = new Float64Array(0);
  // Two circular lists with a sentinel each, behind the last slot: armed ones by due time, fresh ones unstamped.
  #armed = 0;
  #fresh = 1;

  constructor(capacity: number) {
    this.grow(capacity);
  }

  /** Only while no deadline is listed. */
  grow(capacity: number): void {
    this.#armed = capacity;
    this.#fresh = capacity + 1;
    this.#next = new Int32Array(capacity + 2).fill(NOT_LISTED);
    this.#previous = new Int32Array(capacity + 2).fill(NOT_LISTED);
    this.#timeoutNs = new Float64Array(capacity + 2);
    this.#dueNs = new Float64Array(capacity + 2);
    for (const sentinel of [this.#armed, this.#fresh]) {
      this.#next[sentinel] = sentinel;
      this.#previous[sentinel] = sentinel;
    }
    this.#dueNs[this.#armed] = -Infinity;
  }

  /** When the first deadline is due; Infinity when none is armed. */
  get nextDueNs(): number {
    const first = int32At(this.#next, this.#armed);
    return first === this.#armed ? Infinity : float64At(this.#dueNs, first);
  }

  /** Calls were added since the last stamp. */
  get hasFresh(): boolean {
    return int32At(this.#next, this.#fresh) !== this.#fresh;
  }

  timeoutOf(slot: number): number {
    return float64At(this.#timeoutNs, slot);
  }

  add(slot: number, timeoutNs: number): void {
    this.#timeoutNs[slot] = timeoutNs;
    this.#dueNs[slot] = Infinity;
    this.#insertAfter(slot, int32At(this.#previous, this.#fresh));
  }

  /** Arms everything added since the last stamp: each is due its timeout after `nowNs`. */
  stamp(nowNs: number): void {
    let slot = int32At(this.#next, this.#fresh);
    if (slot === this.#fresh) return;
    this.#next[this.#fresh] = this.#fresh;
    this.#previous[this.#fresh] = this.#fresh;
    while (slot !== this.#fresh) {
      const following = int32At(this.#next, slot);
      const dueNs = nowNs + float64At(this.#timeoutNs, slot);
      this.#dueNs[slot] = dueNs;
      let before = int32At(this.#previous, this.#armed);
      while (float64At(this.#dueNs, before) > dueNs) before = int32At(this.#previous, before);
      this.#insertAfter(slot, before);
      slot = following;
    }
  }

  remove(slot: number): void {
    const next = int32At(this.#next, slot);
    if (next === NOT_LISTED) return;
    const previous = int32At(this.#previous, slot);
    this.#next[previous] = next;
    this.#previous[next] = previous;
    this.#next[slot] = NOT_LISTED;
  }

  /** Takes out the first call that is due at `nowNs`; -1 when none is. */
  takeDue(nowNs: number): number {
    const first = int32At(this.#next, this.#armed);
    if (first === this.#armed || float64At(this.#dueNs, first) > nowNs) return -1;
    this.remove(first);
    return first;
  }

  /** True when the deadline of a call that has one has passed. */
  isPast(slot: number, nowNs: number): boolean {
    return float64At(this.#dueNs, slot) <= nowNs;
  }

  #insertAfter(slot: number, before: number): void {
    const after = int32At(this.#next, before);
    this.#next[slot] = after;
    this.#previous[slot] = before;
    this.#next[before] = slot;
    this.#previous[after] = slot;
  }
}
