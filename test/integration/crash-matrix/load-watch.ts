// Looks from outside, all the time, how many generators offer load at once.

import { setTimeout as delay } from 'node:timers/promises';
import type { Scene } from './scene.ts';

const LOOK_EVERY_MS = 250;

export interface LoadWatch {
  /** The most generators that were ever seen alive together. */
  stop(): Promise<number>;
}

export function watchLoads(scene: Scene): LoadWatch {
  const over = new AbortController();
  let most = 0;
  const watching = (async () => {
    while (!over.signal.aborted) {
      const all = scene.processes();
      const generators = all.filter(({ commandLine }) => commandLine.includes('generator-main'));
      most = Math.max(most, generators.length);
      await delay(LOOK_EVERY_MS, undefined, { signal: over.signal }).catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      over.abort();
      await watching;
      return most;
    },
  };
}
