// The threads that Node starts beside the main one: V8's for compiling and collecting, libuv's for files and names. Linux
// often wakes them on the processor of the thread that measures, and lets them have it for milliseconds although another one is idle.

import { readdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { constants, getPriority, setPriority } from 'node:os';

/** Above the main thread's. A tenth of its weight: enough to get on with, too little to push in. */
const ADDED_NICENESS = 10;
const THREADS = '/proc/self/task';

/**
 * Puts Node's helper threads behind those that are started later and behind the main one. No privilege is needed for it;
 * where threads have no priorities of their own (anywhere but on Linux) nothing happens. Returns how many heard it.
 */
export async function lowerHelperThreads(): Promise<number> {
  if (process.platform !== 'linux') return 0;
  // The first use of libuv's pool starts its threads.
  await stat(THREADS);
  const niceness = Math.min(constants.priority.PRIORITY_LOW, getPriority() + ADDED_NICENESS);
  return helperThreads().filter((thread) => isLowered(thread, niceness)).length;
}

function helperThreads(): number[] {
  return readdirSync(THREADS)
    .map(Number)
    .filter((thread) => thread !== process.pid);
}

function isLowered(thread: number, niceness: number): boolean {
  try {
    setPriority(thread, niceness);
    return true;
  } catch {
    // It has ended meanwhile, or a policy forbids it: the measurement's own lateness says what comes of that.
    return false;
  }
}
