// The seed's figures over the runs of one metric.

/** Statistics over the runs (the seed's Stats). Null: not defined for this many runs, never 0. */
export interface Stats {
  readonly median: number | null;
  readonly mean: number | null;
  readonly stddev: number | null;
  readonly ci95_low: number | null;
  readonly ci95_high: number | null;
  readonly cv_pct: number | null;
  readonly min: number | null;
  readonly max: number | null;
}
