// HPACK encoding, as little as a load generator needs: the same few requests over and over. The first one puts its
// fields into the server's dynamic table, every later one is a row of one-byte indices.

import { DynamicTable } from './dynamic-table.ts';
import { entryBytes, STATIC_ENTRIES, STATIC_TABLE, type TableEntry } from './static-table.ts';

/** A header list with all its bytes, names in lower case. */
export type HeaderList = readonly TableEntry[];

export function headerList(fields: readonly (readonly [string, string])[]): HeaderList {
  return fields.map(([name, value]) => ({
    name: Buffer.from(name, 'latin1'),
    value: Buffer.from(value, 'latin1'),
  }));
}

export class HpackEncoder {
  readonly #table: DynamicTable;
  readonly #ceilingBytes: number;
  /** The smallest limit since the last block: an update must pass through it (RFC 7541, 4.2). null: nothing to say. */
  #pendingUpdate: number | null = null;
  #version = 0;

  /** `ceilingBytes`: the table is never made larger, whatever the server would allow. */
  constructor(ceilingBytes: number) {
    this.#ceilingBytes = ceilingBytes;
    this.#table = new DynamicTable(ceilingBytes);
  }

  /** Changes whenever the table does: a block stays valid for as long as this is what it was after its encoding. */
  get version(): number {
    return this.#version;
  }

  /** The server's SETTINGS_HEADER_TABLE_SIZE, with the smallest value it passed through. */
  limitTable(bytes: number, smallestBytes: number): void {
    const size = Math.min(bytes, this.#ceilingBytes);
    const smallest = Math.min(smallestBytes, size);
    if (size === this.#table.maxBytes && smallest === size) return;
    this.#pendingUpdate = Math.min(smallest, this.#pendingUpdate ?? smallest);
    this.#table.resize(smallest);
    this.#table.resize(size);
    this.#version += 1;
  }

  encode(fields: HeaderList): Buffer {
    const out: number[] = [];
    if (this.#pendingUpdate !== null) this.#writeUpdates(out, this.#pendingUpdate);
    const needed = fields.reduce((sum, field) => sum + entryBytes(field.name, field.value), 0);
    const indexing = needed <= this.#table.maxBytes;
    for (const field of fields) this.#writeField(out, field, indexing);
    return Buffer.from(out);
  }

  #writeUpdates(out: number[], smallest: number): void {
    if (smallest < this.#table.maxBytes) writeInteger(out, { bits: 5, mark: 0x20 }, smallest);
    writeInteger(out, { bits: 5, mark: 0x20 }, this.#table.maxBytes);
    this.#pendingUpdate = null;
    this.#version += 1;
  }

  #writeField(out: number[], field: TableEntry, indexing: boolean): void {
    const index = this.#indexOf(field);
    if (index > 0) {
      writeInteger(out, { bits: 7, mark: 0x80 }, index);
      return;
    }
    const nameIndex = STATIC_TABLE.findIndex((entry) => entry.name.equals(field.name)) + 1;
    writeInteger(out, indexing ? { bits: 6, mark: 0x40 } : { bits: 4, mark: 0 }, nameIndex);
    if (nameIndex === 0) writeString(out, field.name);
    writeString(out, field.value);
    if (!indexing) return;
    this.#table.add(field);
    this.#version += 1;
  }

  #indexOf(field: TableEntry): number {
    const index = STATIC_TABLE.findIndex(
      (entry) => entry.name.equals(field.name) && entry.value.equals(field.value),
    );
    if (index >= 0) return index + 1;
    const dynamic = this.#table.find(field);
    return dynamic < 0 ? 0 : dynamic + STATIC_ENTRIES + 1;
  }
}

function writeInteger(out: number[], prefix: { bits: number; mark: number }, value: number): void {
  const max = (1 << prefix.bits) - 1;
  if (value < max) {
    out.push(prefix.mark | value);
    return;
  }
  out.push(prefix.mark | max);
  let rest = value - max;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) out.push((rest & 0x7f) | 0x80);
  out.push(rest);
}

function writeString(out: number[], text: Buffer): void {
  writeInteger(out, { bits: 7, mark: 0 }, text.length);
  for (const byte of text) out.push(byte);
}
