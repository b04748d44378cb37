// The seed's `latency_histogram`, read back from the file in which a run keeps its calls: too big for a workflow's
// history, small enough for a report. Runs of earlier versions kept the latencies alone, as JSON.

import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import type { Bool, Dictionary, Int64, TypeMap, Utf8 } from 'apache-arrow';
import { BenchmarkError } from '../contract/failure.ts';
import type { ArtifactRef, RunMeasurement } from '../contract/run-result.ts';

/** What a report can carry; a run's file may hold more. */
const MAX_VALUES = 1_000_000;

/**
 * Latencies of the kept ok calls of the window, of the run's headline kind: integer µs, ascending, of every n-th call of a
 * file that may hold more than `most`: its first ones would say nothing of how the run went on.
 * null when the run kept none. Throws BenchmarkError 'artifact-missing' or 'artifact-corrupt'.
 */
export async function readRawLatencies(
  measurement: Pick<RunMeasurement, 'raw' | 'latencyKind'>,
  most = MAX_VALUES,
): Promise<number[] | null> {
  if (measurement.raw === null) return null;
  const { file, values } = measurement.raw;
  await verify(file);
  if (file.path.endsWith('.json')) {
    const parsed: unknown = JSON.parse(await readFile(file.path, 'utf8'));
    // The checksum proves that this is what a generator wrote: an array of numbers.
    return parsed as number[];
  }
  const from = measurement.latencyKind === 'service' ? 'dispatched_ns' : 'intended_ns';
  return latenciesUs(file.path, from, {
    rows: values,
    stride: Math.max(1, Math.ceil(values / most)),
  });
}

async function verify({ path, sha256 }: ArtifactRef): Promise<void> {
  const found = await sha256OfFile(path).catch((thrown: unknown) => {
    throw new BenchmarkError('artifact-missing', `The raw values ${path} are gone.`, {
      cause: thrown,
    });
  });
  if (found === sha256) return;
  throw new BenchmarkError(
    'artifact-corrupt',
    `The raw values ${path} are not what the run wrote; measure that run again.`,
  );
}

const HASHED_AT_ONCE_BYTES = 1 << 20;

/** One buffer for the whole file: a stream would leave as many behind as the file is long. */
async function sha256OfFile(path: string): Promise<string> {
  const handle = await open(path);
  try {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(HASHED_AT_ONCE_BYTES);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}

/** Of arrow-columns.ts, those that are read here. */
interface CallColumns extends TypeMap {
  readonly intended_ns: Int64;
  readonly dispatched_ns: Int64;
  readonly end_ns: Int64;
  readonly outcome: Dictionary<Utf8>;
  readonly in_window: Bool;
}

async function latenciesUs(
  path: string,
  from: 'dispatched_ns' | 'intended_ns',
  { rows, stride }: { readonly rows: number; readonly stride: number },
): Promise<number[]> {
  // Arrow is loaded where it is used: it would cost every command a tenth of a second and 20 MB.
  const { RecordBatchReader } = await import('apache-arrow');
  const handle = await open(path);
  try {
    // In its whole length at once: a list that grows leaves as much behind as it holds.
    const values = new Float64Array(Math.ceil(rows / stride));
    let kept = 0;
    let seen = 0;
    for await (const batch of await RecordBatchReader.from<CallColumns>(handle)) {
      const startsNs = batch.getChild(from)?.toArray();
      const endsNs = batch.getChild('end_ns')?.toArray();
      const outcome = batch.getChild('outcome');
      const inWindow = batch.getChild('in_window');
      const isMeasured = (row: number): boolean =>
        inWindow?.get(row) === true && outcome?.get(row) === 'ok';
      for (let row = 0; row < batch.numRows && kept < values.length; row += 1) {
        if (!isMeasured(row)) continue;
        seen += 1;
        if ((seen - 1) % stride !== 0) continue;
        const latencyNs = Number(endsNs?.[row]) - Number(startsNs?.[row]);
        values[kept] = Math.round(Math.max(latencyNs, 0) / 1000);
        kept += 1;
      }
    }
    return Array.from(values.subarray(0, kept).sort());
  } finally {
    await handle.close();
  }
}
