// Protobuf, as little as it takes to pick a few fields out of a message where it lies: tags, varints and lengths. A field
// is passed in one step, whatever it is; what is not asked for is not looked into.

import { byteAt } from '../typed-access.ts';

/** Wire types of proto3; groups (3 and 4) no longer exist there. */
const WIRE = { varint: 0, fixed64: 1, delimited: 2, fixed32: 5 } as const;
const WIRE_BITS = 3;
const WIRE_MASK = 7;

/** The tag of a field that holds an int32, enum or bool. */
export function varintTag(field: number): number {
  return (field << WIRE_BITS) | WIRE.varint;
}

/** The tag of a field that holds a string, bytes or a message. */
export function delimitedTag(field: number): number {
  return (field << WIRE_BITS) | WIRE.delimited;
}

const NO_BYTES: Buffer = Buffer.alloc(0);
const MAX_VARINT_BYTES = 10;
/** What a fifth byte of a varint still adds to 32 bits. */
const FIFTH_SHIFT = 28;

export class FieldScanner {
  /** The field that `next` found: its number and wire type, as `varintTag` and `delimitedTag` make them. */
  tag = 0;
  /** Of a varint the low 32 bits, signed: int32, enum and bool whole, larger types modulo. */
  value = 0;
  /** Of a delimited field, bytes[valueStart…valueEnd). */
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

  /** Goes past the next field. False at the end and at what is malformed. */
  next(): boolean {
    if (!this.ok || this.#at >= this.#end) return false;
    const tag = this.#varint();
    this.tag = tag;
    if (tag >>> WIRE_BITS === 0) this.ok = false;
    switch (tag & WIRE_MASK) {
      case WIRE.varint:
        this.value = this.#varint();
        break;
      case WIRE.delimited:
        this.#delimited();
        break;
      case WIRE.fixed64:
        this.#skip(8);
        break;
      case WIRE.fixed32:
        this.#skip(4);
        break;
      default:
        this.ok = false;
    }
    return this.ok;
  }

  /** Nearly every tag, length and number of an answer is a byte. */
  #varint(): number {
    const at = this.#at;
    if (at < this.#end) {
      const byte = byteAt(this.#bytes, at);
      if (byte < 0x80) {
        this.#at = at + 1;
        return byte;
      }
    }
    return this.#longVarint();
  }

  #longVarint(): number {
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

  #delimited(): void {
    const length = this.#varint();
    const start = this.#at;
    if (length < 0 || length > this.#end - start) {
      this.ok = false;
      return;
    }
    this.valueStart = start;
    this.valueEnd = start + length;
    this.#at = start + length;
  }

  #skip(count: number): void {
    if (count > this.#end - this.#at) this.ok = false;
    else this.#at += count;
  }
}
