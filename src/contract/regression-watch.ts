// What a benchmark does about its own history: what it compares itself with, and whom it tells.

export const WATCH_AGAINST = ['auto', 'off', 'series', 'baseline'] as const;

export interface RegressionWatch {
  /** `auto`: the baseline where one is set, else the series; only of a scheduled benchmark, or with failOnRegression. */
  readonly against: (typeof WATCH_AGAINST)[number];
  readonly failOnRegression: boolean;
  /** Smaller changes do not matter; in percent. */
  readonly thresholdPct: number;
  /** A program and its arguments, separated by blanks; no shell sees it. "" for none. */
  readonly notifyCommand: string;
  /** "" for none. */
  readonly notifyWebhook: string;
}

export const DEFAULT_WATCH: RegressionWatch = {
  against: 'auto',
  failOnRegression: false,
  thresholdPct: 3,
  notifyCommand: '',
  notifyWebhook: '',
};

/** Type of the workflow's failure, for scripts and for pause-on-failure. */
export const REGRESSED_CODE = 'regressed';
