// Bytes of a connection → frames, in place: a frame that lies whole in a read is handed out where it lies. Only a frame
// that a read cuts off is copied, into one buffer of fixed size, until the next read completes it.

import { viewOf } from '../typed-access.ts';
import { ConnectionFault } from './connection-fault.ts';
import type { Frame } from './frame.ts';
import { FRAME_HEADER_BYTES, frameName, H2_ERROR } from './protocol.ts';

export interface FrameSink {
  onFrame(frame: Frame): void;
}

const NO_BYTES = Buffer.alloc(0);

export class FrameReader {
  readonly #sink: FrameSink;
  readonly #maxPayload: number;
  readonly #frame: Frame = { type: 0, flags: 0, streamId: 0, bytes: NO_BYTES, start: 0, end: 0 };
  readonly #carry: Buffer;
  readonly #carryView: DataView;
  /** Of the buffer of the last read: a socket reads into one and the same. */
  #bytes: Buffer = NO_BYTES;
  #view = viewOf(NO_BYTES);
  #carried = 0;
  #stopped = false;

  constructor(sink: FrameSink, maxPayload: number) {
    this.#sink = sink;
    this.#maxPayload = maxPayload;
    this.#carry = Buffer.allocUnsafeSlow(FRAME_HEADER_BYTES + maxPayload);
    this.#carryView = viewOf(this.#carry);
  }

  /** Hands out no further frame, not even from the read that is being parsed. */
  stop(): void {
    this.#stopped = true;
  }

  /** True when the bytes so far end inside a frame. */
  get midFrame(): boolean {
    return this.#carried > 0;
  }

  /** Parses `bytes[0…length)`. Throws ConnectionFault when a frame is longer than we allow. */
  push(bytes: Buffer, length: number): void {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = viewOf(bytes);
    }
    const view = this.#view;
    let at = this.#carried === 0 ? 0 : this.#completeCarried(bytes, length);
    while (!this.#stopped && length - at >= FRAME_HEADER_BYTES) {
      const end = at + FRAME_HEADER_BYTES + this.#payloadLength(view, at);
      if (end > length) break;
      this.#frame.bytes = bytes;
      this.#deliver(view, at, end);
      at = end;
    }
    if (at < length && !this.#stopped) {
      bytes.copy(this.#carry, 0, at, length);
      this.#carried = length - at;
    }
  }

  /** Fills up the cut-off frame; returns where the rest of `bytes` begins. */
  #completeCarried(bytes: Buffer, length: number): number {
    let at = this.#fill(bytes, 0, Math.min(length, FRAME_HEADER_BYTES - this.#carried));
    if (this.#carried < FRAME_HEADER_BYTES) return at;
    const whole = FRAME_HEADER_BYTES + this.#payloadLength(this.#carryView, 0);
    at = this.#fill(bytes, at, Math.min(length, at + whole - this.#carried));
    if (this.#carried < whole) return at;
    this.#carried = 0;
    this.#frame.bytes = this.#carry;
    this.#deliver(this.#carryView, 0, whole);
    return at;
  }

  #fill(bytes: Buffer, from: number, to: number): number {
    if (to <= from) return from;
    bytes.copy(this.#carry, this.#carried, from, to);
    this.#carried += to - from;
    return to;
  }

  #payloadLength(view: DataView, at: number): number {
    const length = view.getUint32(at) >>> 8;
    if (length <= this.#maxPayload) return length;
    const name = frameName(view.getUint8(at + 3));
    throw new ConnectionFault(
      H2_ERROR.frameSizeError,
      `${name} frame of ${length} bytes: longer than the ${this.#maxPayload} that were allowed`,
    );
  }

  #deliver(view: DataView, at: number, end: number): void {
    const frame = this.#frame;
    frame.type = view.getUint8(at + 3);
    frame.flags = view.getUint8(at + 4);
    // Under a reserved bit, which is to be ignored (RFC 9113, 4.1).
    frame.streamId = view.getUint32(at + 5) & 0x7fffffff;
    frame.start = at + FRAME_HEADER_BYTES;
    frame.end = end;
    this.#sink.onFrame(frame);
  }
}
