// How latencies were spread, read back from the histograms that a report carries; for charts.

/** Calls with lowUs <= latency < highUs, but for the last bin, which has its upper end too. */
export interface LatencyBin {
  readonly lowUs: number;
  readonly highUs: number;
  readonly count: number;
}

export interface QuantilePoint {
  /** In [0, 1). */
  readonly quantile: number;
  readonly valueUs: number;
}

export interface LatencyDistribution {
  /** Calls. */
  readonly n: number;
  /** Ascending; none that has no call above it. */
  readonly points: readonly QuantilePoint[];
  readonly bins: readonly LatencyBin[];
  /** How the bins are spaced. */
  readonly spacing: 'linear' | 'logarithmic';
}

/** Null where a report has no histogram, or nothing in it. */
export interface LatencyDistributions {
  /** Ok calls of all runs that are not INVALID. */
  readonly pooled: LatencyDistribution | null;
  readonly byRun: readonly {
    readonly runNumber: number;
    readonly distribution: LatencyDistribution | null;
  }[];
}
