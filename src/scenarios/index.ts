// The registry of standard scenarios: one line each.

import type { Scenario } from '../contract/scenario.ts';
import { coldStart } from './cold_start.ts';
import { concurrencyScaling } from './concurrency_scaling.ts';
import { errorResilience } from './error_resilience.ts';
import { freshVsReused } from './fresh_vs_reused.ts';
import { memoryPressure } from './memory_pressure.ts';
import { multiAgent } from './multi_agent.ts';
import { multiTurn } from './multi_turn.ts';
import { peakThroughput } from './peak_throughput.ts';
import { quick } from './quick.ts';
import { realisticLlm } from './realistic_llm.ts';
import { sessionContention } from './session_contention.ts';
import { streamweave } from './streamweave.ts';
import { sustainedLoad } from './sustained_load.ts';

/** What `suite all` runs: Loom's twelve, in its order. */
export const SUITE_SCENARIOS: readonly Scenario[] = [
  sustainedLoad,
  concurrencyScaling,
  peakThroughput,
  memoryPressure,
  multiTurn,
  realisticLlm,
  freshVsReused,
  sessionContention,
  multiAgent,
  errorResilience,
  streamweave,
  coldStart,
];

export const SCENARIOS: readonly Scenario[] = [quick, ...SUITE_SCENARIOS];

export function findScenario(id: string): Scenario | null {
  return SCENARIOS.find((scenario) => scenario.id === id) ?? null;
}
