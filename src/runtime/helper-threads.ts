// The threads that Node starts beside the main one: V8's for compiling and collecting, libuv's for files and names. Linux
// often wakes them on the processor of the thread that measures, and lets them have it for milliseconds although another one is idle.

import { readdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';

/** A sixty-eighth of the weight of a thread that was left alone: with a tenth (niceness 10) they still pushed in at times. */
const { PRIORITY_LOW } = constants.priority;
const THREADS = '/proc/self/task';

/**
 * Puts Node's helper threads behind those that are started later and behind the main one. No privilege is needed for it;
 * where threads have no priorities of their own (anywhere but on Linux) nothing happens. Returns how many heard it.
 */
export async function lowerHelperThreads(): Promise<number> {
  if (process.platform !== 'linux') return 0;
  // The first use of libuv's pool starts its threads.
  await stat(THREADS);
  return helperThreads().filter(isLowered).length;
}

function helperThreads(): number[] {
  return readdirSync(THREADS)
    .map(Number)
    .filter((thread) => thread !== process.pid);
}

function isLowered(thread: number): boolean {
  try {
    setPriority(thread, PRIORITY_LOW);
    return true;
  } catch {
    // It has ended meanwhile, or a policy forbids it: the measurement's own lateness says what comes of that.
    return false;
  }
}
