// A run whose own target eats up the machine's memory is stopped while the machine can still be worked with: sooner than
// the kernel would begin to swap, or to kill whatever process it likes.

import { BenchmarkError } from '../contract/failure.ts';
import type { ActivityDependencies } from './dependencies.ts';

const MIB = 1024 * 1024;
const LEAST_FREE_SHARE = 0.05;
const LEAST_FREE_BYTES = { atLeast: 64 * MIB, atMost: 512 * MIB };
/** A target that opens sessions as fast as it can takes some 50 MiB a second. */
const LOOK_EVERY_MS = 250;

/**
 * Calls `onShort` once when less is left than the machine needs; answers with what ends the watch. A machine that is short
 * of memory before the run begins is not the run's doing, and is left to it.
 */
export function watchMemory(
  { memory }: Pick<ActivityDependencies, 'memory'>,
  onShort: (error: BenchmarkError) => void,
): () => void {
  const { totalBytes, freeBytes: freeBefore } = memory();
  const neededBytes = neededOf(totalBytes);
  if (freeBefore < neededBytes) return () => undefined;
  const timer = setInterval(() => {
    const { freeBytes } = memory();
    if (freeBytes >= neededBytes) return;
    clearInterval(timer);
    onShort(shortage(freeBytes, { freeBefore, neededBytes }));
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}

function neededOf(totalBytes: number): number {
  const { atLeast, atMost } = LEAST_FREE_BYTES;
  return Math.min(atMost, Math.max(atLeast, LEAST_FREE_SHARE * totalBytes));
}

function shortage(
  freeBytes: number,
  { freeBefore, neededBytes }: { readonly freeBefore: number; readonly neededBytes: number },
): BenchmarkError {
  return new BenchmarkError(
    'memory-low',
    `The run was stopped when ${shown(freeBytes)} of the machine's memory were left, of ${shown(freeBefore)} when it began; ` +
      `${shown(neededBytes)} are kept free. Ask for fewer sessions, or give the machine more memory.`,
    { details: { freeBytes, freeBefore, neededBytes } },
  );
}

function shown(bytes: number): string {
  return `${Math.round(bytes / MIB)} MiB`;
}
