// What a benchmark must reach to count as passed, said before it is measured, and what came of it.

import type { MetricName, MetricUnit } from './metric.ts';

export const COMPARISONS = ['<', '<=', '>', '>='] as const;
export type Comparison = (typeof COMPARISONS)[number];

export interface Threshold {
  readonly metric: MetricName;
  readonly comparison: Comparison;
  /** In `unit`: microseconds for times, 0…1 for shares. */
  readonly limit: number;
  readonly unit: MetricUnit;
  /** As the user wrote it. */
  readonly text: string;
}

/** What `failOnRateMiss` stands for. */
export const RATE_KEPT = 'sent_share>=99%';

export interface ThresholdResult extends Threshold {
  /** Null when no run has the figure; the threshold then counts as missed. */
  readonly observed: number | null;
  readonly status: 'pass' | 'fail' | 'no-data';
  /** Whether it was met, for scripts: `status` is 'pass'. Absent in reports of earlier versions. */
  readonly ok?: boolean;
  /** One sentence for a person. */
  readonly message: string;
}
