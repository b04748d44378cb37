// What the call layer knows of each slot, in typed arrays.

import type { Frame } from '../http2/frame.ts';
import type { StreamCarrier } from './call-ports.ts';
import type { GrpcRequest } from './request.ts';

export const PHASE = {
  free: 0,
  /** Waits here for a stream; its wait counts. */
  queued: 1,
  /** Cannot be sent; its end is reported in a moment. */
  failing: 2,
  onStream: 3,
} as const;

/** What the response said so far. */
export const SEEN = { nothing: 0, headers: 1, foreign: 2 } as const;

export class CallState {
  phase = new Uint8Array(0);
  seen = new Uint8Array(0);
  /** Messages received. */
  messages = new Int32Array(0);
  /** Counts the calls of the slot: tells whether a callback ended the call and began another. */
  generation = new Int32Array(0);
  readonly request: (GrpcRequest | null)[] = [];
  readonly carrier: (StreamCarrier | null)[] = [];
  /** Of an answer that is not gRPC: status and beginning of the text. */
  readonly foreign: (ForeignAnswer | null)[] = [];
  /** grpc-encoding of the response, '' for none. */
  readonly encoding: string[] = [];

  get capacity(): number {
    return this.phase.length;
  }

  grow(capacity: number): void {
    if (capacity <= this.capacity) return;
    const { phase, seen, messages, generation } = this;
    this.phase = new Uint8Array(capacity);
    this.phase.set(phase);
    this.seen = new Uint8Array(capacity);
    this.seen.set(seen);
    this.messages = new Int32Array(capacity);
    this.messages.set(messages);
    this.generation = new Int32Array(capacity);
    this.generation.set(generation);
    while (this.request.length < capacity) {
      this.request.push(null);
      this.carrier.push(null);
      this.foreign.push(null);
      this.encoding.push('');
    }
  }
}

export interface ForeignAnswer {
  readonly httpStatus: number;
  readonly contentType: string;
  text: string;
}

const MAX_TEXT_CHARS = 200;

/** Adds what the frame says to the beginning of the text that is kept. */
export function appendText(answer: ForeignAnswer | null, frame: Frame): void {
  if (answer === null) return;
  const room = MAX_TEXT_CHARS - answer.text.length;
  if (room <= 0) return;
  answer.text += frame.bytes.toString('utf8', frame.start, Math.min(frame.end, frame.start + room));
}

/** 'HTTP 503, text/html: "…"'. */
export function describeForeign(answer: ForeignAnswer): string {
  const type = answer.contentType === '' ? 'no content-type' : answer.contentType;
  const text = answer.text.trim();
  return `HTTP ${answer.httpStatus}, ${type}${text === '' ? '' : `: "${text}"`}`;
}
