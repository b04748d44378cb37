// Was a run one steady state? And how sure are its percentiles, given that its calls depend on each other?

/** How the level of the latency changed over the window (classes of Barrett et al.). */
export const LEVEL_SHAPES = ['flat', 'warm-up', 'slowdown', 'no-steady-state'] as const;
export type LevelShape = (typeof LEVEL_SHAPES)[number];

/** Over the mean latency of ok calls in each whole second of the window. Null where the window is too short for a check. */
export interface Steadiness {
  /** Seconds that were looked at. */
  readonly seconds: number;
  readonly trend: {
    /** From one end of the window to the other by the fitted line, in % of the mean; positive: it got slower. */
    readonly driftPct: number;
    readonly pValue: number;
  } | null;
  /** MSER-5 over the whole load, the trimmed warm-up included. */
  readonly warmup: {
    /** Counted from the load's start. */
    readonly steadyFromSecond: number;
    /** The series never settled. */
    readonly atLimit: boolean;
    /** What cutting there instead would change the mean by, in %. */
    readonly shiftPct: number;
  } | null;
  readonly levels: {
    readonly shape: LevelShape;
    /** Counted from the load's start. */
    readonly changesAtSecond: readonly number[];
    /** Share of the window that belongs to its last level. */
    readonly steadyShare: number;
  } | null;
  /** Null too when the latency did not vary. */
  readonly dependence: {
    readonly lag1: number;
    readonly ljungBoxP: number;
    /** Seconds worth one independent second. */
    readonly tau: number;
  } | null;
}

/** 95 % interval of a percentile within one run, from order statistics of as many calls as it is worth. */
export interface PercentileInterval {
  readonly percentile: 'p50' | 'p90' | 'p95' | 'p99' | 'p999';
  /** Null: no order statistic bounds it with this confidence. */
  readonly lowUs: number | null;
  readonly highUs: number | null;
  /**
   * At 99 % the percentile is no larger (MLPerf's early stopping); null: too few calls for such a bound. Absent in runs of
   * earlier versions.
   */
  readonly atMostUs?: number | null;
  readonly n: number;
  /** Calls worth one independent call, for this percentile. */
  readonly tau: number;
  readonly effectiveN: number;
}
