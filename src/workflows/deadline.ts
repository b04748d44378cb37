// By when a benchmark must be over. The workflow keeps it itself, because the server's own timeout can neither be extended
// nor stand still while somebody has paused the benchmark.

import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { workflowFailure } from './failures.ts';

/** Whoever has just put the workflow back needs a moment to say that it may go on. */
const GRACE_MS = 30_000;

export class Deadline {
  #atMs: number;
  #suspended = false;

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
    const sinceMs = Date.now();
    this.#suspended = true;
    try {
      await work();
    } finally {
      this.#suspended = false;
      this.extend(Date.now() - sinceMs);
    }
  }

  /** Does `work` and cancels it when the deadline passes; then fails with 'deadline-passed'. */
  async limit<T>(work: () => Promise<T>): Promise<T> {
    const watching = new CancellationScope();
    const working = new CancellationScope();
    const clock = { passed: false };
    const watch = watching.run(() => this.#pass());
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
        `The benchmark was not over by ${new Date(this.#atMs).toISOString()}. What was measured is reported; ` +
          '`loombench retry` goes on with it.',
      );
    } finally {
      watching.cancel();
    }
  }

  async #pass(): Promise<void> {
    for (;;) {
      const atMs = this.#atMs;
      const moved = (): boolean => this.#suspended || this.#atMs !== atMs;
      await condition(moved, Math.max(1, this.#atMs - Date.now()));
      if (Date.now() >= this.#atMs && !(await condition(moved, GRACE_MS))) return;
      await condition(() => !this.#suspended);
    }
  }
}
