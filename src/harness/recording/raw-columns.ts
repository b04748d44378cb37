// One row per measured call, as columns in chunks: for exact percentiles, for matching calls with pauses of a collector,
// and for the raw artifact. Bounded; a full chunk is offered to a sink, which may write it away.

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

/** Gets every chunk once: full ones as they fill, the last one at the end. The arrays stay the recorder's: copy or write at once. */
export interface RawSink {
  chunk(chunk: RawChunk): void;
}

export interface RecordedRaw {
  readonly chunks: readonly RawChunk[];
  readonly rows: number;
  /** False when calls were left out because the bound was reached. */
  readonly complete: boolean;
}

/** A chunk that a recorder still writes to. */
export type OpenChunk = { -readonly [K in keyof RawChunk]: RawChunk[K] };

export class RawRecorder {
  readonly #maxRows: number;
  readonly #sink: RawSink | null;
  readonly #chunks: OpenChunk[] = [];
  #open: OpenChunk | null = null;
  #rows = 0;
  #complete = true;

  constructor(maxRows: number, sink: RawSink | null) {
    this.#maxRows = maxRows;
    this.#sink = sink;
  }

  /** The chunk whose row `rows` is free to be written, then committed; null when the bound is reached. */
  claim(): OpenChunk | null {
    if (this.#rows < this.#maxRows) return this.#open ?? this.#openChunk();
    this.#complete = false;
    return null;
  }

  /** The claimed row counts from now on. */
  commit(chunk: OpenChunk): void {
    chunk.rows += 1;
    this.#rows += 1;
    if (chunk.rows === chunk.endNs.length) this.#seal(chunk);
  }

  get byteLength(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunkBytes(chunk), 0);
  }

  /** Seals the open chunk: call once, at the end. */
  data(): RecordedRaw {
    if (this.#open !== null) this.#seal(this.#open);
    return { chunks: this.#chunks, rows: this.#rows, complete: this.#complete };
  }

  #openChunk(): OpenChunk {
    const chunk = emptyChunk(Math.min(CHUNK_ROWS, this.#maxRows - this.#rows));
    this.#chunks.push(chunk);
    this.#open = chunk;
    return chunk;
  }

  #seal(chunk: RawChunk): void {
    this.#open = null;
    this.#sink?.chunk(chunk);
  }
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

export function mergeRaw(list: readonly RecordedRaw[]): RecordedRaw {
  return {
    chunks: list.flatMap((part) => part.chunks),
    rows: list.reduce((sum, part) => sum + part.rows, 0),
    complete: list.every((part) => part.complete),
  };
}
