// What statistics has to say over the valid runs beyond the seed's `aggregate`: each figure with its interval, how it was
// computed, and what to beware of. Intervals are at 95 %. Null: not defined for this sample, never 0.

import type { MetricName, MetricUnit } from './metric.ts';
import type { Stats } from './stats.ts';
import type { Warning } from './warning.ts';

export interface MedianInterval {
  readonly value: number;
  /** Order statistics; null below 6 runs. */
  readonly low: number | null;
  readonly high: number | null;
  /** Exact, at least .95. */
  readonly coverage: number | null;
}

/** Bias-corrected and accelerated bootstrap of the mean over runs. */
export interface BootstrapInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly resamples: number;
  readonly seed: number;
}

export interface OutlierRun {
  readonly run: number;
  readonly value: number;
  /** By Tukey's fences at 1.5 and 3 interquartile ranges, or by a modified z score beyond 3.5 alone. */
  readonly kind: 'mild' | 'severe' | 'modified-z';
}

export interface MetricStatistics {
  readonly metric: MetricName;
  readonly unit: MetricUnit;
  /** Runs that have the figure. */
  readonly n: number;
  /** As the seed's aggregate has them of its metrics. Absent in reports of earlier versions. */
  readonly stats?: Stats;
  readonly median: MedianInterval;
  readonly bootstrap: BootstrapInterval | null;
  readonly variation: {
    readonly cvPct: number;
    /** With the factor 1 + 1/(4n) for small samples. */
    readonly correctedPct: number;
    /** Vangel's interval of the CV. */
    readonly lowPct: number | null;
    readonly highPct: number | null;
  } | null;
  /** Null below 6 runs. */
  readonly independence: {
    readonly lag1: number;
    readonly spearman: number;
    readonly limit: number;
    readonly suspicious: boolean;
  } | null;
  /** Pointed out, never dropped. */
  readonly outliers: readonly OutlierRun[];
  readonly warnings: readonly Warning[];
}

/** Of all ok calls of all valid runs together; its interval from resampled *runs*, since calls of one run hang together. */
export interface PooledPercentile {
  readonly percentile: 'p50' | 'p90' | 'p95' | 'p99' | 'p999' | 'p9999';
  readonly valueUs: number;
  /** Null below 6 runs. */
  readonly lowUs: number | null;
  readonly highUs: number | null;
}

export interface PooledLatency {
  readonly runs: number;
  readonly calls: number;
  readonly resamples: number;
  readonly seed: number;
  readonly percentiles: readonly PooledPercentile[];
}

export interface ErrorRateInterval {
  readonly failed: number;
  readonly calls: number;
  readonly share: number;
  /** Clopper and Pearson: exact if calls fail independently. */
  readonly low: number;
  readonly high: number;
}

/** Does the mean latency vary from run to run, or from second to second within a run? */
export interface VarianceSplit {
  readonly runs: number;
  readonly secondsPerRun: number;
  readonly betweenSdUs: number;
  readonly withinSdUs: number;
  /** Share of the variance between runs; null when nothing varies. */
  readonly icc: number | null;
  readonly pValue: number | null;
  readonly advice: string;
}

export interface Goodput {
  /** As declared before the first run, where a latency was all of it. */
  readonly sloLatencyMs?: number;
  /** Every condition as it was written. Absent in reports of versions that knew the latency alone. */
  readonly slo?: readonly string[];
  /** Ok calls that met all of it, per second, over the runs. */
  readonly rps: Stats;
  /** Of all ok calls. */
  readonly shareWithin: number;
  /** Of all ok calls, in the order of `slo`: which condition costs the most. */
  readonly sharesByCondition?: readonly number[];
}

export interface BenchmarkStatistics {
  readonly confidence: number;
  readonly metrics: readonly MetricStatistics[];
  readonly pooledLatency: PooledLatency | null;
  readonly errorRate: ErrorRateInterval | null;
  readonly variance: VarianceSplit | null;
  readonly goodput: Goodput | null;
}
