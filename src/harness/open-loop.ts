// Open loop: calls go out when the schedule says, whatever the server does. What comes late (the loop was busy, or the
// cap on calls in flight was reached) goes out at once when it can and keeps its intended time; nothing is skipped.

import type { ArrivalSchedule } from './arrivals/schedule.ts';
import type { CallSource, SourceHost } from './call-source.ts';
import { spinAlarm, type Alarm, type AlarmMaker } from './pacing/alarm.ts';

export interface OpenLoopOptions {
  readonly schedule: ArrivalSchedule;
  readonly slots: number;
  readonly alarm: AlarmMaker;
  /** Calls intended at or after this do not belong to the run; ns since the load start. */
  readonly endNs: number;
}

/** So that a loop which owes thousands of calls still reads answers in between. */
const MAX_SENDS_PER_TURN = 256;

export class OpenLoop implements CallSource {
  readonly heldBack = 0;
  readonly #host: SourceHost;
  readonly #options: OpenLoopOptions;
  readonly #free: number[];
  readonly #alarm: Alarm;
  readonly #nextTurn: Alarm;
  #dueNs: number;
  /** The cap is reached, and calls that are due wait for one to end. */
  #capped = false;
  #cappedCalls = 0;
  #over = false;

  constructor(host: SourceHost, options: OpenLoopOptions) {
    this.#host = host;
    this.#options = options;
    this.#alarm = options.alarm(host.clock, () => this.#pump());
    this.#nextTurn = spinAlarm(host.clock, () => this.#pump());
    this.#free = Array.from({ length: options.slots }, (_, slot) => options.slots - 1 - slot);
    this.#dueNs = this.#takeNext();
  }

  get cappedCalls(): number {
    return this.#cappedCalls;
  }

  start(): void {
    this.#pump();
  }

  /** Every turn of the loop is a chance to send what is due, not only the timer's. */
  freed(slot: number): void {
    this.#free.push(slot);
    this.#pump();
  }

  stop(): void {
    this.#over = true;
    this.#alarm.clear();
    this.#nextTurn.clear();
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
    if (this.#over) return;
    const { clock } = this.#host;
    let nowNs = clock.nowNs();
    for (let sends = 0; this.#dueNs <= nowNs; sends++) {
      if (sends === MAX_SENDS_PER_TURN) {
        this.#nextTurn.set(nowNs, false);
        return;
      }
      if (!this.#sendDue()) return;
      // What is due by the last reading needs no new one.
      if (this.#dueNs > nowNs) nowNs = clock.nowNs();
    }
    this.#capped = false;
    if (this.#dueNs === Infinity) this.#host.exhausted();
    else this.#alarm.set(this.#dueNs, this.#free.length === this.#options.slots);
  }

  /** False: nothing more can be sent now. */
  #sendDue(): boolean {
    const slot = this.#free.pop();
    if (slot === undefined) {
      // The next call that ends pumps again.
      this.#capped = true;
      return false;
    }
    if (this.#capped) this.#cappedCalls += 1;
    const intendedNs = this.#dueNs;
    this.#dueNs = this.#takeNext();
    return this.#host.issue(slot, intendedNs);
  }
}
