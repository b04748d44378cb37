// One pass over the stored benchmarks: what may go by the policy, what must stay, and the removal when it is wanted.

import { dirname, join } from 'node:path';
import { planRetention, type Retention, type RetentionPolicy } from '../../artifacts/retention.ts';
import { removeGoing, removeStored, storedBenchmarks } from '../../artifacts/stored-benchmarks.ts';
import { readRemarks, REMARKS_FILE } from '../../history/remarks-file.ts';
import type { BenchmarkClient } from '../../temporal/benchmark-api.ts';
import { reasonsToKeep } from './reasons-to-keep.ts';

export interface Collection {
  /** The `artifacts` directory of a state directory. */
  readonly root: string;
  readonly client: Pick<BenchmarkClient, 'describe'>;
  readonly policy: RetentionPolicy;
  /** False: only says what would go. */
  readonly remove: boolean;
  readonly signal: AbortSignal;
}

/** Throws when the server, or the file of baselines, cannot be read: then nothing goes. */
export async function collectArtifacts(collection: Collection): Promise<Retention> {
  const { root, client, policy, signal } = collection;
  const benchmarks = await storedBenchmarks(root);
  const { baselines } = await readRemarks(join(dirname(root), REMARKS_FILE));
  const nowMs = Date.now();
  const reasonToKeep = await reasonsToKeep(benchmarks, {
    client,
    baselines: new Set(baselines.map(({ benchmarkId }) => benchmarkId)),
    nowMs,
  });
  const retention = planRetention({ benchmarks, policy, nowMs, reasonToKeep });
  if (!collection.remove) return retention;
  await removeGoing(root);
  for (const benchmark of retention.remove) {
    signal.throwIfAborted();
    await removeStored(root, benchmark);
  }
  return retention;
}
