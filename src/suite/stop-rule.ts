// Whether a level is still worth measuring. Rules are read along the ladder of levels, not in the order of measuring, so
// that a drawn order stops for the same reasons as a rising one: what lies above two saturated neighbours is skipped.

import type { LevelLimits, Scenario, ScenarioLevel, StopRule } from '../contract/scenario.ts';
import type { LevelFigures } from '../contract/suite.ts';

/** A level's figures; null when it was not measured (yet). */
export type FiguresOf = (level: string) => LevelFigures | null;

/** Why the level is to be skipped; null when it is to be measured. */
export function reasonToStop(
  scenario: Scenario,
  level: ScenarioLevel,
  figuresOf: FiguresOf,
): string | null {
  const { stop } = scenario;
  if (stop === null) return null;
  const below = ladderBelow(scenario, level);
  const windowSize = stop.kind === 'beyond' ? stop.inARow : stop.inARow + 1;
  for (let end = windowSize; end <= below.length; end += 1) {
    const neighbours = below.slice(end - windowSize, end);
    const reason = brokenBy(stop, neighbours, figuresOf);
    if (reason !== null) return reason;
  }
  return null;
}

/** Levels of the same series with a smaller value, rising. */
function ladderBelow(scenario: Scenario, level: ScenarioLevel): ScenarioLevel[] {
  return scenario.levels
    .filter(({ series, value }) => series === level.series && value < level.value)
    .sort((a, b) => a.value - b.value);
}

function brokenBy(
  stop: StopRule,
  neighbours: readonly ScenarioLevel[],
  figuresOf: FiguresOf,
): string | null {
  const figures = neighbours.map(({ name }) => figuresOf(name));
  const names = neighbours.map(({ name }) => name).join(', ');
  if (stop.kind === 'beyond') {
    const complaints = figures.map((level) => (level === null ? null : beyond(stop.limits, level)));
    const all = complaints.filter((complaint) => complaint !== null);
    return all.length === neighbours.length ? `${names}: ${all.join('; ')}` : null;
  }
  const medians = figures.map((level) => level?.[stop.metric].median ?? null);
  const declines = medians.every((median, index) => {
    const before = medians[index - 1];
    return median !== null && (index === 0 || (before != null && median < before));
  });
  return declines
    ? `${names}: the median ${stop.metric} declined ${stop.inARow === 1 ? 'once' : `${stop.inARow} times in a row`}`
    : null;
}

/** Null when within every limit. */
function beyond(limits: LevelLimits, figures: LevelFigures): string | null {
  const p50Us = figures.latencyP50.median;
  const p99Us = figures.latencyP99.median;
  const errors = figures.errorRate.median;
  if (isAbove(p50Us, limits.latencyP50Ms, 1000)) return `median p50 ${milliseconds(p50Us)}`;
  if (isAbove(p99Us, limits.latencyP99Ms, 1000)) return `median p99 ${milliseconds(p99Us)}`;
  return isAbove(errors, limits.errorRate, 1) ? `errors ${(100 * errors).toFixed(1)} %` : null;
}

function isAbove(value: number | null, limit: number | undefined, unit: number): value is number {
  return value !== null && limit !== undefined && value > limit * unit;
}

function milliseconds(us: number): string {
  return `${(us / 1000).toFixed(1)} ms`;
}
