// Protobuf, as little as it takes to pick a few fields out of a message where it lies: tags, varints and lengths. What is
// not asked for is skipped by its length and not looked into.

import { byteAt } from '../typed-access.ts';

/** Wire types of proto3; groups (3 and 4) no longer exist there. */
export const WIRE = { varint: 0, fixed64: 1, delimited: 2, fixed32: 5 } as const;

const NO_BYTES: Buffer = Buffer.alloc(0);
const MAX_VARINT_BYTES = 10;
/** What a fifth byte of a varint still adds to 32 bits. */
const FIFTH_SHIFT = 28;

export class FieldScanner {
  /** The field that `next` found. */
  field = 0;
  wireType = 0;
  /** The last delimited value is bytes[valueStart…valueEnd). */
  valueStart = 0;
  valueEnd = 0;
  /** False once the bytes are no protobuf. */
  ok = true;
  #bytes = NO_BYTES;
  #at = 0;
  #end = 0;

  open(bytes: Buffer, start: number, end: number): void {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.ok = true;
  }

  /** Goes to the next field; its value is then to be read or skipped. False at the end and at what is malformed. */
  next(): boolean {
    if (!this.ok || this.#at >= this.#end) return false;
    const tag = this.int32();
    this.field = tag >>> 3;
    this.wireType = tag & 7;
    if (this.field === 0) this.ok = false;
    return this.ok;
  }

  /** A varint's low 32 bits, signed: int32, enum and bool whole, larger types modulo. */
  int32(): number {
    const at = this.#at;
    if (at < this.#end) {
      const byte = byteAt(this.#bytes, at);
      if (byte < 0x80) {
        this.#at = at + 1;
        return byte;
      }
    }
    return this.#longInt32();
  }

  #longInt32(): number {
    const bytes = this.#bytes;
    const end = this.#end;
    let at = this.#at;
    let value = 0;
    for (let count = 0; count < MAX_VARINT_BYTES && at < end; count += 1) {
      const byte = byteAt(bytes, at);
      at += 1;
      const shift = count * 7;
      if (shift <= FIFTH_SHIFT) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.#at = at;
        return value;
      }
    }
    this.ok = false;
    return 0;
  }

  /** True when the field is delimited and whole; its value is then valueStart…valueEnd. */
  delimited(): boolean {
    const length = this.int32();
    if (!this.ok || length < 0 || length > this.#end - this.#at) {
      this.ok = false;
      return false;
    }
    this.valueStart = this.#at;
    this.valueEnd = this.#at + length;
    this.#at = this.valueEnd;
    return true;
  }

  skip(): void {
    switch (this.wireType) {
      case WIRE.varint:
        this.int32();
        return;
      case WIRE.fixed64:
        this.#skipBytes(8);
        return;
      case WIRE.delimited:
        this.delimited();
        return;
      case WIRE.fixed32:
        this.#skipBytes(4);
        return;
      default:
        this.ok = false;
    }
  }

  #skipBytes(count: number): void {
    if (count > this.#end - this.#at) this.ok = false;
    else this.#at += count;
  }
}
