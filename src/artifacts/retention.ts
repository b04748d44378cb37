// Which stored benchmarks may go. Pure, so that the rule can be shown before anything is removed.

import type { StoredBenchmark } from './stored-benchmarks.ts';

/** At least one is given. */
export interface RetentionPolicy {
  /** That many of the newest stay, whatever the others say; alone it lets all the others go. */
  readonly keepNewest: number | null;
  readonly olderThanMs: number | null;
  /** The oldest go until the rest fits. */
  readonly maxTotalBytes: number | null;
}

export interface Retention {
  /** Oldest first. */
  readonly remove: readonly StoredBenchmark[];
  /** Those that the policy would let go, and why they stay. */
  readonly spared: readonly { readonly benchmark: StoredBenchmark; readonly why: string }[];
  readonly keptBytes: number;
  readonly keptCount: number;
}

export interface RetentionQuestion {
  /** Newest first. */
  readonly benchmarks: readonly StoredBenchmark[];
  readonly policy: RetentionPolicy;
  readonly nowMs: number;
  /** Why a benchmark must stay; null when it may go. */
  readonly reasonToKeep: (benchmark: StoredBenchmark) => string | null;
}

export function planRetention({
  benchmarks,
  policy,
  nowMs,
  reasonToKeep,
}: RetentionQuestion): Retention {
  const remove: StoredBenchmark[] = [];
  const spared: { benchmark: StoredBenchmark; why: string }[] = [];
  let keptBytes = benchmarks.reduce((sum, { bytes }) => sum + bytes, 0);
  const oldestFirst = benchmarks.slice(policy.keepNewest ?? 0).toReversed();
  for (const benchmark of oldestFirst) {
    if (!mayGo(benchmark, { policy, nowMs, totalBytes: keptBytes })) continue;
    const why = reasonToKeep(benchmark);
    if (why !== null) {
      spared.push({ benchmark, why });
      continue;
    }
    remove.push(benchmark);
    keptBytes -= benchmark.bytes;
  }
  return { remove, spared, keptBytes, keptCount: benchmarks.length - remove.length };
}

function mayGo(
  { changedAtMs }: StoredBenchmark,
  now: { readonly policy: RetentionPolicy; readonly nowMs: number; readonly totalBytes: number },
): boolean {
  const { olderThanMs, maxTotalBytes } = now.policy;
  if (olderThanMs === null && maxTotalBytes === null) return true;
  const isOld = olderThanMs !== null && now.nowMs - changedAtMs > olderThanMs;
  return isOld || (maxTotalBytes !== null && now.totalBytes > maxTotalBytes);
}
