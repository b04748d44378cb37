// Frames on their way out. Everything that one turn of the event loop produces is laid into one slab and leaves in one
// write; the slab grows to what a turn needs and is then reused, so that sending allocates nothing per call.

import { writeUint24, writeUint32 } from '../typed-access.ts';
import { FRAME, FRAME_HEADER_BYTES } from './protocol.ts';

const INITIAL_BYTES = 64 * 1024;
/** Turns of a steady load have few sizes; a view is dearer to make than to look up. */
const MAX_KEPT_VIEWS = 64;
const NO_BYTES = Buffer.alloc(0);

export class OutputBuffer {
  #bytes = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  #length = 0;
  readonly #views = new Map<number, Buffer>();
  // A steady load lays one request after the other, and the next turn the same ones in the same places: from the slab's
  // beginning on, `#keptLength` bytes are repetitions of `#repeated` from turns before, of which only the ids change.
  #repeated: Buffer = NO_BYTES;
  #keptLength = 0;
  /** As much of this turn's bytes, from the beginning on, is repetitions. */
  #repeatedLength = 0;

  get length(): number {
    return this.#length;
  }

  /** A view of what was laid in; valid until the next append. */
  view(): Buffer {
    const kept = this.#views.get(this.#length);
    if (kept !== undefined) return kept;
    const view = this.#bytes.subarray(0, this.#length);
    if (this.#views.size >= MAX_KEPT_VIEWS) this.#views.clear();
    this.#views.set(this.#length, view);
    return view;
  }

  clear(): void {
    this.#length = 0;
    this.#repeatedLength = 0;
  }

  append(bytes: Buffer): void {
    const at = this.#reserve(bytes.length);
    this.#bytes.set(bytes, at);
  }

  appendPart(bytes: Buffer, start: number, end: number): void {
    const at = this.#reserve(end - start);
    bytes.copy(this.#bytes, at, start, end);
  }

  /** A HEADERS frame (and its CONTINUATIONs) encoded ahead, of which only the first frame's stream id is still open. */
  appendForStream(frames: Buffer, streamId: number): void {
    const at = this.#reserve(frames.length);
    this.#bytes.set(frames, at);
    writeUint32(this.#bytes, at + 5, streamId);
  }

  /** The same with a DATA frame behind it, which begins at `dataAt`. `frames` is known by identity. */
  appendRequest(frames: Buffer, dataAt: number, streamId: number): void {
    const at = this.#length;
    const end = at + frames.length;
    if (frames === this.#repeated && at === this.#repeatedLength && end <= this.#keptLength) {
      this.#length = end;
      this.#repeatedLength = end;
    } else this.#layRequest(frames, at);
    writeUint32(this.#bytes, at + 5, streamId);
    writeUint32(this.#bytes, at + dataAt + 5, streamId);
  }

  #layRequest(frames: Buffer, at: number): void {
    this.#reserve(frames.length);
    this.#bytes.set(frames, at);
    if (at === 0) this.#repeated = frames;
    if (frames !== this.#repeated || at !== this.#repeatedLength) return;
    this.#repeatedLength = this.#length;
    this.#keptLength = this.#length;
  }

  appendFrameHeader(type: number, flags: number, streamId: number, length: number): void {
    const at = this.#reserve(FRAME_HEADER_BYTES);
    const bytes = this.#bytes;
    writeUint24(bytes, at, length);
    bytes[at + 3] = type;
    bytes[at + 4] = flags;
    writeUint32(bytes, at + 5, streamId);
  }

  /** A frame whose payload is one 32-bit number: RST_STREAM, WINDOW_UPDATE. */
  appendUint32Frame(type: number, streamId: number, value: number): void {
    this.appendFrameHeader(type, 0, streamId, 4);
    const at = this.#reserve(4);
    writeUint32(this.#bytes, at, value);
  }

  appendGoaway(code: number): void {
    this.appendFrameHeader(FRAME.goaway, 0, 0, 8);
    const at = this.#reserve(8);
    writeUint32(this.#bytes, at, 0);
    writeUint32(this.#bytes, at + 4, code);
  }

  #reserve(count: number): number {
    const at = this.#length;
    const needed = at + count;
    if (at < this.#keptLength) this.#keptLength = at;
    if (needed > this.#bytes.length) this.#grow(needed);
    this.#length = needed;
    return at;
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
    this.#views.clear();
  }
}
