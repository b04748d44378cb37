// How long a run can last by its own plan: what the workflow's timeout and the activity's own watch are derived from.

import type { BenchmarkConfig, HarnessConfig } from './config.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How long a benchmark may rest in all: without a worker, behind another benchmark, on a full disk. */
const REST_MS = 7 * DAY_MS;
/** An outer wall for the server itself, for workflows that nobody can move on. */
const SERVER_MARGIN_MS = 90 * DAY_MS;
/** Starting the target, connecting, draining, evaluating and storing a run. */
const RUN_MARGIN_MS = 2 * MINUTE_MS;
/** Nothing that is asked for by a number of calls may last longer than a day. */
const MAX_COUNT_MODE_MS = DAY_MS;
/** Random arrivals of n calls take n / rate on average; twice that is out of reach for any n worth measuring. */
const RANDOM_ARRIVALS_FACTOR = 2;

/** The longest a run can last by its own plan, ms. */
export function runBoundMs(config: HarnessConfig): number {
  const fixed = config.rampUpMs + config.connectTimeoutMs + config.graceMs + RUN_MARGIN_MS;
  return fixed + issuingMs(config) + config.requestTimeoutMs;
}

/** The longest that a number of runs can last, ms. */
export function runsBoundMs(config: BenchmarkConfig, runs: number): number {
  return runs * (runBoundMs(config) + config.cooldownMs);
}

/** By when a benchmark is given up, ms after its start; the time that it is paused is not counted. */
export function benchmarkBoundMs(config: BenchmarkConfig): number {
  return REST_MS + runsBoundMs(config, config.warmupRuns + config.runs);
}

/** The same of benchmarks one after the other, with pauses of `betweenMs`. */
export function sequenceBoundMs(configs: readonly BenchmarkConfig[], betweenMs: number): number {
  const each = configs.map((config) => runsBoundMs(config, config.warmupRuns + config.runs));
  return REST_MS + each.reduce((sum, boundMs) => sum + boundMs + betweenMs, 0);
}

/** When the server itself ends a workflow: later than the workflow would, whatever it was extended by. */
export function executionTimeoutMs(boundMs: number): number {
  return boundMs + SERVER_MARGIN_MS;
}

/** The same of what a schedule starts: later than the workflow would, but it must not hold up its schedule for months. */
export function firingTimeoutMs(boundMs: number): number {
  return boundMs + DAY_MS;
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
