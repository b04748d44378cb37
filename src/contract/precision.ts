// How many runs a benchmark takes when their number follows from the precision that is wanted, and what came of it.

import type { MetricName } from './metric.ts';

/** `stein` decides once, after the pilot; `sequential` after each run, which narrows the interval it looks at. */
export const PRECISION_RULES = ['stein', 'sequential'] as const;
export type PrecisionRule = (typeof PRECISION_RULES)[number];

export interface PrecisionGoal {
  /** Half width of the 95 % interval of the mean over runs, as a share of the mean. */
  readonly target: number;
  readonly metric: MetricName;
  readonly rule: PrecisionRule;
  /** Measured before anything is decided. */
  readonly pilotRuns: number;
  readonly maxRuns: number;
}

export interface PrecisionResult extends PrecisionGoal {
  /** Valid runs with the figure. */
  readonly runs: number;
  /** By the pilot, before the limit of runs; null where it shows no spread to plan by, or for the sequential rule. */
  readonly requiredRuns: number | null;
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Half width ÷ mean. */
  readonly achieved: number | null;
  readonly met: boolean;
  /** One sentence, with the caveat of the sequential rule. */
  readonly note: string;
}
