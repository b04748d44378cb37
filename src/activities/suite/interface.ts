// What the suite's workflow hands to its activities and gets back. Plain JSON and small.

import type {
  CapacityDecision,
  CapacityPlan,
  CapacityRequest,
  CapacityTrial,
} from '../../contract/capacity.ts';
import type { HostPolicy } from '../../contract/host-policy.ts';
import type { Scenario, Settings } from '../../contract/scenario.ts';
import type { RunKey } from '../../contract/run-plan.ts';
import type { SearchAttributeName } from '../../contract/search-attributes.ts';
import type { RegressionWatch } from '../../contract/regression-watch.ts';
import type {
  HeadlineResult,
  LevelFigures,
  LevelResult,
  PlannedLevel,
  SuiteJudgement,
  SuitePlan,
  SuiteReport,
  TrialJudgement,
} from '../../contract/suite.ts';
import type { ThresholdResult } from '../../contract/threshold.ts';

/** What every sequence of benchmarks is told before it begins. */
interface PreparedSequence {
  /** Those of ours that this server knows. */
  readonly searchAttributes: readonly SearchAttributeName[];
  /** By when it is over or stands still, ms after its start; absent in histories of versions without a deadline. */
  readonly boundMs?: number;
  /** How long a lost host is waited for; absent in histories of versions that waited for ever. */
  readonly hosts?: HostPolicy;
}

export interface PreparedSuite extends PreparedSequence {
  readonly plan: SuitePlan;
  /** Of the suite as a whole; absent in histories of versions that did not watch, and of what has no history. */
  readonly watch?: RegressionWatch;
}

export interface PreparedCapacity extends PreparedSequence {
  readonly plan: CapacityPlan;
}

export interface CapacityQuestion {
  readonly request: CapacityRequest;
  readonly trials: readonly CapacityTrial[];
}

export interface TrialQuestion {
  readonly slo: string;
  readonly runs: readonly RunKey[];
}

/** What a trial of a capacity search showed. */
export interface TrialFindings {
  /** Of an overloaded server too. */
  readonly figures: LevelFigures;
  readonly trial: TrialJudgement;
  readonly thresholds: readonly ThresholdResult[];
}

export interface LevelQuestion {
  readonly scenario: Scenario;
  readonly level: PlannedLevel;
  /** Of that scenario, so far. */
  readonly results: readonly LevelResult[];
}

export type LevelDecision =
  { readonly kind: 'measure' } | { readonly kind: 'skip'; readonly reason: string };

/** Of a level that is measured on a server given by address. */
export interface TargetQuestion {
  readonly suite: Pick<RunKey, 'workflowId' | 'firstExecutionRunId'>;
  readonly settings: Settings;
  readonly controlPlane: string | null;
  readonly trustServer: boolean;
}

export type TargetState =
  | { readonly kind: 'ready' }
  /** It was told, said yes, and is not: "asked 1000 ms, observed 1.2 ms". */
  | { readonly kind: 'invalid'; readonly reasons: readonly string[] }
  /** It cannot be told, and is otherwise. */
  | { readonly kind: 'skip'; readonly reason: string };

/** All that a suite's report says and no file holds. */
export interface SuiteFacts extends Omit<
  SuiteReport,
  'suiteId' | 'loombenchVersion' | 'headlines' | keyof SuiteJudgement
> {
  readonly suite: Pick<RunKey, 'workflowId' | 'firstExecutionRunId'>;
}

/** One that a worker of an earlier version wrote has no judgement. */
export interface WrittenSuiteReport extends Partial<SuiteJudgement> {
  readonly host: string;
  readonly headlines: readonly HeadlineResult[];
  readonly files: { readonly json: string; readonly html: string; readonly markdown: string };
}

export interface SuiteActivities {
  /** Throws ApplicationFailure 'InvalidInput', not retryable, which names every problem of `raw`. */
  readonly planSuite: (raw: unknown) => Promise<PreparedSuite>;
  /** Throws as planSuite does. */
  readonly planCapacity: (raw: unknown) => Promise<PreparedCapacity>;
  readonly nextCapacityTrial: (question: CapacityQuestion) => Promise<CapacityDecision>;
  /** On the host that measured it. */
  readonly readCapacityTrial: (question: TrialQuestion) => Promise<TrialFindings>;
  /** By the scenario's stop rule and the memory of the host that is asked. */
  readonly decideLevel: (question: LevelQuestion) => Promise<LevelDecision>;
  /** Sets the server and checks by a few calls that it does as it was told. */
  readonly prepareTarget: (question: TargetQuestion) => Promise<TargetState>;
  /** On the host that measured them. */
  readonly readLevelFigures: (runs: readonly RunKey[]) => Promise<LevelFigures>;
  readonly writeSuiteReport: (facts: SuiteFacts) => Promise<WrittenSuiteReport>;
}
