// By when a benchmark must be over. The workflow keeps it itself, because the server's own timeout can neither be extended
// nor stand still while somebody has paused the benchmark.

import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { workflowFailure } from './failures.ts';

/** Whoever has just put the workflow back needs a moment to say that it may go on. */
export const GRACE_MS = 30_000;

/** What it means to be late. */
export interface Lateness {
  /** Sentences of the failure: what was not over, and what now. */
  readonly what: string;
  readonly next: string;
  /** How long a deadline that has passed still waits for a word that moves it. */
  readonly graceMs: number;
}

const LATE_BENCHMARK: Lateness = {
  what: 'The benchmark',
  next: 'What was measured is reported; `loombench retry` goes on with it.',
  graceMs: GRACE_MS,
};

export class Deadline {
  #atMs: number;
  /** How many things that do not count are going on. */
  #suspenders = 0;
  #suspendedSinceMs = 0;

  /** `atMs`: time since the epoch. */
  constructor(atMs: number) {
    this.#atMs = atMs;
  }

  get atMs(): number {
    return this.#atMs;
  }

  extend(byMs: number): void {
    this.#atMs += byMs;
  }

  /** The time that `work` takes does not count. */
  async suspendDuring(work: () => Promise<void>): Promise<void> {
    if (this.#suspenders === 0) this.#suspendedSinceMs = Date.now();
    this.#suspenders += 1;
    try {
      await work();
    } finally {
      this.#suspenders -= 1;
      if (this.#suspenders === 0) this.extend(Date.now() - this.#suspendedSinceMs);
    }
  }

  /** Does `work` and cancels it when the deadline passes; then fails with 'deadline-passed'. */
  async limit<T>(work: () => Promise<T>, late: Lateness = LATE_BENCHMARK): Promise<T> {
    const watching = new CancellationScope();
    const working = new CancellationScope();
    const clock = { passed: false };
    const watch = watching.run(() => this.#pass(late.graceMs));
    watch.then(
      () => {
        clock.passed = true;
        working.cancel();
      },
      () => undefined,
    );
    try {
      return await working.run(work);
    } catch (error) {
      if (!clock.passed || !isCancellation(error)) throw error;
      throw workflowFailure(
        'deadline-passed',
        `${late.what} was not over by ${new Date(this.#atMs).toISOString()}. ${late.next}`,
      );
    } finally {
      watching.cancel();
    }
  }

  async #pass(graceMs: number): Promise<void> {
    for (;;) {
      const atMs = this.#atMs;
      const moved = (): boolean => this.#suspenders > 0 || this.#atMs !== atMs;
      await condition(moved, Math.max(1, this.#atMs - Date.now()));
      if (Date.now() >= this.#atMs && (graceMs === 0 || !(await condition(moved, graceMs)))) return;
      await condition(() => this.#suspenders === 0);
    }
  }
}
