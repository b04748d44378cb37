// How long a level will take, before it starts: the load by its own plan, and what surrounds each run. The constants are
// what an embedded target costs on a small machine; durations dominate everything longer than a trial.

import type { BenchmarkConfig } from '../contract/config.ts';

/** Forking target and generator, connecting, judging, storing. */
const RUN_OVERHEAD_MS = 1600;
/** Preparing a benchmark, its statistics and its report. */
const LEVEL_OVERHEAD_MS = 900;
/** What a call costs this machine, generator and embedded target together. */
const CALL_COST_MS = 0.25;
/** Besides the LLM's time, when nothing waits for anything. */
const CALL_OVERHEAD_MS = 0.6;
const DEFAULT_LLM_LIMIT = 5;

export function estimateLevelMs(config: BenchmarkConfig): number {
  const runs = config.runs + config.warmupRuns;
  const coolingMs = Math.max(0, runs - 1) * config.cooldownMs;
  return LEVEL_OVERHEAD_MS + coolingMs + runs * (RUN_OVERHEAD_MS + loadMs(config));
}

function loadMs(config: BenchmarkConfig): number {
  const slowestMs = config.llm.baseLatencyMs + config.llm.jitterMs;
  return config.totalRequests === 0
    ? config.durationMs + slowestMs
    : config.totalRequests / callsPerMs(config);
}

/** Whatever binds first: the workers, the LLM limiter, the lock of the one session, or the machine. */
function callsPerMs(config: BenchmarkConfig): number {
  const llmMs = config.llm.baseLatencyMs + config.llm.jitterMs / 2;
  const limit = config.llmConcurrencyLimit === 0 ? DEFAULT_LLM_LIMIT : config.llmConcurrencyLimit;
  const workers = config.sessionId === '' ? config.concurrency : 1;
  const rates = [workers / (llmMs + CALL_OVERHEAD_MS), 1 / CALL_COST_MS];
  if (llmMs > 0) rates.push(limit / llmMs);
  return Math.min(...rates);
}
