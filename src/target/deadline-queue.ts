// One queue for every simulated wait of the process: a binary heap and a single timer, instead of a timer per call.
//
// Never short: an entry fires only when the clock has reached its deadline. Node's timers count in whole milliseconds of
// a cached clock, so a timer alone is early by up to 1 ms or late by up to 1 ms. The timer is therefore set for the
// whole milliseconds before the deadline, and what then remains is bridged by polling on each turn of the event loop
// when it is short (`SPIN_NS`) and by one more millisecond of timer when it is not. Polling keeps serving I/O but uses
// the core meanwhile: SPIN_NS²/2 per millisecond and wake-up on average. What lateness is left is in docs/METHOD.md.

import type { MonotonicClock } from '../runtime/monotonic-clock.ts';

/** What can be due. `heapIndex` belongs to the queue: -1 when not scheduled. */
export interface Due {
  deadlineNs: number;
  heapIndex: number;
  onDue(nowNs: number): void;
}

/** See the header. */
const SPIN_NS = 500_000;
const NS_PER_MS = 1_000_000;
/** Longest delay that setTimeout accepts. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export class DeadlineQueue {
  readonly #clock: MonotonicClock;
  readonly #heap: Due[] = [];
  #timer: NodeJS.Timeout | null = null;
  #immediate: NodeJS.Immediate | null = null;
  /** The deadline that the timer or the polling is for. */
  #armedForNs = Infinity;
  #firing = false;

  constructor(clock: MonotonicClock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#heap.length;
  }

  /** Fires `entry.onDue` once, at or after `entry.deadlineNs`, never before this returns. */
  schedule(entry: Due): void {
    entry.heapIndex = this.#heap.length;
    this.#heap.push(entry);
    this.#siftUp(entry);
    if (!this.#firing && entry.deadlineNs < this.#armedForNs) this.#arm(this.#clock.nowNs());
  }

  /** No effect on an entry that is not scheduled. */
  cancel(entry: Due): void {
    const index = entry.heapIndex;
    if (index < 0) return;
    entry.heapIndex = -1;
    const last = this.#heap.pop();
    if (last === undefined || last === entry) return;
    this.#heap[index] = last;
    last.heapIndex = index;
    this.#siftUp(last);
    this.#siftDown(last);
  }

  /** Nothing fires any more. */
  close(): void {
    for (const entry of this.#heap) entry.heapIndex = -1;
    this.#heap.length = 0;
    this.#disarm();
  }

  readonly #wake = (): void => {
    this.#disarm();
    this.#firing = true;
    let nowNs = this.#clock.nowNs();
    for (let head = this.#heap[0]; head !== undefined; head = this.#heap[0]) {
      if (head.deadlineNs > nowNs) {
        // The work just done took time: what came due meanwhile goes now, too.
        nowNs = this.#clock.nowNs();
        if (head.deadlineNs > nowNs) break;
      }
      this.cancel(head);
      head.onDue(nowNs);
      nowNs = this.#clock.nowNs();
    }
    this.#firing = false;
    this.#arm(nowNs);
  };

  #arm(nowNs: number): void {
    const head = this.#heap[0];
    if (head === undefined) return;
    this.#disarm();
    this.#armedForNs = head.deadlineNs;
    const remainingNs = head.deadlineNs - nowNs;
    if (remainingNs <= SPIN_NS) {
      this.#immediate = setImmediate(this.#wake);
      return;
    }
    const wholeMs = Math.floor(remainingNs / NS_PER_MS);
    this.#timer = setTimeout(this.#wake, Math.min(Math.max(wholeMs, 1), MAX_TIMER_MS));
  }

  #disarm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#immediate !== null) clearImmediate(this.#immediate);
    this.#timer = null;
    this.#immediate = null;
    this.#armedForNs = Infinity;
  }

  #siftUp(entry: Due): void {
    let index = entry.heapIndex;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.#heap[parentIndex];
      if (parent === undefined || parent.deadlineNs <= entry.deadlineNs) break;
      this.#heap[index] = parent;
      parent.heapIndex = index;
      index = parentIndex;
    }
    this.#heap[index] = entry;
    entry.heapIndex = index;
  }

  #siftDown(entry: Due): void {
    let index = entry.heapIndex;
    for (;;) {
      const child = this.#earlierChild(index);
      if (child === undefined || child.deadlineNs >= entry.deadlineNs) break;
      const childIndex = child.heapIndex;
      this.#heap[index] = child;
      child.heapIndex = index;
      index = childIndex;
    }
    this.#heap[index] = entry;
    entry.heapIndex = index;
  }

  #earlierChild(index: number): Due | undefined {
    const left = this.#heap[2 * index + 1];
    const right = this.#heap[2 * index + 2];
    if (left === undefined || right === undefined) return left;
    return right.deadlineNs < left.deadlineNs ? right : left;
  }
}
