// Levels that differ in one option: the ladder that most scenarios climb.

import type { ScenarioLevel, Settings } from '../contract/scenario.ts';

export interface Ladder {
  readonly values: readonly number[];
  /** Name of a level: a letter or word after its value. */
  readonly unit: string;
  readonly settings: (value: number) => Settings;
}

export function ladder({ values, unit, settings }: Ladder): ScenarioLevel[] {
  return values.map((value) => ({
    name: `${value}-${unit}`,
    value,
    settings: settings(value),
  }));
}

/** 1, 2, 4 … as far as `last`. */
export function doubling(first: number, last: number): number[] {
  const values: number[] = [];
  for (let value = first; value <= last; value *= 2) values.push(value);
  return values;
}
