// Closed loop: a fixed set of workers, each with at most one call in flight, the next one at once when that ends.
// A dead server would turn this into a busy loop of instant failures that eats a core and fills the report with millions
// of errors, so calls that failed on this side are spaced: at most one retry per millisecond over all workers.

import type { CallSource, SourceHost } from './call-source.ts';

const FAILURE_SPACING_NS = 1e6;

export class ClosedLoop implements CallSource {
  readonly cappedCalls = 0;
  readonly #host: SourceHost;
  readonly #workerStartsNs: readonly number[];
  readonly #timers = new Set<NodeJS.Timeout>();
  #nextRetryNs = 0;
  #heldBack = 0;

  constructor(host: SourceHost, workerStartsNs: readonly number[]) {
    this.#host = host;
    this.#workerStartsNs = workerStartsNs;
  }

  get heldBack(): number {
    return this.#heldBack;
  }

  start(): void {
    this.#workerStartsNs.forEach((startNs, worker) => {
      this.#issueAt(worker, this.#host.loadStartNs + startNs);
    });
  }

  freed(slot: number, failedHere: boolean): void {
    if (!failedHere) {
      this.#host.issue(slot, null);
      return;
    }
    this.#heldBack += 1;
    const earliestNs = this.#host.clock.nowNs() + FAILURE_SPACING_NS;
    this.#nextRetryNs = Math.max(this.#nextRetryNs + FAILURE_SPACING_NS, earliestNs);
    this.#issueAt(slot, this.#nextRetryNs);
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  unsent(): number {
    return 0;
  }

  /** Timers may fire early; a worker never does. */
  #issueAt(slot: number, atNs: number): void {
    const waitNs = atNs - this.#host.clock.nowNs();
    if (waitNs <= 0) {
      this.#host.issue(slot, null);
      return;
    }
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        this.#issueAt(slot, atNs);
      },
      Math.max(1, Math.ceil(waitNs / 1e6)),
    );
    this.#timers.add(timer);
  }
}
