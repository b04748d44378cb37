// The seed's `latency_histogram`, read back from the file in which a run keeps its calls: too big for a workflow's
// history, small enough for a report. Runs of earlier versions kept the latencies alone, as JSON.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Bool, Dictionary, Int64, TypeMap, Utf8 } from 'apache-arrow';
import { BenchmarkError } from '../contract/failure.ts';
import type { ArtifactRef, RunMeasurement } from '../contract/run-result.ts';

/** What a report can carry; a run's file may hold more. */
const MAX_VALUES = 1_000_000;

/**
 * Latencies of the kept ok calls of the window, of the run's headline kind: integer µs, ascending, the first million.
 * null when the run kept none. Throws BenchmarkError 'artifact-missing' or 'artifact-corrupt'.
 */
export async function readRawLatencies(
  measurement: Pick<RunMeasurement, 'raw' | 'latencyKind'>,
): Promise<number[] | null> {
  if (measurement.raw === null) return null;
  const { file } = measurement.raw;
  await verify(file);
  if (file.path.endsWith('.json')) {
    const parsed: unknown = JSON.parse(await readFile(file.path, 'utf8'));
    // The checksum proves that this is what a generator wrote: an array of numbers.
    return parsed as number[];
  }
  const from = measurement.latencyKind === 'service' ? 'dispatched_ns' : 'intended_ns';
  return latenciesUs(file.path, from);
}

async function verify({ path, sha256 }: ArtifactRef): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash).catch((thrown: unknown) => {
    throw new BenchmarkError('artifact-missing', `The raw values ${path} are gone.`, {
      cause: thrown,
    });
  });
  if (hash.digest('hex') === sha256) return;
  throw new BenchmarkError(
    'artifact-corrupt',
    `The raw values ${path} are not what the run wrote; measure that run again.`,
  );
}

/** Of arrow-columns.ts, those that are read here. */
interface CallColumns extends TypeMap {
  readonly intended_ns: Int64;
  readonly dispatched_ns: Int64;
  readonly end_ns: Int64;
  readonly outcome: Dictionary<Utf8>;
  readonly in_window: Bool;
}

async function latenciesUs(path: string, from: 'dispatched_ns' | 'intended_ns'): Promise<number[]> {
  // Arrow is loaded where it is used: it would cost every command a tenth of a second and 20 MB.
  const { RecordBatchReader } = await import('apache-arrow');
  const handle = await open(path);
  try {
    const values: number[] = [];
    for await (const batch of await RecordBatchReader.from<CallColumns>(handle)) {
      const startsNs = batch.getChild(from)?.toArray();
      const endsNs = batch.getChild('end_ns')?.toArray();
      const outcome = batch.getChild('outcome');
      const inWindow = batch.getChild('in_window');
      for (let row = 0; row < batch.numRows && values.length < MAX_VALUES; row += 1) {
        if (inWindow?.get(row) !== true || outcome?.get(row) !== 'ok') continue;
        values.push(
          Math.round(Math.max(Number(endsNs?.[row]) - Number(startsNs?.[row]), 0) / 1000),
        );
      }
    }
    return Array.from(Float64Array.from(values).sort());
  } finally {
    await handle.close();
  }
}
