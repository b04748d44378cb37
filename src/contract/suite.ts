// A suite: scenarios with their levels as one durable sequence of benchmarks. Plain JSON, small enough for history.

import type { Headline, Scenario, Settings, SuiteMetric } from './scenario.ts';
import type { RegressionFinding } from './history.ts';
import type { ArtifactRef } from './run-result.ts';
import type { ThresholdResult } from './threshold.ts';
import type { OutcomeVerdict } from './warning.ts';

export const SUITE_ORDERS = ['random', 'ascending'] as const;
export type SuiteOrder = (typeof SUITE_ORDERS)[number];

/** What a user asks for; the input of the suite's workflow. */
export interface SuiteRequest {
  /** Standard scenarios by name; `all` is the twelve. */
  readonly scenarios: readonly string[];
  /** From the user's files; measured too. */
  readonly ownScenarios: readonly Scenario[];
  /** Above 0, at most 1: durations and counts are multiplied by it. */
  readonly scale: number;
  readonly runs: number;
  readonly warmupRuns: number;
  readonly order: SuiteOrder;
  readonly seed: number;
  /** Idle time between levels; that between runs is the option `cooldown` among the settings. */
  readonly levelCooldownMs: number;
  /** Of every level, over the scenario's own. */
  readonly settings: Settings;
  /** Base URL of the server's control plane, such as http://127.0.0.1:8080. */
  readonly controlPlane: string | null;
  /** Measure though the server was not seen to do as it was told. */
  readonly trustServer: boolean;
}

export interface PlannedLevel {
  readonly scenario: string;
  readonly level: string;
  readonly factor: string;
  /** Place on the chart's axis, after scaling. */
  readonly value: number;
  readonly series: string | null;
  /** Input of the level's benchmark. */
  readonly settings: Settings;
  readonly estimateMs: number;
}

/** What surrounds the load of a run on a machine: starting target and generator, judging the run. */
export interface RunCost {
  readonly startUpMs: number;
  /** `assumed`: of a machine like others; `measured`: by runs of next to nothing; `learnt`: from a suite. */
  readonly from: 'assumed' | 'measured' | 'learnt';
}

export interface SuitePlan {
  /** Without its own scenarios: they are among `scenarios`. */
  readonly request: SuiteRequest;
  readonly scenarios: readonly Scenario[];
  /** In the order in which they will be measured. */
  readonly levels: readonly PlannedLevel[];
  readonly estimateMs: number;
  /** What the estimate goes by. Absent in plans of earlier versions, and of searches. */
  readonly runCost?: RunCost;
}

/** Two runs bound nothing: Student's t makes of them an interval some ten times as wide as their distance. */
export const MIN_RUNS_OF_INTERVAL = 3;

/** Over the valid runs of a level; null when no run has the figure, bounds null when there are too few runs. */
export interface Figure {
  readonly median: number | null;
  readonly ci95Low: number | null;
  readonly ci95High: number | null;
}

/** `targetMemory` in bytes, latencies in µs, throughput in calls per second, error rate 0 to 1. */
export type LevelFigures = Readonly<Record<SuiteMetric, Figure>>;

/**
 * What a trial says of the rate it was at. `late`: the service level was met, by calls that went out later than they were
 * due, which shows where to look and confirms nothing. `spoilt`: nothing, because the generator did not offer that rate as
 * it should, or the server never settled; such a trial is repeated and never counted as overload.
 */
export interface TrialJudgement {
  readonly verdict: 'met' | 'late' | 'missed' | 'spoilt';
  /** What was seen, or what was wrong; one line. */
  readonly text: string;
}

export interface LevelIdentity {
  readonly scenario: string;
  readonly level: string;
  /** 1-based place in the order of measuring. */
  readonly position: number;
}

export type LevelOutcome =
  | {
      readonly kind: 'measured';
      readonly verdict: OutcomeVerdict;
      readonly reasons: readonly string[];
      readonly figures: LevelFigures;
      readonly runs: number;
      readonly failedRuns: number;
      readonly report: ArtifactRef;
      readonly host: string;
      /** Of a trial of a capacity search only. */
      readonly trial?: TrialJudgement;
      readonly thresholds?: readonly ThresholdResult[];
      /** Absent when the level was not held against its history. */
      readonly regression?: RegressionFinding;
    }
  /** The server was not as it was told to be: nothing was measured. */
  | { readonly kind: 'invalid'; readonly reasons: readonly string[] }
  | { readonly kind: 'failed'; readonly code: string; readonly reason: string }
  /** By a stop rule, by the memory watch, or because the server cannot be set so. */
  | { readonly kind: 'skipped'; readonly reason: string };

export interface LevelResult extends LevelIdentity {
  readonly value: number;
  readonly series: string | null;
  readonly benchmarkId: string;
  readonly startedAtUtc: string;
  readonly tookMs: number;
  readonly outcome: LevelOutcome;
}

export type SuiteStage =
  | { readonly kind: 'planning' }
  | { readonly kind: 'measuring'; readonly benchmarkId: string; readonly position: number }
  | { readonly kind: 'cooling-down' }
  /** Somebody else loads the target; ids of those that come first, the holder first. */
  | {
      readonly kind: 'waiting-for-target';
      readonly address: string;
      readonly behind: readonly string[];
    }
  | { readonly kind: 'paused' }
  | { readonly kind: 'writing-report' }
  | { readonly kind: 'done' };

export interface SuiteProgress {
  readonly stage: SuiteStage;
  readonly levels: number;
  readonly finished: readonly Pick<LevelResult, 'scenario' | 'level' | 'position' | 'outcome'>[];
  readonly estimateMs: number;
  /** Of the levels that are not finished. */
  readonly remainingMs: number;
}

/**
 * `missed`: the service level was missed there. `unmeasured`: no trial there was worth anything, so the capacity may be
 * above. `limit`: nothing above was to be tried.
 */
export interface CapacityBound {
  readonly kind: 'missed' | 'unmeasured' | 'limit';
  readonly ratePerS: number;
}

/** What a search for the highest rate that meets a service level came to. */
export interface CapacityResult {
  /** Null when no rate met the service level. */
  readonly ratePerS: number | null;
  /** By a fresh run at that rate. */
  readonly confirmed: boolean;
  /** The lowest rate above `ratePerS` that did not meet it; null when there is none. */
  readonly bound: CapacityBound | null;
  /** One sentence. */
  readonly text: string;
}

/** The one number of a scenario, and where it was seen. */
export interface HeadlineResult extends Headline {
  readonly scenario: string;
  readonly value: number | null;
  readonly ci95Low: number | null;
  readonly ci95High: number | null;
  /** The levels that it is from: one, or the two of a ratio. */
  readonly levels: readonly string[];
}

/** A level that is worse than its history by more than chance does among all levels of its suite. */
export interface RegressedLevel {
  readonly scenario: string;
  readonly level: string;
  readonly benchmarkId: string;
  readonly seriesId: string | null;
  /** One sentence each; never empty. */
  readonly reasons: readonly string[];
}

/** A suite beside its history, level by level. */
export interface SuiteRegression {
  /** Levels that had a history to be held against. */
  readonly judged: number;
  readonly regressed: readonly RegressedLevel[];
}

/** What the levels come to, all together. */
export interface SuiteJudgement {
  readonly verdict: OutcomeVerdict;
  /** One sentence each; never empty. */
  readonly reasons: readonly string[];
  /** Absent when no level was held against its history. */
  readonly regression?: SuiteRegression;
}

export interface SuiteReport extends SuiteJudgement {
  readonly suiteId: string;
  readonly loombenchVersion: string;
  readonly status: 'completed' | 'cancelled';
  readonly plan: SuitePlan;
  readonly startedAtUtc: string;
  readonly finishedAtUtc: string;
  readonly tookMs: number;
  readonly headlines: readonly HeadlineResult[];
  /** Of a search for a capacity only. */
  readonly capacity?: CapacityResult;
  /** In the order of measuring; a level that was never reached is absent only from a cancelled suite. */
  readonly levels: readonly LevelResult[];
}

/** The suite workflow's result. One that an earlier version ended has no judgement. */
export interface SuiteOutcome extends Partial<SuiteJudgement> {
  readonly suiteId: string;
  readonly status: 'completed' | 'cancelled';
  readonly measured: number;
  /** Not measured because the server was not as asked, or measured with the verdict INVALID. */
  readonly invalid: number;
  readonly failed: number;
  readonly skipped: number;
  readonly headlines: readonly HeadlineResult[];
  /** Of a search for a capacity only. */
  readonly capacity?: CapacityResult;
  readonly host: string;
  /** index.json, index.html and summary.md. */
  readonly files: { readonly json: string; readonly html: string; readonly markdown: string };
}
