// What the standard scenarios have in common, and the length of load that most of them use.

import type { Settings } from '../contract/scenario.ts';

/** LLM limit that never binds. */
const NO_LIMIT = 100_000;

export function target(baseMs: number, jitterMs: number, limit: number = NO_LIMIT): Settings {
  return {
    requestTimeout: '60s',
    llmBaseLatency: `${baseMs}ms`,
    llmJitter: `${jitterMs}ms`,
    llmConcurrencyLimit: limit,
  };
}

/** Half a minute, of which the first 5 s are not counted. */
export const HALF_A_MINUTE: Settings = { duration: '30s', perRunWarmup: '5s' };
