// Stops a scenario that piles up memory before the machine is in trouble: what the target needed at the levels below
// tells what the next one will need.

import type { Scenario } from '../contract/scenario.ts';
import type { PlannedLevel } from '../contract/suite.ts';

export interface KnownMemory {
  readonly seen: readonly SeenMemory[];
  readonly freeBytes: number;
  /** Values of levels whose runs were stopped because they ate up the machine's memory. */
  readonly ranOut: readonly number[];
}

export interface SeenMemory {
  readonly value: number;
  readonly bytes: number;
}

/** Of what is free now: the rest is for the generator, the server and everybody else. */
const MAX_SHARE = 0.6;

/** Why the level must not be tried; null when the machine can bear it, or nothing is known yet. */
export function reasonOfMemory(
  scenario: Scenario,
  level: PlannedLevel,
  known: KnownMemory,
): string | null {
  if (scenario.watchMemory !== true) return null;
  const ranOut = known.ranOut.find((value) => value <= level.value);
  if (ranOut !== undefined) {
    return `${ranOut} ${level.factor} already took more memory than the machine could spare`;
  }
  const needed = expectedBytes(level.value, known.seen);
  if (needed === null || needed <= MAX_SHARE * known.freeBytes) return null;
  return (
    `the target would need about ${mebibytes(needed)} for ${level.value} ${level.factor}, ` +
    `more than ${MAX_SHARE * 100} % of the ${mebibytes(known.freeBytes)} that are free`
  );
}

/** Along the line through the two highest levels seen; through the only one and 0 when there is but one. */
function expectedBytes(value: number, seen: readonly SeenMemory[]): number | null {
  const [highest, second] = [...seen].sort((a, b) => b.value - a.value);
  if (highest === undefined || value <= highest.value) return null;
  if (second === undefined || second.value === highest.value) {
    return (highest.bytes * value) / Math.max(1, highest.value);
  }
  const slope = (highest.bytes - second.bytes) / (highest.value - second.value);
  return highest.bytes + Math.max(0, slope) * (value - highest.value);
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
