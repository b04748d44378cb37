// What lies below the artifact root: a directory per benchmark, how large it is and how old, and its removal.

import { randomUUID } from 'node:crypto';
import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { benchmarkOfDirectory } from '../contract/ids.ts';
import { storageError } from '../runtime/atomic-file.ts';

export interface StoredBenchmark {
  readonly benchmarkId: string;
  readonly directory: string;
  readonly bytes: number;
  /** Of the newest file; milliseconds since 1970. */
  readonly changedAtMs: number;
  /** A report says that it is over; a suite or a search has one too. */
  readonly hasReport: boolean;
}

const REPORT_FILES: ReadonlySet<string> = new Set(['report.json', 'index.json']);
/** Hidden, so that nobody takes half a benchmark for a whole one while it is being removed. */
const GOING_PREFIX = '.going-';

/** Newest first; nothing where there is no such root. Directories of others are passed over. */
export async function storedBenchmarks(root: string): Promise<StoredBenchmark[]> {
  const found: StoredBenchmark[] = [];
  for (const name of await readdir(root).catch(() => [])) {
    const benchmarkId = benchmarkOfDirectory(name);
    if (benchmarkId === null) continue;
    const directory = join(root, name);
    if (!(await lstat(directory)).isDirectory()) continue;
    found.push({ benchmarkId, directory, ...(await contentOf(directory)) });
  }
  return found.toSorted((a, b) => b.changedAtMs - a.changedAtMs);
}

/** It is gone as a whole at once; a removal that is killed is ended by the next one. */
export async function removeStored(root: string, { directory }: StoredBenchmark): Promise<void> {
  try {
    await rename(directory, join(root, `${GOING_PREFIX}${randomUUID()}`));
    await removeGoing(root);
  } catch (error) {
    throw storageError(error, directory);
  }
}

/** What an earlier removal, killed in its midst, left behind. */
export async function removeGoing(root: string): Promise<void> {
  const names = await readdir(root).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(GOING_PREFIX))) {
    await rm(join(root, name), { recursive: true, force: true });
  }
}

async function contentOf(
  directory: string,
): Promise<Pick<StoredBenchmark, 'bytes' | 'changedAtMs' | 'hasReport'>> {
  const own = await lstat(directory);
  const names = await readdir(directory, { recursive: true });
  let [bytes, changedAtMs] = [0, own.mtimeMs];
  for (const name of names) {
    // A run under way makes and removes files meanwhile.
    const stats = await lstat(join(directory, name)).catch(() => null);
    if (stats?.isFile() !== true) continue;
    bytes += stats.size;
    changedAtMs = Math.max(changedAtMs, stats.mtimeMs);
  }
  return { bytes, changedAtMs, hasReport: names.some((name) => REPORT_FILES.has(name)) };
}
