// Two or more reports against one baseline: what differs, by how much, and how sure that is.

import type { MetricName, MetricUnit } from './metric.ts';

/** `inconclusive` is never "no difference": the data allow both. */
export const COMPARISON_VERDICTS = [
  'different',
  'equivalent',
  'inconclusive',
  'too-few-runs',
] as const;
export type ComparisonVerdict = (typeof COMPARISON_VERDICTS)[number];

/** Null bounds: too few runs for this confidence. */
export interface Estimate {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

export interface MetricComparison {
  readonly metric: MetricName;
  readonly unit: MetricUnit;
  readonly baseline: { readonly n: number; readonly median: number };
  readonly candidate: { readonly n: number; readonly median: number };
  /** Hodges and Lehmann's, candidate − baseline, in `unit`, at 95 %. */
  readonly shift: Estimate;
  /** Of the geometric means, candidate ÷ baseline, at 95 %; null where a value is not positive. */
  readonly ratio: Estimate | null;
  /** Mann-Whitney, two-sided. */
  readonly pValue: number;
  readonly method: 'exact' | 'asymptotic';
  /** Holm's, over all comparisons of the primary metrics; null where no test could reject. */
  readonly adjustedP: number | null;
  /** Share of pairs in which the candidate's run has the larger value. */
  readonly a12: number;
  readonly verdict: ComparisonVerdict;
  /** Of a difference: which side of it the candidate is on. */
  readonly change: 'better' | 'worse' | null;
  /** Change for the worse by more than the limit that was asked for. */
  readonly regression: boolean;
  /** False where the numbers of runs could not show any difference, however large, among all that is compared. */
  readonly decidable: boolean;
  /** One sentence. */
  readonly note: string;
}

/** A metric that should be compared and is not. */
export interface AbsentMetric {
  readonly metric: MetricName;
  /** Names of the reports without a value of it. */
  readonly lackedBy: readonly string[];
}

export interface ComparedReport {
  readonly name: string;
  readonly benchmarkId: string;
  readonly scenario: string;
  readonly validRuns: number;
}

export interface CandidateComparison {
  readonly candidate: ComparedReport;
  readonly metrics: readonly MetricComparison[];
  /** What only one side has, and what every benchmark should have and neither side does. */
  readonly absent: readonly AbsentMetric[];
  /** Why the two may not be comparable; only with force is there any. */
  readonly objections: readonly string[];
  /** What to bear in mind. */
  readonly caveats: readonly string[];
}

export interface Comparison {
  readonly baseline: ComparedReport;
  readonly candidates: readonly CandidateComparison[];
  readonly level: number;
  /** Changes within ± this share of the baseline count as none. */
  readonly equivalenceMargin: number;
  /** Null: no limit was asked for. */
  readonly regressionLimit: number | null;
  readonly regressed: boolean;
}
