// One row per measured call, as columns in chunks: for exact percentiles, for matching calls with pauses of a collector,
// bounded by a number of rows. Apart from it, a sink may get the rows of all calls, to write them away.

import {
  DISPATCH,
  END,
  FIRST_MESSAGE,
  INTENDED,
  TIMES_LOG2,
  type CallBatch,
} from './call-batch.ts';

/** Rows of a full chunk. */
export const CHUNK_ROWS = 16_384;

/** Columns of `rows` calls; the arrays are longer when the chunk is not full. Instants are the run clock's nanoseconds. */
export interface RawChunk {
  readonly rows: number;
  readonly intendedNs: Float64Array;
  readonly dispatchNs: Float64Array;
  /** NaN when no message came. */
  readonly firstMessageNs: Float64Array;
  /** When the call was given up, for an incomplete one. */
  readonly endNs: Float64Array;
  /** CALL_CLASS of classify.ts. */
  readonly callClass: Uint8Array;
  /** gRPC status code; CANCELLED for an incomplete call. */
  readonly grpcStatus: Uint8Array;
  readonly messages: Uint32Array;
  readonly tokens: Uint32Array;
}

/** What a sink gets: all calls of the run, also those outside the window. */
export interface SinkChunk extends RawChunk {
  /** 1 for a measured call, 0 for one that was trimmed. */
  readonly measured: Uint8Array;
}

/** Gets every chunk once: full ones as they fill, the last one at the end. A chunk is the sink's own: it is not written again. */
export interface RawSink {
  chunk(chunk: OpenSinkChunk): void;
  /** A full-size chunk that the sink is done with and gives back to be filled anew; null when it has none. */
  takeSpare?(): OpenSinkChunk | null;
}

export interface RecordedRaw {
  readonly chunks: readonly RawChunk[];
  readonly rows: number;
  /** Of so many calls one was kept. */
  readonly stride: number;
  /** False when calls were left out because the bound was reached. */
  readonly complete: boolean;
}

/** A chunk that a recorder still writes to. */
type Open<Chunk> = { -readonly [K in keyof Chunk]: Chunk[K] };
type OpenChunk = Open<RawChunk>;
/** A sink chunk that is being filled. */
export type OpenSinkChunk = Open<SinkChunk>;

/** Keeps rows up to a bound; when more calls come than that, those of every 2nd, 4th, 8th … of all calls from the first on. */
export class RawRecorder {
  readonly #maxRows: number;
  readonly #chunks: OpenChunk[] = [];
  /** The chunk that is being filled. */
  #open = 0;
  #rows = 0;
  #stride = 1;
  #complete = true;
  /** Calls to leave out before the next one that is kept. */
  #passing = 0;

  constructor(maxRows: number) {
    this.#maxRows = maxRows;
  }

  addAll(batch: CallBatch): void {
    const { calls, measured } = batch;
    let passing = this.#passing;
    for (let row = 0; row < calls; row += 1) {
      if (measured[row] === 0) continue;
      if (passing > 0) passing -= 1;
      else passing = this.#keep(batch, row);
    }
    this.#passing = passing;
  }

  get byteLength(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunkBytes(chunk), 0);
  }

  data(): RecordedRaw {
    const chunks = this.#chunks.filter((chunk) => chunk.rows > 0);
    return { chunks, rows: this.#rows, stride: this.#stride, complete: this.#complete };
  }

  /** How many calls are to be left out after it. */
  #keep(batch: CallBatch, row: number): number {
    if (this.#rows === this.#maxRows) {
      this.#complete = false;
      if (this.#maxRows === 0) return 0;
      // The next of every so many is this call, or the one as many calls on as there were between two rows.
      const isNext = this.#rows % 2 === 0;
      const between = this.#stride - 1;
      this.#halve();
      if (!isNext) return between;
    }
    copyRow(batch, row, this.#openChunk());
    this.#rows += 1;
    return this.#stride - 1;
  }

  #halve(): void {
    this.#stride *= 2;
    this.#rows = keepEveryNth(this.#chunks, 2, this.#chunks);
    this.#open = this.#chunks.findLastIndex((chunk) => chunk.rows > 0);
  }

  #openChunk(): OpenChunk {
    const open = this.#chunks[this.#open];
    if (open !== undefined && open.rows < open.endNs.length) return open;
    if (open !== undefined) this.#open += 1;
    const next = this.#chunks[this.#open];
    if (next !== undefined) return next;
    const chunk = emptyChunk(Math.min(CHUNK_ROWS, this.#maxRows - this.#rows));
    this.#chunks.push(chunk);
    return chunk;
  }
}

/** Fills chunks for a sink, whatever is kept in memory. */
export class SinkRecorder {
  readonly #sink: RawSink;
  #open: OpenSinkChunk | null = null;

  constructor(sink: RawSink) {
    this.#sink = sink;
  }

  addAll(batch: CallBatch): void {
    for (let row = 0; row < batch.calls; row += 1) {
      const chunk = (this.#open ??= this.#sink.takeSpare?.() ?? emptySinkChunk(CHUNK_ROWS));
      chunk.measured[chunk.rows] = batch.measured[row] ?? 0;
      copyRow(batch, row, chunk);
      if (chunk.rows === CHUNK_ROWS) this.finish();
    }
  }

  /** Hands over the chunk that is open, if any. */
  finish(): void {
    if (this.#open !== null) this.#sink.chunk(this.#open);
    this.#open = null;
  }
}

/** Room for `rows` rows, none of them there yet. Written out: copies by spread share no layout, which each row would pay for. */
export function emptySinkChunk(rows: number): OpenSinkChunk {
  return {
    rows: 0,
    intendedNs: new Float64Array(rows),
    dispatchNs: new Float64Array(rows),
    firstMessageNs: new Float64Array(rows),
    endNs: new Float64Array(rows),
    callClass: new Uint8Array(rows),
    grpcStatus: new Uint8Array(rows),
    messages: new Uint32Array(rows),
    tokens: new Uint32Array(rows),
    measured: new Uint8Array(rows),
  };
}

function copyRow(batch: CallBatch, from: number, chunk: OpenChunk): void {
  const { times } = batch;
  const base = from << TIMES_LOG2;
  const row = chunk.rows;
  chunk.intendedNs[row] = times[base + INTENDED] ?? 0;
  chunk.dispatchNs[row] = times[base + DISPATCH] ?? 0;
  chunk.firstMessageNs[row] = times[base + FIRST_MESSAGE] ?? NaN;
  chunk.endNs[row] = times[base + END] ?? 0;
  chunk.callClass[row] = batch.callClass[from] ?? 0;
  chunk.grpcStatus[row] = batch.grpcStatus[from] ?? 0;
  chunk.messages[row] = batch.messages[from] ?? 0;
  chunk.tokens[row] = batch.tokens[from] ?? 0;
  chunk.rows = row + 1;
}

function emptyChunk(rows: number): OpenChunk {
  return {
    rows: 0,
    intendedNs: new Float64Array(rows),
    dispatchNs: new Float64Array(rows),
    firstMessageNs: new Float64Array(rows),
    endNs: new Float64Array(rows),
    callClass: new Uint8Array(rows),
    grpcStatus: new Uint8Array(rows),
    messages: new Uint32Array(rows),
    tokens: new Uint32Array(rows),
  };
}

const BYTES_PER_ROW = 4 * 8 + 2 + 2 * 4;

function chunkBytes(chunk: RawChunk): number {
  return chunk.endNs.length * BYTES_PER_ROW;
}

/** The rows of all, thinned to those of the longest stride: a call of one thread weighs as much as one of another. */
export function mergeRaw(list: readonly RecordedRaw[]): RecordedRaw {
  const stride = Math.max(...list.map((part) => part.stride));
  const parts = list.map((part) => thinned(part, stride / part.stride));
  return {
    chunks: parts.flatMap((part) => part.chunks),
    rows: parts.reduce((sum, part) => sum + part.rows, 0),
    stride,
    complete: list.every((part) => part.complete),
  };
}

function thinned(part: RecordedRaw, n: number): Pick<RecordedRaw, 'chunks' | 'rows'> {
  if (n === 1) return part;
  const into = [emptyChunk(Math.ceil(part.rows / n))];
  return { chunks: into, rows: keepEveryNth(part.chunks, n, into) };
}

const COLUMNS = [
  'intendedNs',
  'dispatchNs',
  'firstMessageNs',
  'endNs',
  'callClass',
  'grpcStatus',
  'messages',
  'tokens',
] as const satisfies readonly (keyof RawChunk)[];

/** Every n-th row of some chunks into others, or into themselves: what is read lies never before what is written. How many that are. */
function keepEveryNth(from: readonly RawChunk[], n: number, into: readonly OpenChunk[]): number {
  const lengths = from.map((chunk) => chunk.rows);
  for (const chunk of into) chunk.rows = 0;
  let kept = 0;
  let target = 0;
  /** In the chunk that is read. */
  let next = 0;
  from.forEach((chunk, index) => {
    const length = lengths[index] ?? 0;
    while (next < length) {
      const open = into[target];
      if (open === undefined) return;
      const room = open.endNs.length - open.rows;
      const rows = Math.min(Math.ceil((length - next) / n), room);
      if (rows > 0) {
        for (const column of COLUMNS) {
          takeEveryNth(chunk[column], { first: next, n, rows }, open[column], open.rows);
        }
      }
      open.rows += rows;
      kept += rows;
      next += rows * n;
      if (open.rows === open.endNs.length) target += 1;
    }
    next -= length;
  });
  return kept;
}

type Column = RawChunk[(typeof COLUMNS)[number]];

function takeEveryNth(
  from: Column,
  { first, n, rows }: { readonly first: number; readonly n: number; readonly rows: number },
  into: Column,
  at: number,
): void {
  for (let row = 0; row < rows; row += 1) into[at + row] = from[first + row * n] ?? 0;
}
