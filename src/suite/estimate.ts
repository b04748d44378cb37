// How long a level will take, before it starts: the load by its own plan, and what surrounds each run and each level. What
// surrounds a run is mostly the start of processes, which differs most from machine to machine: it is measured, and learnt.

import { resolveConfig } from '../config/resolve.ts';
import type { BenchmarkConfig } from '../contract/config.ts';
import type { LevelResult, PlannedLevel, RunCost } from '../contract/suite.ts';
import { calibrationCalls, crowdForLimit, limitOf } from './target-check.ts';

/** What a run costs a small machine that has little else to do. */
export const ASSUMED_COST: RunCost = { startUpMs: 600, from: 'assumed' };

/** Beyond what `RunCost` holds: asking for the run, storing it, noting it in the history. */
const RUN_IN_HISTORY_MS = 100;
// What else takes time is work of the same kind, and takes as much longer as the start of a run does: on a machine of two
// cores at rest a run took 0.53 s besides its load, a level 0.27 s, a call 0.095 ms; while others computed, twice to thrice that.
/** Beginning a benchmark, its statistics and its report, in runs' costs. */
const LEVEL_IN_RUNS = 0.5;
/** A session with server and worker, planning, the report. */
const SUITE_IN_RUNS = 5;
/** Of generator and embedded target together. */
const CALL_IN_RUNS = 2e-4;
/** Besides the LLM's time, when nothing waits for anything. */
const CALL_OVERHEAD_MS = 0.6;
/** A generator alone, for a server that is there. */
const WITHOUT_TARGET = 0.6;

/** What surrounds the levels of a suite. */
export function estimateFrameMs({ startUpMs }: RunCost): number {
  return SUITE_IN_RUNS * startUpMs;
}

export function estimateLevelMs(config: BenchmarkConfig, cost: RunCost = ASSUMED_COST): number {
  const runs = config.runs + config.warmupRuns;
  const coolingMs = Math.max(0, runs - 1) * config.cooldownMs;
  const eachMs = startUpMs(config, cost);
  return (LEVEL_IN_RUNS + runs) * eachMs + runs * loadMs(config, cost) + coolingMs;
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
const MAX_START_UP_MS = 60_000;

interface TimedLevel {
  readonly config: BenchmarkConfig;
  readonly tookMs: number;
}

/** The cost by which levels on embedded targets would have been estimated rightly; null when there are too few to tell. */
export function costFrom(
  plan: readonly PlannedLevel[],
  results: readonly LevelResult[],
): RunCost | null {
  const timed = results.flatMap((result) => timedLevel(plan, result));
  if (timed.length < MIN_LEVELS) return null;
  const cut = Math.ceil(TRIMMED * timed.length);
  const kept = timed
    .map((level) => ({ level, startUpMs: startUpThatFits([level]) }))
    .sort((a, b) => a.startUpMs - b.startUpMs)
    .slice(cut, timed.length - cut);
  const startUpMs = startUpThatFits(kept.map(({ level }) => level));
  return { startUpMs: Math.round(startUpMs), from: 'learnt' };
}

function timedLevel(plan: readonly PlannedLevel[], result: LevelResult): TimedLevel[] {
  const level = plan.find(
    ({ scenario, level: name }) => scenario === result.scenario && name === result.level,
  );
  const resolved = level === undefined ? null : resolveConfig(level.settings);
  if (result.outcome.kind !== 'measured' || resolved?.kind !== 'ok') return [];
  const { config } = resolved;
  return config.serverAddr === '' ? [{ config, tookMs: result.tookMs }] : [];
}

/** By halving: estimates rise with the cost. */
function startUpThatFits(levels: readonly TimedLevel[]): number {
  const tookMs = levels.reduce((sum, level) => sum + level.tookMs, 0);
  const estimateMs = (startUpMs: number): number =>
    levels.reduce(
      (sum, { config }) => sum + estimateLevelMs(config, { startUpMs, from: 'learnt' }),
      0,
    );
  let [low, high] = [0, MAX_START_UP_MS];
  while (high - low > 0.5) {
    const middle = (low + high) / 2;
    if (estimateMs(middle) < tookMs) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function startUpMs({ serverAddr }: BenchmarkConfig, cost: RunCost): number {
  return RUN_IN_HISTORY_MS + cost.startUpMs * (serverAddr === '' ? 1 : WITHOUT_TARGET);
}

function loadMs(config: BenchmarkConfig, cost: RunCost): number {
  const { arrival, durationMs, totalRequests } = config;
  if (arrival.kind === 'stages') {
    const stagesMs = arrival.stages.reduce((sum, stage) => sum + stage.durationMs, 0);
    return Math.max(durationMs, stagesMs) + slowestLlmMs(config);
  }
  if (totalRequests === 0) return durationMs + slowestLlmMs(config);
  return 'ratePerS' in arrival
    ? (1000 * totalRequests) / arrival.ratePerS + slowestLlmMs(config)
    : totalRequests * msPerCall(config, cost);
}

/** Whatever binds most: the workers, the LLM limiter, the lock of the one session, or the machine. */
function msPerCall(config: BenchmarkConfig, { startUpMs }: RunCost): number {
  const llmMs = meanLlmMs(config);
  const workers = config.sessionId === '' ? config.concurrency : 1;
  return Math.max(
    (llmMs + CALL_OVERHEAD_MS) / workers,
    llmMs / limitOf(config),
    CALL_IN_RUNS * startUpMs,
  );
}

function meanLlmMs({ llm }: BenchmarkConfig): number {
  return llm.baseLatencyMs + llm.jitterMs / 2;
}

function slowestLlmMs({ llm }: BenchmarkConfig): number {
  return llm.baseLatencyMs + llm.jitterMs;
}
