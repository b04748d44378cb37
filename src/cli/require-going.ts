// A word can be said to a benchmark that goes on, not to one that has ended.

import type { BenchmarkClient } from '../temporal/benchmark-client.ts';
import { shellText } from './command-line.ts';
import { UsageError } from './usage-error.ts';

/** Temporal answers a word to an ended workflow as if it had never been. */
export async function requireGoing(client: BenchmarkClient, benchmarkId: string): Promise<void> {
  const { state } = await client.describe(benchmarkId);
  if (state === 'running' || state === 'paused') return;
  throw new UsageError([
    {
      path: '',
      message: `benchmark ${benchmarkId} has ended (${state})`,
      hint: `see loombench status ${shellText([benchmarkId])}`,
    },
  ]);
}
