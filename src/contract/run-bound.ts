// How long a run can last by its own plan: what the workflow's timeout and the activity's own watch are derived from.

import type { HarnessConfig } from './config.ts';

const MINUTE_MS = 60_000;
/** Starting the target, connecting, draining, evaluating and storing a run. */
const RUN_MARGIN_MS = 2 * MINUTE_MS;
/** Nothing that is asked for by a number of calls may last longer than a day. */
const MAX_COUNT_MODE_MS = 24 * 60 * MINUTE_MS;
/** Random arrivals of n calls take n / rate on average; twice that is out of reach for any n worth measuring. */
const RANDOM_ARRIVALS_FACTOR = 2;

/** The longest a run can last by its own plan, ms. */
export function runBoundMs(config: HarnessConfig): number {
  const fixed = config.rampUpMs + config.connectTimeoutMs + config.graceMs + RUN_MARGIN_MS;
  return fixed + issuingMs(config) + config.requestTimeoutMs;
}

/** How long calls are issued at most. */
function issuingMs(config: HarnessConfig): number {
  const { arrival, durationMs, totalRequests } = config;
  if (arrival.kind === 'stages') {
    return Math.max(durationMs, sumOf(arrival.stages));
  }
  if (arrival.kind === 'replay') return MAX_COUNT_MODE_MS;
  if (totalRequests === 0) return durationMs;
  const byCount =
    arrival.kind === 'closed'
      ? Math.ceil(totalRequests / config.concurrency) * config.requestTimeoutMs
      : (RANDOM_ARRIVALS_FACTOR * totalRequests * 1000) / arrival.ratePerS;
  return Math.min(Math.ceil(byCount), MAX_COUNT_MODE_MS);
}

function sumOf(stages: readonly { readonly durationMs: number }[]): number {
  return stages.reduce((sum, stage) => sum + stage.durationMs, 0);
}
