// The order in which levels are measured. Whatever drifts on the machine while a suite runs must not look like an effect
// of the level, so the order is drawn; from a seed, so that it can be drawn again.

import { mulberry32, type RandomSource } from '../statistics/seeded-random.ts';
import type { Scenario, ScenarioLevel } from '../contract/scenario.ts';
import type { SuiteOrder } from '../contract/suite.ts';

export interface OrderedLevel {
  readonly scenario: Scenario;
  readonly level: ScenarioLevel;
}

/** Scenarios stay together: their levels are compared with each other, under the conditions of one stretch of time. */
export function orderedLevels(
  scenarios: readonly Scenario[],
  order: SuiteOrder,
  seed: number,
): OrderedLevel[] {
  const random = mulberry32(seed);
  const shuffle = order === 'random';
  const sequence = shuffle ? shuffled(scenarios, random) : scenarios;
  return sequence.flatMap((scenario) => {
    const levels =
      shuffle && scenario.watchMemory !== true
        ? shuffled(scenario.levels, random)
        : scenario.levels;
    return levels.map((level) => ({ scenario, level }));
  });
}

function shuffled<T>(items: readonly T[], random: RandomSource): T[] {
  return items
    .map((item) => ({ item, draw: random() }))
    .sort((a, b) => a.draw - b.draw)
    .map(({ item }) => item);
}
