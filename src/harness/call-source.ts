// The two ways to decide when the next call goes out. A source asks `issue` for a call on a slot; the driver refuses when
// the limit is reached or the run is over.

import type { MonotonicClock } from '../runtime/monotonic-clock.ts';

export interface CallSource {
  /** From the load start on. */
  start(): void;
  /** A slot became free while calls may still be issued. `failedHere`: the call never got a server's answer. */
  freed(slot: number, failedHere: boolean): void;
  /** No call will be issued any more; clears every timer. */
  stop(): void;
  /** Calls that were due but were never sent; counted after `stop`. */
  unsent(): number;
  /** Calls that were held back because calls before them failed without reaching a server. */
  readonly heldBack: number;
  /** Calls that were due but had to wait because as many as allowed were in flight. */
  readonly cappedCalls: number;
}

export interface SourceHost {
  readonly clock: MonotonicClock;
  readonly loadStartNs: number;
  /** `intendedNs` null: now. False: nothing more may be issued. */
  issue(slot: number, intendedNs: number | null): boolean;
  /** The source has nothing more to issue. */
  exhausted(): void;
}
