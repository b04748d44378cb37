// HEADERS with its padding, priority and CONTINUATIONs → one header block. A block that fits its frame, which is nearly
// every one, is handed out where it lies; only a continued one is copied together, up to a bound.

import { byteAt } from '../typed-access.ts';
import { frameFault } from './connection-fault.ts';
import type { Frame } from './frame.ts';
import { FLAG, FRAME, H2_ERROR } from './protocol.ts';

const PRIORITY_BYTES = 5;
/** Empty CONTINUATIONs cost the sender nothing; so many of them are an attack. */
const MAX_CONTINUATIONS = 64;

/** A whole header block in `bytes[start…end)`; reused. */
export interface HeaderBlock {
  streamId: number;
  endStream: boolean;
  bytes: Buffer;
  start: number;
  end: number;
}

/** Cuts the padding off: afterwards `start…end` is the content alone. Throws ConnectionFault. */
export function stripPadding(frame: Frame): void {
  if ((frame.flags & FLAG.padded) === 0) return;
  if (frame.end === frame.start) {
    throw frameFault(H2_ERROR.frameSizeError, frame, 'padded, but without a padding length');
  }
  const padding = byteAt(frame.bytes, frame.start);
  if (padding >= frame.end - frame.start) {
    throw frameFault(
      H2_ERROR.protocolError,
      frame,
      `padding of ${padding} bytes exceeds the payload`,
    );
  }
  frame.start += 1;
  frame.end -= padding;
}

export class HeaderAssembler {
  readonly #maxBlock: number;
  readonly #block: HeaderBlock;
  #pending: Buffer;
  #continuing = false;
  #continuations = 0;

  constructor(maxBlock: number) {
    this.#maxBlock = maxBlock;
    this.#pending = Buffer.alloc(0);
    this.#block = { streamId: 0, endStream: false, bytes: this.#pending, start: 0, end: 0 };
  }

  /** While true, only CONTINUATION of `streamId` may come (RFC 9113, 6.10). */
  get continuing(): boolean {
    return this.#continuing;
  }

  /** A HEADERS frame; null until its block is whole. Throws ConnectionFault. */
  begin(frame: Frame): HeaderBlock | null {
    stripPadding(frame);
    if ((frame.flags & FLAG.priority) !== 0) {
      if (frame.end - frame.start < PRIORITY_BYTES) {
        throw frameFault(H2_ERROR.frameSizeError, frame, 'too short for its priority');
      }
      frame.start += PRIORITY_BYTES;
    }
    const block = this.#block;
    block.streamId = frame.streamId;
    block.endStream = (frame.flags & FLAG.endStream) !== 0;
    if ((frame.flags & FLAG.endHeaders) !== 0) {
      block.bytes = frame.bytes;
      block.start = frame.start;
      block.end = frame.end;
      return block;
    }
    this.#continuing = true;
    this.#continuations = 0;
    this.#pending = Buffer.from(frame.bytes.subarray(frame.start, frame.end));
    return null;
  }

  /** Any frame while a block is being continued. Throws ConnectionFault. */
  proceed(frame: Frame): HeaderBlock | null {
    const block = this.#block;
    if (frame.type !== FRAME.continuation || frame.streamId !== block.streamId) {
      const reason = `in the middle of the header block of stream ${block.streamId}`;
      throw frameFault(H2_ERROR.protocolError, frame, reason);
    }
    this.#continuations += 1;
    const total = this.#pending.length + frame.end - frame.start;
    if (total > this.#maxBlock || this.#continuations > MAX_CONTINUATIONS) {
      const reason = `header block of ${total} bytes in ${this.#continuations} continuations; the bound is ${this.#maxBlock} bytes in ${MAX_CONTINUATIONS}`;
      throw frameFault(H2_ERROR.enhanceYourCalm, frame, reason);
    }
    this.#pending = Buffer.concat([this.#pending, frame.bytes.subarray(frame.start, frame.end)]);
    if ((frame.flags & FLAG.endHeaders) === 0) return null;
    this.#continuing = false;
    block.bytes = this.#pending;
    block.start = 0;
    block.end = this.#pending.length;
    return block;
  }
}
