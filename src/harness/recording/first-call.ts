// The very first call of a run, apart from all others: it meets a server, a connection and caches that are cold.

import type { FirstCall } from '../../contract/first-call.ts';
import { resolveClass } from './classify.ts';
import type { RawChunk } from './raw-columns.ts';
import type { RecordedRun } from './recorded-run.ts';

/** By intended start, then by what came of it. Null when the start of the run is not part of the window, or not every call was kept. */
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

interface Found {
  readonly chunk: RawChunk;
  readonly row: number;
}

function earliest(chunks: readonly RawChunk[]): Found | null {
  let found: Found | null = null;
  for (const chunk of chunks) {
    for (let row = 0; row < chunk.rows; row += 1) {
      const here = { chunk, row };
      if (found === null || order(here, found) < 0) found = here;
    }
  }
  return found;
}

/** Calls that were due together are told apart by what came of them, never by the thread that recorded them. */
function order(a: Found, b: Found): number {
  const columns = ['intendedNs', 'dispatchNs', 'endNs', 'callClass'] as const;
  for (const column of columns) {
    const difference = (a.chunk[column][a.row] ?? 0) - (b.chunk[column][b.row] ?? 0);
    if (difference < 0 || difference > 0) return difference;
  }
  return 0;
}
