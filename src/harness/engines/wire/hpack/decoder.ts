// HPACK decoding (RFC 7541), complete. Fields are handed out as byte ranges, mostly where they lie in the block, so that
// a block costs no strings; only what enters the dynamic table is copied.

import { byteAt } from '../typed-access.ts';
import { DynamicTable } from './dynamic-table.ts';
import { decodeHuffman, maxDecodedBytes } from './huffman.ts';
import { STATIC_ENTRIES, STATIC_TABLE, type TableEntry } from './static-table.ts';

/** One field; both parts are byte ranges. Reused: read it during the callback, never keep it. */
export interface HeaderField {
  name: Buffer;
  nameStart: number;
  nameEnd: number;
  value: Buffer;
  valueStart: number;
  valueEnd: number;
}

export interface FieldSink {
  onField(field: HeaderField): void;
}

/** A block that is not HPACK; the connection cannot go on, as both sides' tables may differ. */
export class HpackError extends Error {
  override readonly name = 'HpackError';
}

const FIELD_OVERHEAD_BYTES = 32;
/** Five continuation bytes reach beyond 2^31; nothing legitimate needs more. */
const MAX_INTEGER_SHIFT = 28;
const NO_BYTES: Buffer = Buffer.alloc(0);

export class HpackDecoder {
  readonly #table: DynamicTable;
  readonly #maxListBytes: number;
  readonly #field: HeaderField = {
    name: NO_BYTES,
    nameStart: 0,
    nameEnd: 0,
    value: NO_BYTES,
    valueStart: 0,
    valueEnd: 0,
  };
  #nameScratch: Buffer = Buffer.allocUnsafeSlow(256);
  #valueScratch: Buffer = Buffer.allocUnsafeSlow(1024);
  #allowedTableBytes: number;
  #bytes: Buffer = NO_BYTES;
  #at = 0;
  #end = 0;
  #stateless = true;
  // The string that #readString read last.
  #text: Buffer = NO_BYTES;
  #textStart = 0;
  #textEnd = 0;

  /** `maxListBytes` bounds the decoded size of one block (RFC 9113, 6.5.2, SETTINGS_MAX_HEADER_LIST_SIZE). */
  constructor(tableBytes: number, maxListBytes: number) {
    this.#table = new DynamicTable(tableBytes);
    this.#allowedTableBytes = tableBytes;
    this.#maxListBytes = maxListBytes;
  }

  /** The last block neither read nor changed the dynamic table: the same bytes mean the same fields at any time. */
  get lastBlockStateless(): boolean {
    return this.#stateless;
  }

  get tableBytes(): number {
    return this.#table.bytes;
  }

  /**
   * The server acknowledged our SETTINGS_HEADER_TABLE_SIZE. It shrinks its table by an update in its next block; ours
   * follows that update, so that blocks it encoded before stay readable.
   */
  limitTable(maxBytes: number): void {
    this.#allowedTableBytes = maxBytes;
  }

  /** Throws HpackError. */
  decode(bytes: Buffer, start: number, end: number, sink: FieldSink): void {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#stateless = true;
    let listBytes = 0;
    let updatesAllowed = true;
    const field = this.#field;
    while (this.#at < end) {
      const first = byteAt(bytes, this.#at);
      if ((first & 0xe0) === 0x20) {
        if (!updatesAllowed) throw new HpackError('table size update after the first field');
        this.#updateTableSize();
        continue;
      }
      updatesAllowed = false;
      this.#readField(first);
      listBytes +=
        field.nameEnd - field.nameStart + field.valueEnd - field.valueStart + FIELD_OVERHEAD_BYTES;
      if (listBytes > this.#maxListBytes) {
        throw new HpackError(`header list larger than ${this.#maxListBytes} bytes`);
      }
      sink.onField(field);
    }
  }

  #readField(first: number): void {
    if ((first & 0x80) !== 0) {
      this.#useEntry(this.#readInteger(7));
      return;
    }
    const indexing = (first & 0x40) !== 0;
    this.#readLiteral(this.#readInteger(indexing ? 6 : 4));
    if (indexing) this.#addToTable();
  }

  #updateTableSize(): void {
    const size = this.#readInteger(5);
    if (size > this.#allowedTableBytes) {
      throw new HpackError(`table size update to ${size}; ${this.#allowedTableBytes} is the limit`);
    }
    this.#stateless = false;
    this.#table.resize(size);
  }

  #entryAt(index: number): TableEntry {
    const entry =
      index <= STATIC_ENTRIES
        ? STATIC_TABLE[index - 1]
        : this.#table.get(index - STATIC_ENTRIES - 1);
    if (entry === undefined) throw new HpackError(`no table entry ${index}`);
    if (index > STATIC_ENTRIES) this.#stateless = false;
    return entry;
  }

  #useEntry(index: number): void {
    const entry = this.#entryAt(index);
    this.#nameIs(entry);
    const field = this.#field;
    field.value = entry.value;
    field.valueStart = 0;
    field.valueEnd = entry.value.length;
  }

  #nameIs(entry: TableEntry): void {
    const field = this.#field;
    field.name = entry.name;
    field.nameStart = 0;
    field.nameEnd = entry.name.length;
  }

  #readLiteral(nameIndex: number): void {
    const field = this.#field;
    if (nameIndex === 0) {
      this.#nameScratch = this.#readString(this.#nameScratch);
      if (this.#textStart === this.#textEnd) throw new HpackError('field without a name');
      field.name = this.#text;
      field.nameStart = this.#textStart;
      field.nameEnd = this.#textEnd;
    } else {
      this.#nameIs(this.#entryAt(nameIndex));
    }
    this.#valueScratch = this.#readString(this.#valueScratch);
    field.value = this.#text;
    field.valueStart = this.#textStart;
    field.valueEnd = this.#textEnd;
  }

  #addToTable(): void {
    // Into a table of no size nothing goes and nothing changes (4.4); some servers write such fields all the same.
    if (this.#table.maxBytes === 0) return;
    const field = this.#field;
    this.#stateless = false;
    this.#table.add({
      name: Buffer.from(field.name.subarray(field.nameStart, field.nameEnd)),
      value: Buffer.from(field.value.subarray(field.valueStart, field.valueEnd)),
    });
  }

  /** RFC 7541, 5.1. */
  #readInteger(prefixBits: number): number {
    const bytes = this.#bytes;
    const max = (1 << prefixBits) - 1;
    let value = byteAt(bytes, this.#at++) & max;
    if (value < max) return value;
    for (let shift = 0; shift <= MAX_INTEGER_SHIFT; shift += 7) {
      if (this.#at >= this.#end) throw new HpackError('integer runs past the end of the block');
      const byte = byteAt(bytes, this.#at++);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new HpackError('integer of more than 31 bits');
  }

  /** Sets #text; returns the scratch to keep, larger when it had to grow. */
  #readString(scratch: Buffer): Buffer {
    if (this.#at >= this.#end) throw new HpackError('field without a value');
    const coded = (byteAt(this.#bytes, this.#at) & 0x80) !== 0;
    const length = this.#readInteger(7);
    const start = this.#at;
    if (length > this.#end - start) throw new HpackError('string runs past the end of the block');
    this.#at = start + length;
    if (!coded) {
      this.#text = this.#bytes;
      this.#textStart = start;
      this.#textEnd = start + length;
      return scratch;
    }
    const needed = maxDecodedBytes(length);
    const out = needed > scratch.length ? Buffer.allocUnsafeSlow(needed) : scratch;
    const decoded = decodeHuffman(this.#bytes, start, start + length, out);
    if (decoded < 0) throw new HpackError('broken Huffman code');
    this.#text = out;
    this.#textStart = 0;
    this.#textEnd = decoded;
    return out;
  }
}
