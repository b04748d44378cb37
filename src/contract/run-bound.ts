// How long a run can last by its own plan: what the workflow's timeout and the activity's own watch are derived from.

import type { HarnessConfig } from './config.ts';

const MINUTE_MS = 60_000;
/** Starting the target, connecting, draining, evaluating and storing a run. */
const RUN_MARGIN_MS = 2 * MINUTE_MS;
/** A count-mode run lasts as long as its calls: at most each at its deadline, over `concurrency` callers. */
const MAX_COUNT_MODE_MS = 24 * 60 * MINUTE_MS;

/** The longest a run can last by its own plan, ms. */
export function runBoundMs(config: HarnessConfig): number {
  const fixed = config.rampUpMs + config.connectTimeoutMs + config.graceMs + RUN_MARGIN_MS;
  if (config.totalRequests === 0) return fixed + config.durationMs + config.requestTimeoutMs;
  const rounds = Math.ceil(config.totalRequests / config.concurrency);
  return fixed + Math.min(rounds * config.requestTimeoutMs, MAX_COUNT_MODE_MS);
}
