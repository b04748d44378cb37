// DATA → gRPC messages (five bytes of prefix, then the message). A message inside one DATA frame is handed out where it
// lies; only one that frames cut apart is copied together, into a buffer that grows with what really arrived.

import { byteAt, int32At, uint32At, uint8At } from '../typed-access.ts';

export const PREFIX_BYTES = 5;
const INITIAL_PARTIAL_BYTES = 16 * 1024;

/** What #push found. Anything but `ok` ends the call. */
export const READ = { ok: 0, tooLarge: 1, compressed: 2, badFlag: 3, stopped: 4 } as const;
export type ReadResult = (typeof READ)[keyof typeof READ];

export interface MessageSink {
  /** The message is `bytes[start…end)`. False: the call is over, what follows is not wanted. */
  onMessage(slot: number, bytes: Buffer, start: number, end: number): boolean;
}

export class MessageReader {
  readonly #sink: MessageSink;
  readonly #maxBytes: number;
  #prefixes = Buffer.alloc(0);
  #prefixHave = new Uint8Array(0);
  #have = new Int32Array(0);
  readonly #partial: (Buffer | null)[] = [];
  #lastLength = 0;

  constructor(sink: MessageSink, maxBytes: number) {
    this.#sink = sink;
    this.#maxBytes = maxBytes;
  }

  grow(capacity: number): void {
    if (capacity <= this.#have.length) return;
    const prefixes = Buffer.alloc(capacity * PREFIX_BYTES);
    this.#prefixes.copy(prefixes);
    this.#prefixes = prefixes;
    const prefixHave = new Uint8Array(capacity);
    prefixHave.set(this.#prefixHave);
    this.#prefixHave = prefixHave;
    const have = new Int32Array(capacity);
    have.set(this.#have);
    this.#have = have;
    while (this.#partial.length < capacity) this.#partial.push(null);
  }

  /** The length that the last prefix stated, for the error message. */
  get lastLength(): number {
    return this.#lastLength;
  }

  /** The stream so far ends inside a message. */
  midMessage(slot: number): boolean {
    return uint8At(this.#prefixHave, slot) > 0;
  }

  reset(slot: number): void {
    if (uint8At(this.#prefixHave, slot) === 0) return;
    this.#prefixHave[slot] = 0;
    this.#partial[slot] = null;
  }

  push(slot: number, bytes: Buffer, start: number, end: number): ReadResult {
    let at = start;
    if (uint8At(this.#prefixHave, slot) > 0) {
      at = this.#resume(slot, bytes, start, end);
      if (at < 0) return toResult(at);
    }
    while (end - at >= PREFIX_BYTES) {
      const fault = this.#check(byteAt(bytes, at), uint32At(bytes, at + 1));
      if (fault !== READ.ok) return fault;
      const messageEnd = at + PREFIX_BYTES + this.#lastLength;
      if (messageEnd > end) break;
      if (!this.#sink.onMessage(slot, bytes, at + PREFIX_BYTES, messageEnd)) return READ.stopped;
      at = messageEnd;
    }
    if (at < end) {
      const rest = this.#resume(slot, bytes, at, end);
      if (rest < 0) return toResult(rest);
    }
    return READ.ok;
  }

  #check(flag: number, length: number): ReadResult {
    this.#lastLength = length;
    if (flag > 1) return READ.badFlag;
    if (flag === 1) return READ.compressed;
    return length > this.#maxBytes ? READ.tooLarge : READ.ok;
  }

  /** Goes on with a message that was cut off; returns where the rest begins, or a negated ReadResult. */
  #resume(slot: number, bytes: Buffer, start: number, end: number): number {
    let at = start;
    let have = uint8At(this.#prefixHave, slot);
    if (have < PREFIX_BYTES) {
      const count = Math.min(PREFIX_BYTES - have, end - at);
      bytes.copy(this.#prefixes, slot * PREFIX_BYTES + have, at, at + count);
      at += count;
      have += count;
      this.#prefixHave[slot] = have;
      if (have < PREFIX_BYTES) return at;
      this.#have[slot] = 0;
    }
    const prefix = slot * PREFIX_BYTES;
    const fault = this.#check(byteAt(this.#prefixes, prefix), uint32At(this.#prefixes, prefix + 1));
    if (fault !== READ.ok) return -fault;
    return this.#collect(slot, bytes, at, end);
  }

  #collect(slot: number, bytes: Buffer, start: number, end: number): number {
    const length = this.#lastLength;
    const have = int32At(this.#have, slot);
    const count = Math.min(length - have, end - start);
    if (have === 0 && count === length) {
      // All of it is here after all: only the prefix was cut.
      this.reset(slot);
      return this.#sink.onMessage(slot, bytes, start, start + count)
        ? start + count
        : -READ.stopped;
    }
    const partial = this.#room(slot, have, have + count);
    bytes.copy(partial, have, start, start + count);
    this.#have[slot] = have + count;
    if (have + count < length) return start + count;
    this.reset(slot);
    return this.#sink.onMessage(slot, partial, 0, length) ? start + count : -READ.stopped;
  }

  #room(slot: number, have: number, needed: number): Buffer {
    const held = this.#partial[slot] ?? null;
    if (held !== null && held.length >= needed) return held;
    const wanted = Math.max(needed, INITIAL_PARTIAL_BYTES, (held?.length ?? 0) * 2);
    const larger = Buffer.allocUnsafe(Math.min(wanted, Math.max(this.#lastLength, needed)));
    held?.copy(larger, 0, 0, have);
    this.#partial[slot] = larger;
    return larger;
  }
}

function toResult(negated: number): ReadResult {
  switch (-negated) {
    case READ.tooLarge:
      return READ.tooLarge;
    case READ.compressed:
      return READ.compressed;
    case READ.badFlag:
      return READ.badFlag;
    default:
      return READ.stopped;
  }
}
