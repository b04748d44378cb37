// Waiting on a condition instead of sleeping.

import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 50;

/** The first value that is not null; rejects with what was waited for when there is none in time. */
export async function waitUntil<T>(
  what: string,
  look: () => T | null | Promise<T | null>,
  timeoutMs: number,
): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (performance.now() > deadlineMs) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await delay(POLL_MS);
  }
}
