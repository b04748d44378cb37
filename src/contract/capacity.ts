// A search for the highest rate that meets a service level: what is asked, what each trial is, and what came of it.

import type {
  CapacityResult,
  PlannedLevel,
  SuitePlan,
  SuiteRequest,
  TrialJudgement,
} from './suite.ts';

export const CAPACITY_SCENARIO = 'capacity';

/** Options of a benchmark that the search decides itself. */
export const DECIDED_BY_SEARCH: readonly string[] = [
  'rate',
  'stages',
  'replay',
  'duration',
  'totalRequests',
  'perRunWarmup',
  'threshold',
  // No two searches try the same rates, so that a trial has no history.
  'regression',
  'regressionThreshold',
  'failOnRegression',
  'notify',
  'notifyWebhook',
];

export interface CapacityRequest extends Pick<
  SuiteRequest,
  'seed' | 'settings' | 'controlPlane' | 'trustServer'
> {
  /** Thresholds as in the option `threshold`, with commas between them. */
  readonly slo: string;
  readonly startRatePerS: number;
  readonly maxRatePerS: number;
  /** The search ends when met and missed rates are that close: 0.05 is 5 %. */
  readonly tolerance: number;
  readonly maxTrials: number;
  /** Null: as long as the service level's percentiles need at the trial's rate. */
  readonly trialDurationMs: number | null;
  /** Idle time before a trial that repeats a spoilt one; doubled for each further one, to a minute at most. */
  readonly repeatPauseMs: number;
}

/** `bracket` doubles or halves, `bisect` closes the gap, `confirm` tries a rate that was met once more. */
export type CapacityPurpose = 'bracket' | 'bisect' | 'confirm';

export interface CapacityTrial extends TrialJudgement {
  /** Offered, calls per second. */
  readonly ratePerS: number;
  readonly purpose: CapacityPurpose;
}

export type CapacityDecision =
  | {
      readonly kind: 'try';
      readonly ratePerS: number;
      readonly purpose: CapacityPurpose;
      readonly level: PlannedLevel;
      /** Idle time before it, so that what spoilt the last trial may be over; absent: none. */
      readonly pauseMs?: number;
    }
  | { readonly kind: 'over'; readonly result: CapacityResult };

export interface CapacityPlan {
  readonly request: CapacityRequest;
  /** Of one scenario that has no levels yet. */
  readonly suite: SuitePlan;
}
