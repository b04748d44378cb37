// The gates that a single run can be put through, in the order of docs/METHOD.md.

import type { GateResult } from '../../contract/warning.ts';
import { arrivalLawGate } from './arrival-gate.ts';
import type { Gate, GateFacts } from './gate-facts.ts';
import { clockGate, memoryGate, saturationGate, sendLatenessGate } from './generator-gates.ts';
import { littlesLawGate, physicsGate, reconciliationGate, thinkTimeGate } from './law-gates.ts';
import { identityGate, nullFloorGate, settingsGate } from './setup-gates.ts';
import { drainGate, errorGate, windowGate } from './sample-gates.ts';

const RUN_GATES: readonly Gate[] = [
  sendLatenessGate,
  saturationGate,
  arrivalLawGate,
  thinkTimeGate,
  littlesLawGate,
  physicsGate,
  reconciliationGate,
  settingsGate,
  drainGate,
  windowGate,
  clockGate,
  identityGate,
  errorGate,
  nullFloorGate,
  memoryGate,
];

export function runGates(facts: GateFacts): GateResult[] {
  return RUN_GATES.map((gate) => gate(facts));
}
