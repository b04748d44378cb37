// Why a stored benchmark must stay, whatever a policy says. Doubt keeps it: what was removed cannot be measured again.

import type { StoredBenchmark } from '../../artifacts/stored-benchmarks.ts';
import { BenchmarkError } from '../../contract/failure.ts';
import type { BenchmarkClient, BenchmarkState } from '../../temporal/benchmark-api.ts';

/** Between the id of a suite and the rest of the id of its level's benchmark. */
const LEVEL_SEPARATOR = '--';
/** A benchmark without a report that no server knows may be another server's, or run without one: as long as it may rest. */
const MAY_REST_MS = 7 * 86_400_000;
const GOING_ON: ReadonlySet<BenchmarkState | null> = new Set(['running', 'paused', 'unknown']);

export interface KeepFacts {
  readonly client: Pick<BenchmarkClient, 'describe'>;
  readonly baselines: ReadonlySet<string>;
  readonly nowMs: number;
}

/** Asks the server about each of them, so that the answers are as old as this call. Throws what the server's absence throws. */
export async function reasonsToKeep(
  benchmarks: readonly StoredBenchmark[],
  { client, baselines, nowMs }: KeepFacts,
): Promise<(benchmark: StoredBenchmark) => string | null> {
  const states = new Map<string, BenchmarkState | null>();
  for (const id of new Set(benchmarks.flatMap(({ benchmarkId }) => withSuite(benchmarkId)))) {
    states.set(id, await stateOf(client, id));
  }
  return ({ benchmarkId, hasReport, changedAtMs }) => {
    const [own = null, suite = null] = withSuite(benchmarkId).map((id) => states.get(id) ?? null);
    if (GOING_ON.has(own)) return 'it is running';
    if (GOING_ON.has(suite)) return 'its suite is running';
    if (baselines.has(benchmarkId)) return 'it is a baseline';
    const mayRest = own === null && !hasReport && nowMs - changedAtMs < MAY_REST_MS;
    return mayRest ? 'nobody says that it is over' : null;
  };
}

function withSuite(benchmarkId: string): string[] {
  const end = benchmarkId.indexOf(LEVEL_SEPARATOR);
  return end <= 0 ? [benchmarkId] : [benchmarkId, benchmarkId.slice(0, end)];
}

/** Null: the server knows none of that id. */
async function stateOf(
  client: Pick<BenchmarkClient, 'describe'>,
  benchmarkId: string,
): Promise<BenchmarkState | null> {
  try {
    return (await client.describe(benchmarkId)).state;
  } catch (error) {
    if (error instanceof BenchmarkError && error.code === 'benchmark-not-found') return null;
    throw error;
  }
}
