// Every call of a run in one file that pandas, Polars and DuckDB read: Apache Arrow's IPC file format (Feather 2).
// Written when the run is over, batch by batch, from the rows that were spooled while it ran: only then is it known what
// a call without any sign of LLM output was, and no conversion competes with the load.

import { createHash } from 'node:crypto';
import { rm, type FileHandle } from 'node:fs/promises';

import { RecordBatchFileWriter } from 'apache-arrow';

import type { RunMeasurement } from '../../contract/run-result.ts';
import { writeAtomically } from '../../runtime/atomic-file.ts';
import { arrowSchema, recordBatch } from './arrow-columns.ts';
import { outcomeIndexes } from './raw-results.ts';
import { readSpool, type SpooledRows } from './raw-spool.ts';

export interface ArrowFileOptions {
  readonly path: string;
  /** One per recorder of the run; their files are removed when the artifact stands. */
  readonly spools: readonly SpooledRows[];
  /** Of the whole run: RecordedRun.sawLlmOutput after merging. */
  readonly sawLlmOutput: boolean;
}

/**
 * Writes the artifact, whole or not at all, and removes the spools. `values` are rows, measured or not. Memory: a batch
 * or two. Throws BenchmarkError 'disk-full' | 'output-unwritable'.
 */
export async function writeArrowFile(
  options: ArrowFileOptions,
): Promise<NonNullable<RunMeasurement['raw']>> {
  const { path, spools } = options;
  const written = await writeAtomically(path, (file) => writeBatches(file, options));
  for (const spool of spools) await rm(spool.path, { force: true });
  return {
    file: { path, ...written },
    values: spools.reduce((sum, spool) => sum + spool.chunks.reduce((a, b) => a + b, 0), 0),
    complete: spools.every((spool) => spool.complete),
  };
}

async function writeBatches(
  file: FileHandle,
  { spools, sawLlmOutput }: ArrowFileOptions,
): Promise<{ sha256: string; bytes: number }> {
  const outcomeOfClass = outcomeIndexes(sawLlmOutput);
  const schema = arrowSchema({ complete: spools.every((spool) => spool.complete) });
  const output = new HashedOutput(file);
  // Not closed by the writer itself, which without a batch would not even write its schema.
  const writer = new RecordBatchFileWriter({ autoDestroy: false });
  writer.reset(undefined, schema);
  for (const spool of spools) {
    for await (const chunk of readSpool(spool)) {
      writer.write(recordBatch(schema, chunk, outcomeOfClass));
      await output.drain(writer);
    }
  }
  writer.close();
  await output.drain(writer);
  return output.result();
}

/** Takes what an Arrow writer has ready, so that it never holds more than a batch. */
class HashedOutput {
  readonly #file: FileHandle;
  readonly #hash = createHash('sha256');
  #bytes = 0;
  #next: Promise<IteratorResult<Uint8Array>> | null = null;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Until the writer has nothing more, or is closed and emptied. */
  async drain(writer: AsyncIterable<Uint8Array>): Promise<void> {
    const iterator = writer[Symbol.asyncIterator]();
    for (;;) {
      this.#next ??= iterator.next();
      const result = await Promise.race([this.#next, nextTurn()]);
      if (result === null) return;
      this.#next = null;
      if (result.done === true) return;
      await this.#write(result.value);
    }
  }

  result(): { sha256: string; bytes: number } {
    return { sha256: this.#hash.digest('hex'), bytes: this.#bytes };
  }

  async #write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    let at = 0;
    while (at < bytes.length) {
      at += (await this.#file.write(bytes, at, bytes.length - at)).bytesWritten;
    }
  }
}

/** What is ready comes first. */
function nextTurn(): Promise<null> {
  return new Promise((resolve) => setImmediate(resolve, null));
}
