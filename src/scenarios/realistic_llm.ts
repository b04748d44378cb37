// LLM latencies of real models, by hundreds of workers: the server should add next to nothing.

import type { Scenario, ScenarioLevel } from '../contract/scenario.ts';
import { HALF_A_MINUTE, target } from './base.ts';

const LLM_MS = [100, 500, 1000];
const WORKERS = [10, 50, 100, 200, 500, 1000];
/** Jitter as a share of the base latency. */
const JITTER_SHARE = 0.2;

function level(llmMs: number, concurrency: number): ScenarioLevel {
  return {
    name: `${llmMs}ms-${concurrency}-workers`,
    value: concurrency,
    series: `LLM ${llmMs} ms`,
    settings: { ...target(llmMs, llmMs * JITTER_SHARE), concurrency },
  };
}

export const realisticLlm: Scenario = {
  id: 'realistic_llm',
  title: 'LLM of 100, 500 and 1000 ms, each with 10 to 1000 workers',
  purpose: 'What the server adds to the latency of a real model, and how many callers it can hold.',
  headline: { metric: 'throughput', pick: 'highest' },
  factor: 'workers',
  settings: HALF_A_MINUTE,
  levels: LLM_MS.flatMap((llmMs) => WORKERS.map((workers) => level(llmMs, workers))),
  runs: 'half',
  warmupRuns: 'none',
  stop: null,
};
