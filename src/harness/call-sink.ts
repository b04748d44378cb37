// What the driver needs of whoever records its calls.

import type { EngineEvents } from './engines/engine.ts';

export interface CallSink extends EngineEvents {
  /** A call is about to start on a free slot. `index` counts calls of the run from 0. */
  begin(slot: number, index: number, intendedNs: number, dispatchNs: number): void;
  /** The grace is over: what is still in flight is incomplete, and nothing more will be told of it. */
  abandon(atNs: number): void;
}
