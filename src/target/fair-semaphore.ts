// First come, first served: at most `limit` holders. It is Loom's limiter around LLM calls and, with a limit of one, the
// lock of a session. The queue is threaded through the waiters themselves, so waiting allocates nothing and a waiter
// that gives up leaves in constant time.

/** What may wait, in one queue at a time. The link fields belong to the semaphore. */
export interface Waiter {
  nextWaiter: Waiter | null;
  previousWaiter: Waiter | null;
  /** The waiter holds a slot from now on and owes one `release`. */
  onGranted(): void;
}

export class FairSemaphore {
  #limit: number;
  #held = 0;
  #first: Waiter | null = null;
  #last: Waiter | null = null;
  #granting = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get held(): number {
    return this.#held;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Grants at once (before returning) when a slot is free and nobody waits. */
  acquire(waiter: Waiter): void {
    if (this.#held < this.#limit && this.#first === null) {
      this.#held += 1;
      waiter.onGranted();
      return;
    }
    waiter.previousWaiter = this.#last;
    if (this.#last === null) this.#first = waiter;
    else this.#last.nextWaiter = waiter;
    this.#last = waiter;
  }

  release(): void {
    this.#held -= 1;
    this.#grant();
  }

  /** Takes a waiter out of the queue that has not been granted. */
  withdraw(waiter: Waiter): void {
    if (waiter.previousWaiter === null) this.#first = waiter.nextWaiter;
    else waiter.previousWaiter.nextWaiter = waiter.nextWaiter;
    if (waiter.nextWaiter === null) this.#last = waiter.previousWaiter;
    else waiter.nextWaiter.previousWaiter = waiter.previousWaiter;
    waiter.nextWaiter = null;
    waiter.previousWaiter = null;
  }

  /** A higher limit takes effect at once, a lower one as holders release. */
  setLimit(limit: number): void {
    this.#limit = limit;
    this.#grant();
  }

  /** A loop and never recursion: with an LLM of 0 ms a granted call can release before `onGranted` returns. */
  #grant(): void {
    if (this.#granting) return;
    this.#granting = true;
    while (this.#held < this.#limit && this.#first !== null) {
      const waiter = this.#first;
      this.withdraw(waiter);
      this.#held += 1;
      waiter.onGranted();
    }
    this.#granting = false;
  }
}
