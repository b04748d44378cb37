// What a process or thread of ours will say, before it has said it.

import type { BenchmarkError } from '../contract/failure.ts';

export interface PendingOutcome<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: BenchmarkError) => void;
}

/** A promise that may be rejected before anyone awaits it. */
export function newOutcome<T>(): PendingOutcome<T> {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: BenchmarkError) => void = () => undefined;
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
