// The registry of standard scenarios: one line each.

import { quick } from './quick.ts';
import type { Scenario } from './scenario.ts';

export type { Scenario };

export const SCENARIOS: readonly Scenario[] = [quick];

export function findScenario(id: string): Scenario | null {
  return SCENARIOS.find((scenario) => scenario.id === id) ?? null;
}
