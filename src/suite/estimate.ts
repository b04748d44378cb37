// How long a level will take, before it starts: the load by its own plan, and what surrounds each run and each level. What
// surrounds a run is mostly the start of processes, which differs most from machine to machine: it is measured, and learnt.

import { resolveConfig } from '../config/resolve.ts';
import type { BenchmarkConfig } from '../contract/config.ts';
import type { LevelResult, PlannedLevel, RunCost } from '../contract/suite.ts';
import { calibrationCalls, crowdForLimit, limitOf } from './target-check.ts';

/** What a run costs a small machine that does nothing else. */
export const ASSUMED_COST: RunCost = { startUpMs: 900, from: 'assumed' };

/** Beyond what `RunCost` holds: asking for the run, storing it, noting it in the history. */
const RUN_IN_HISTORY_MS = 100;
/** Beginning a benchmark, its statistics and its report: mostly waits for the Temporal server, whatever the machine. */
const LEVEL_OVERHEAD_MS = 750;
/** Planning a suite, waiting for its first task, and its report. */
export const SUITE_OVERHEAD_MS = 3000;
/** What a call costs the machine, generator and embedded target together. */
const CALL_COST_MS = 0.2;
/** Besides the LLM's time, when nothing waits for anything. */
const CALL_OVERHEAD_MS = 0.6;
/** A generator alone, for a server that is there. */
const WITHOUT_TARGET = 0.6;

export function estimateLevelMs(config: BenchmarkConfig, cost: RunCost = ASSUMED_COST): number {
  return LEVEL_OVERHEAD_MS + runsOf(config) * startUpMs(config, cost) + insideMs(config);
}

/** Of a level on a server given by address: the calls that show whether its settings are in force. */
export function estimateCheckMs(config: BenchmarkConfig, cost: RunCost = ASSUMED_COST): number {
  const crowd = crowdForLimit(config);
  const serialMs = calibrationCalls(config) * (meanLlmMs(config) + CALL_OVERHEAD_MS);
  const once = startUpMs(config, cost) - RUN_IN_HISTORY_MS;
  if (crowd === null) return once + serialMs;
  return 2 * once + serialMs + Math.ceil(crowd / limitOf(config)) * slowestLlmMs(config);
}

/** Share of levels at either end that is left out: one may have waited for the host, or for somebody to look at it. */
const TRIMMED = 0.1;
const MIN_LEVELS = 5;

/** What surrounded the runs of levels that were measured on embedded targets; null when there are too few to tell. */
export function costFrom(
  plan: readonly PlannedLevel[],
  results: readonly LevelResult[],
): RunCost | null {
  const seen = results.flatMap((result) => {
    const level = plan.find(
      ({ scenario, level: name }) => scenario === result.scenario && name === result.level,
    );
    const resolved = level === undefined ? null : resolveConfig(level.settings);
    if (result.outcome.kind !== 'measured' || resolved?.kind !== 'ok') return [];
    const { config } = resolved;
    if (config.serverAddr !== '') return [];
    const around = result.tookMs - LEVEL_OVERHEAD_MS - insideMs(config);
    return [around / runsOf(config) - RUN_IN_HISTORY_MS];
  });
  if (seen.length < MIN_LEVELS) return null;
  return { startUpMs: Math.max(0, Math.round(trimmedMean(seen))), from: 'learnt' };
}

function trimmedMean(values: readonly number[]): number {
  const cut = Math.ceil(TRIMMED * values.length);
  const kept = [...values].sort((a, b) => a - b).slice(cut, values.length - cut);
  return kept.reduce((sum, value) => sum + value, 0) / kept.length;
}

function runsOf({ runs, warmupRuns }: BenchmarkConfig): number {
  return runs + warmupRuns;
}

function startUpMs({ serverAddr }: BenchmarkConfig, cost: RunCost): number {
  return RUN_IN_HISTORY_MS + cost.startUpMs * (serverAddr === '' ? 1 : WITHOUT_TARGET);
}

/** Loads, and the pauses between them. */
function insideMs(config: BenchmarkConfig): number {
  const runs = runsOf(config);
  return Math.max(0, runs - 1) * config.cooldownMs + runs * loadMs(config);
}

function loadMs(config: BenchmarkConfig): number {
  const { arrival, durationMs, totalRequests } = config;
  if (arrival.kind === 'stages') {
    const stagesMs = arrival.stages.reduce((sum, stage) => sum + stage.durationMs, 0);
    return Math.max(durationMs, stagesMs) + slowestLlmMs(config);
  }
  if (totalRequests === 0) return durationMs + slowestLlmMs(config);
  return 'ratePerS' in arrival
    ? (1000 * totalRequests) / arrival.ratePerS + slowestLlmMs(config)
    : totalRequests / callsPerMs(config);
}

/** Whatever binds first: the workers, the LLM limiter, the lock of the one session, or the machine. */
function callsPerMs(config: BenchmarkConfig): number {
  const llmMs = meanLlmMs(config);
  const workers = config.sessionId === '' ? config.concurrency : 1;
  const rates = [workers / (llmMs + CALL_OVERHEAD_MS), 1 / CALL_COST_MS];
  if (llmMs > 0) rates.push(limitOf(config) / llmMs);
  return Math.min(...rates);
}

function meanLlmMs({ llm }: BenchmarkConfig): number {
  return llm.baseLatencyMs + llm.jitterMs / 2;
}

function slowestLlmMs({ llm }: BenchmarkConfig): number {
  return llm.baseLatencyMs + llm.jitterMs;
}
