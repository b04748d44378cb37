// Open loop: calls go out when the schedule says, whatever the server does. What comes late (the loop was busy, or the
// cap on calls in flight was reached) goes out at once when it can and keeps its intended time; nothing is skipped.

import type { ArrivalSchedule } from './arrivals/schedule.ts';
import type { CallSource, SourceHost } from './call-source.ts';

export interface OpenLoopOptions {
  readonly schedule: ArrivalSchedule;
  readonly slots: number;
  readonly pacing: 'timer' | 'spin';
  /** Calls intended at or after this do not belong to the run; ns since the load start. */
  readonly endNs: number;
}

export class OpenLoop implements CallSource {
  readonly heldBack = 0;
  readonly #host: SourceHost;
  readonly #options: OpenLoopOptions;
  readonly #free: number[];
  #dueNs: number;
  #timer: NodeJS.Timeout | null = null;
  #immediate: NodeJS.Immediate | null = null;
  #over = false;

  constructor(host: SourceHost, options: OpenLoopOptions) {
    this.#host = host;
    this.#options = options;
    this.#free = Array.from({ length: options.slots }, (_, slot) => options.slots - 1 - slot);
    this.#dueNs = this.#takeNext();
  }

  start(): void {
    this.#pump();
  }

  freed(slot: number): void {
    this.#free.push(slot);
    this.#pump();
  }

  stop(): void {
    this.#over = true;
    this.#disarm();
  }

  unsent(): number {
    const nowNs = this.#host.clock.nowNs();
    let count = 0;
    for (; this.#dueNs <= nowNs; this.#dueNs = this.#takeNext()) count += 1;
    return count;
  }

  /** Absolute, so that lateness of one call says nothing about the next. */
  #takeNext(): number {
    const offsetNs = this.#options.schedule.nextNs();
    return offsetNs < this.#options.endNs ? this.#host.loadStartNs + offsetNs : Infinity;
  }

  #pump(): void {
    this.#disarm();
    while (!this.#over && this.#dueNs <= this.#host.clock.nowNs()) {
      const slot = this.#free.pop();
      // The cap is reached: the next call that ends pumps again.
      if (slot === undefined) return;
      const intendedNs = this.#dueNs;
      this.#dueNs = this.#takeNext();
      if (!this.#host.issue(slot, intendedNs)) return;
    }
    if (this.#over) return;
    if (this.#dueNs === Infinity) this.#host.exhausted();
    else this.#arm();
  }

  #arm(): void {
    if (this.#options.pacing === 'spin') {
      this.#immediate = setImmediate(() => this.#pump());
      return;
    }
    const waitMs = (this.#dueNs - this.#host.clock.nowNs()) / 1e6;
    this.#timer = setTimeout(() => this.#pump(), Math.max(1, Math.floor(waitMs)));
  }

  #disarm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#immediate !== null) clearImmediate(this.#immediate);
    this.#timer = null;
    this.#immediate = null;
  }
}
