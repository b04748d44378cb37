// The dynamic table of HPACK (RFC 7541, 2.3.2 and 4): newest entry first, bounded by the sum of entry sizes. The decoder
// keeps one for the server's blocks, the encoder keeps the mirror of the server's.

import { entryBytes, type TableEntry } from './static-table.ts';

export class DynamicTable {
  readonly #entries: TableEntry[] = [];
  #bytes = 0;
  #maxBytes: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get count(): number {
    return this.#entries.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get maxBytes(): number {
    return this.#maxBytes;
  }

  /** 0 is the newest. */
  get(index: number): TableEntry | undefined {
    return this.#entries[index];
  }

  /** Index of the same field, or -1. */
  find(entry: TableEntry): number {
    return this.#entries.findIndex(
      (held) => held.name.equals(entry.name) && held.value.equals(entry.value),
    );
  }

  /** An entry larger than the table empties it and is not kept; that is no error (4.4). */
  add(entry: TableEntry): void {
    const bytes = entryBytes(entry.name, entry.value);
    this.#evictTo(this.#maxBytes - bytes);
    if (bytes > this.#maxBytes) return;
    this.#entries.unshift(entry);
    this.#bytes += bytes;
  }

  resize(maxBytes: number): void {
    this.#maxBytes = maxBytes;
    this.#evictTo(maxBytes);
  }

  #evictTo(limit: number): void {
    while (this.#bytes > limit) {
      const oldest = this.#entries.pop();
      if (oldest === undefined) return;
      this.#bytes -= entryBytes(oldest.name, oldest.value);
    }
  }
}
