// A full disk is found before a run, or in the midst of it, rather than when its result cannot be stored.

import { BenchmarkError } from '../contract/failure.ts';
import type { ActivityDependencies } from './dependencies.ts';

type Disk = Pick<ActivityDependencies, 'store' | 'freeBytes'>;

const MIB = 1024 * 1024;
/** A run with all its raw values and series fits several times. */
const NEEDED_BEFORE_BYTES = 32 * MIB;
/** What the result itself still needs at the end. */
const NEEDED_DURING_BYTES = 16 * MIB;
const LOOK_EVERY_MS = 2_000;

/** Throws BenchmarkError 'disk-full' when a run should not even begin. */
export async function requireSpace(disk: Disk): Promise<void> {
  const error = await shortage(disk, NEEDED_BEFORE_BYTES);
  if (error !== null) throw error;
}

/** Calls `onFull` once when the disk fills up; answers with what ends the watch. */
export function watchSpace(disk: Disk, onFull: (error: BenchmarkError) => void): () => void {
  const timer = setInterval(() => {
    void shortage(disk, NEEDED_DURING_BYTES).then((error) => {
      if (error === null) return;
      clearInterval(timer);
      onFull(error);
    });
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}

/** A disk that cannot be asked is not full; writing will tell. */
async function shortage(
  { store, freeBytes }: Disk,
  neededBytes: number,
): Promise<BenchmarkError | null> {
  const free = await freeBytes(store.root).catch(() => null);
  if (free === null || free >= neededBytes) return null;
  return new BenchmarkError(
    'disk-full',
    `Only ${(free / MIB).toFixed(1)} MiB are free for ${store.root}, a run needs ${neededBytes / MIB} MiB. ` +
      'Free some space there; the run is then measured.',
    { details: { free, neededBytes } },
  );
}
