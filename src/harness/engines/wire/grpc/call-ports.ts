// What the call layer needs from above and below.

import type { CallEnd } from '../../engine.ts';
import type { HeaderList } from '../hpack/encoder.ts';

export interface CallSink {
  /** A message is `bytes[start…end)`. False: it is malformed, and the call ends with INTERNAL. */
  onMessage(slot: number, bytes: Buffer, start: number, end: number): boolean;
  /** Exactly once per started call, the last thing heard of it; `end` is reused. */
  onEnd(slot: number, end: CallEnd): void;
}

/** A connection as the call layer uses it. */
export interface StreamCarrier {
  readonly hasCapacity: boolean;
  openStream(slot: number, headers: HeaderList, body: Buffer): void;
  resetStream(slot: number, code: number): void;
  release(slot: number): void;
}

export interface Carriers {
  /** A connection with room for a stream, or null. */
  pick(): StreamCarrier | null;
  /** Why no connection can be had at present: calls fail at once. null: one is open or is being made; calls wait. */
  readonly downReason: string | null;
  /** So many calls wait for a free stream. */
  onDemand(waiting: number): void;
}
