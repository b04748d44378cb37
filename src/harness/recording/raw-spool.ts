// Raw rows on their way to the artifact: while load runs, chunks go to a temporary file as they are, without conversion
// and without waiting. What the rows mean is settled after the run, in arrow-file.ts.

import { open, rm, type FileHandle } from 'node:fs/promises';

import { storageError } from '../../runtime/atomic-file.ts';
import {
  CHUNK_ROWS,
  emptySinkChunk,
  type OpenSinkChunk,
  type RawSink,
  type SinkChunk,
} from './raw-columns.ts';

export const DEFAULT_MAX_SPOOLED_ROWS = 5_000_000;
/** 22 MB: what a disk that stalls may hold up. Chunks beyond it are left out, and said. */
const MAX_WAITING_CHUNKS = 32;

/** The rows of one recorder in a file. Plain data: it may cross to another thread. */
export interface SpooledRows {
  readonly path: string;
  /** Rows of each chunk, in the order of the file. */
  readonly chunks: readonly number[];
  /** False when rows were left out: the bound was reached, or the disk did not keep up. */
  readonly complete: boolean;
}

export class RawSpool implements RawSink {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #maxRows: number;
  readonly #chunks: number[] = [];
  #rows = 0;
  #complete = true;
  #waiting = 0;
  /** Written, to be filled again: fresh memory for each would be most of what rows cost. */
  readonly #spares: OpenSinkChunk[] = [];
  #written: Promise<void> = Promise.resolve();
  #failure: unknown = null;
  #isOpen = true;

  private constructor(path: string, file: FileHandle, maxRows: number) {
    this.#path = path;
    this.#file = file;
    this.#maxRows = maxRows;
  }

  /** `path` should be a temporary name in the run's directory. Throws BenchmarkError 'disk-full' | 'output-unwritable'. */
  static async open(path: string, maxRows: number = DEFAULT_MAX_SPOOLED_ROWS): Promise<RawSpool> {
    try {
      return new RawSpool(path, await open(path, 'wx'), maxRows);
    } catch (error) {
      throw storageError(error, path);
    }
  }

  chunk(chunk: OpenSinkChunk): void {
    const rows = Math.min(chunk.rows, this.#maxRows - this.#rows);
    if (rows < chunk.rows) this.#complete = false;
    if (rows <= 0 || this.#failure !== null) return;
    if (this.#waiting >= MAX_WAITING_CHUNKS) {
      this.#complete = false;
      return;
    }
    this.#rows += rows;
    this.#chunks.push(rows);
    this.#waiting += 1;
    this.#written = this.#written.then(() => this.#write(chunk, rows));
  }

  takeSpare(): OpenSinkChunk | null {
    return this.#spares.pop() ?? null;
  }

  /** Waits until everything is in the file. Throws BenchmarkError 'disk-full' | 'output-unwritable'; the file is then gone. */
  async close(): Promise<SpooledRows> {
    await this.#finish();
    if (this.#failure !== null) {
      await rm(this.#path, { force: true });
      throw storageError(this.#failure, this.#path);
    }
    return { path: this.#path, chunks: this.#chunks, complete: this.#complete };
  }

  /** Removes the file of a run that failed. No effect on one that was closed and failed itself. */
  async discard(): Promise<void> {
    await this.#finish();
    await rm(this.#path, { force: true });
  }

  /** What is pending is written; the file is closed, once. */
  async #finish(): Promise<void> {
    await this.#written;
    if (this.#isOpen) await this.#file.close();
    this.#isOpen = false;
  }

  async #write(chunk: OpenSinkChunk, rows: number): Promise<void> {
    try {
      if (this.#failure === null) await writeWhole(this.#file, columnBytes(chunk, rows));
      chunk.rows = 0;
      if (chunk.endNs.length === CHUNK_ROWS) this.#spares.push(chunk);
    } catch (error) {
      this.#failure = error;
    }
    this.#waiting -= 1;
  }
}

/** The chunks of a spool, one at a time. Throws what the file system throws. */
export async function* readSpool(spool: SpooledRows): AsyncGenerator<SinkChunk> {
  const file = await open(spool.path, 'r');
  try {
    for (const rows of spool.chunks) {
      const chunk = { ...emptySinkChunk(rows), rows };
      for (const bytes of columnBytes(chunk, rows)) await readWhole(file, bytes);
      yield chunk;
    }
  } finally {
    await file.close();
  }
}

/** The first rows of each column, as they stand in memory. */
function columnBytes(chunk: SinkChunk, rows: number): Uint8Array[] {
  const columns = [
    chunk.intendedNs,
    chunk.dispatchNs,
    chunk.firstMessageNs,
    chunk.endNs,
    chunk.callClass,
    chunk.grpcStatus,
    chunk.messages,
    chunk.tokens,
    chunk.measured,
  ];
  return columns.map(
    (column) => new Uint8Array(column.buffer, column.byteOffset, rows * column.BYTES_PER_ELEMENT),
  );
}

/** All parts by one call of the system where it takes them whole: then a chunk costs the event loop one turn. */
async function writeWhole(file: FileHandle, parts: readonly Uint8Array[]): Promise<void> {
  let { bytesWritten: skip } = await file.writev([...parts]);
  for (const part of parts) {
    let at = Math.min(skip, part.length);
    skip -= at;
    while (at < part.length) at += (await file.write(part, at, part.length - at)).bytesWritten;
  }
}

async function readWhole(file: FileHandle, bytes: Uint8Array): Promise<void> {
  let at = 0;
  while (at < bytes.length) {
    const { bytesRead } = await file.read(bytes, at, bytes.length - at);
    if (bytesRead === 0) throw new RangeError('the raw rows of a run are cut off');
    at += bytesRead;
  }
}
