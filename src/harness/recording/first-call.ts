// The very first call of a run, apart from all others: it meets a server, a connection and caches that are cold.

import type { FirstCall } from '../../contract/first-call.ts';
import { resolveClass } from './classify.ts';
import type { RawChunk } from './raw-columns.ts';
import type { RecordedRun } from './recorded-run.ts';

/** By intended start. Null when the start of the run is not part of the window, or not every call was kept. */
export function firstCall({ raw, sawLlmOutput, trim }: RecordedRun): FirstCall | null {
  if (trim.kind !== 'none' || !raw.complete) return null;
  const first = earliest(raw.chunks);
  if (first === null) return null;
  const { chunk, row } = first;
  const latencyNs = (chunk.endNs[row] ?? 0) - (chunk.dispatchNs[row] ?? 0);
  return {
    latencyUs: Math.round(latencyNs / 1000),
    outcome: resolveClass(chunk.callClass[row] ?? 0, sawLlmOutput),
  };
}

function earliest(chunks: readonly RawChunk[]): { chunk: RawChunk; row: number } | null {
  let found: { chunk: RawChunk; row: number } | null = null;
  let atNs = Infinity;
  for (const chunk of chunks) {
    for (let row = 0; row < chunk.rows; row += 1) {
      const intendedNs = chunk.intendedNs[row] ?? Infinity;
      if (intendedNs >= atNs) continue;
      atNs = intendedNs;
      found = { chunk, row };
    }
  }
  return found;
}
