// The one number that a scenario is about, from the levels that were measured and hold.

import type { Scenario } from '../contract/scenario.ts';
import { trialValue } from './capacity-plan.ts';
import { CAPACITY_SCENARIO } from '../contract/capacity.ts';
import type { CapacityResult, Figure, HeadlineResult, LevelResult } from '../contract/suite.ts';

interface Candidate {
  readonly level: string;
  readonly figure: Figure;
  readonly median: number;
}

export function headlineOf(scenario: Scenario, results: readonly LevelResult[]): HeadlineResult {
  const { headline } = scenario;
  const candidates = candidatesOf(scenario, results);
  const first = candidates[0];
  const last = candidates.at(-1);
  const head = { ...headline, scenario: scenario.id };
  if (first === undefined || last === undefined) {
    return { ...head, value: null, ci95Low: null, ci95High: null, levels: [] };
  }
  if (headline.pick === 'ratio') {
    const value = first === last || first.median === 0 ? null : last.median / first.median;
    return { ...head, value, ci95Low: null, ci95High: null, levels: [last.level, first.level] };
  }
  const picked = pick(candidates, headline.pick) ?? last;
  const { ci95Low, ci95High } = picked.figure;
  return { ...head, value: picked.median, ci95Low, ci95High, levels: [picked.level] };
}

/** The rate found, and the latest trial at it: where it was confirmed, the one that did. */
export function capacityHeadline(
  { ratePerS }: CapacityResult,
  results: readonly LevelResult[],
): HeadlineResult {
  const last = results.findLast(({ value }) => ratePerS !== null && value === trialValue(ratePerS));
  return {
    scenario: CAPACITY_SCENARIO,
    metric: 'throughput',
    pick: 'highest',
    value: ratePerS,
    ci95Low: null,
    ci95High: null,
    levels: last === undefined ? [] : [last.level],
  };
}

/** In the scenario's own order, whatever order they were measured in. */
function candidatesOf(scenario: Scenario, results: readonly LevelResult[]): Candidate[] {
  return scenario.levels.flatMap(({ name }) => {
    const outcome = results.find(
      (result) => result.scenario === scenario.id && result.level === name,
    )?.outcome;
    if (outcome?.kind !== 'measured' || outcome.verdict === 'INVALID') return [];
    const figure = outcome.figures[scenario.headline.metric];
    return figure.median === null ? [] : [{ level: name, figure, median: figure.median }];
  });
}

function pick(
  candidates: readonly Candidate[],
  how: 'highest' | 'lowest' | 'first' | 'last',
): Candidate | undefined {
  switch (how) {
    case 'first':
      return candidates[0];
    case 'last':
      return candidates.at(-1);
    case 'highest':
      return best(candidates, (a, b) => a > b);
    case 'lowest':
      return best(candidates, (a, b) => a < b);
  }
}

function best(
  candidates: readonly Candidate[],
  isBetter: (a: number, b: number) => boolean,
): Candidate | undefined {
  return candidates.reduce<Candidate | undefined>(
    (found, next) => (found === undefined || isBetter(next.median, found.median) ? next : found),
    undefined,
  );
}
