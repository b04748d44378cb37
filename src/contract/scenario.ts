// What a scenario is: settings of target and load, the levels at which they are tried, and what to make of the results.
// Plain data, so that a user's file, the standard ones and a workflow's input are the same thing.

export type SettingValue = string | number | boolean;

/** Option keys and values as a config file has them: durations are text like '5s'. */
export type Settings = Readonly<Record<string, SettingValue>>;

/** Figures of a level that a headline, a chart or a stop rule may be about. */
export const SUITE_METRICS = [
  'throughput',
  'latencyP50',
  'latencyP90',
  'latencyP99',
  'errorRate',
  'timeToFirstToken',
  'firstCall',
  'targetMemory',
] as const;
export type SuiteMetric = (typeof SUITE_METRICS)[number];

/** Which levels a scenario's one number comes from; `ratio` is the last level's value over the first's. */
export const HEADLINE_PICKS = ['highest', 'lowest', 'first', 'last', 'ratio'] as const;
export type HeadlinePick = (typeof HEADLINE_PICKS)[number];

export interface Headline {
  readonly metric: SuiteMetric;
  readonly pick: HeadlinePick;
}

/** A level is beyond a limit when the median over its runs is. */
export interface LevelLimits {
  readonly latencyP50Ms?: number | undefined;
  readonly latencyP99Ms?: number | undefined;
  /** 0 to 1. */
  readonly errorRate?: number | undefined;
}

/** Read along the ladder of levels: neighbours in value, whatever order they were measured in. */
export type StopRule =
  | { readonly kind: 'beyond'; readonly limits: LevelLimits; readonly inARow: number }
  | { readonly kind: 'declines'; readonly metric: SuiteMetric; readonly inARow: number };

export interface ScenarioLevel {
  /** Unique within the scenario; part of file names and ids. */
  readonly name: string;
  /** Place on the axis of `factor`. */
  readonly value: number;
  /** Levels of one series make one line of a chart; absent: the only one. */
  readonly series?: string | undefined;
  readonly settings: Settings;
}

export interface Scenario {
  /** Of a standard scenario: equal to its file's name. */
  readonly id: string;
  /** One line for a list. */
  readonly title: string;
  /** What it tells, in a sentence or two. */
  readonly purpose: string;
  readonly headline: Headline;
  /** What differs from level to level, such as 'workers'. */
  readonly factor: string;
  /** Of every level. */
  readonly settings: Settings;
  readonly levels: readonly ScenarioLevel[];
  /** Share of the suite's runs that each level gets: `half` is rounded down, to at least 1. */
  readonly runs: 'all' | 'half' | 'one';
  readonly warmupRuns: 'all' | 'half' | 'none';
  readonly stop: StopRule | null;
  /** A server given by address is measured as it is: nothing is asked of it, and nothing is held against it. */
  readonly asStarted?: boolean | undefined;
  /** Levels are dangerous to the machine in rising measure: always measured in rising order, and held against its memory. */
  readonly watchMemory?: boolean | undefined;
}
