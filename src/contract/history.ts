// Results of the same experiment over time: what is known of each, what became of the series, and what people have said
// about it (a baseline, an acknowledged change).

import type { Verdict } from './warning.ts';

/** What a series is watched by. `better` says which way is good. */
export const HISTORY_METRICS = {
  throughputRps: { name: 'throughput', better: 'higher', scale: 'ratio' },
  latencyP50Us: { name: 'latency p50', better: 'lower', scale: 'ratio' },
  latencyP95Us: { name: 'latency p95', better: 'lower', scale: 'ratio' },
  latencyP99Us: { name: 'latency p99', better: 'lower', scale: 'ratio' },
  errorRate: { name: 'error rate', better: 'lower', scale: 'difference' },
} as const;
export type HistoryMetric = keyof typeof HISTORY_METRICS;

/** A level is two results at least; a change has one on each side. */
export const MIN_RESULTS_OF_LEVEL = 2;
/** A difference that chance makes more often is none. */
export const REGRESSION_MAX_P = 0.001;

/** One report as history sees it. */
export interface HistoryEntry {
  /** Absolute path of the report. */
  readonly path: string;
  readonly benchmarkId: string;
  readonly scenario: string;
  readonly configHash: string;
  /** Of that in the configuration which shapes what is measured. */
  readonly measurementHash: string;
  readonly target: string;
  readonly startedAtUtc: string;
  readonly status: 'completed' | 'cancelled' | 'interrupted';
  readonly verdict: Verdict;
  /** The machine in one line; results of two machines are two series. */
  readonly hardware: string;
  readonly hostname: string;
  /** "" when not known. */
  readonly commit: string;
  /** Of the server under test; "" when it does not say. */
  readonly serverVersion: string;
  readonly loombenchVersion: string;
  /** Medians over the runs; null when a result has none. */
  readonly values: Readonly<Record<HistoryMetric, number | null>>;
  /** Of its runs that are not INVALID, in their order. */
  readonly runs: Readonly<Record<HistoryMetric, readonly number[]>>;
}

/** A file that looked like a report and is none. */
export interface UnreadableReport {
  readonly path: string;
  readonly reason: string;
}

/** Results that may be compared: the same scenario and settings on the same hardware, oldest first. */
export interface HistorySeries {
  /** Short and stable: made of scenario, hardware and what shapes the measurement. */
  readonly seriesId: string;
  /** Under which its parts were known to earlier versions, and are in what people said then. */
  readonly formerSeriesIds: readonly string[];
  readonly scenario: string;
  /** Of the newest result; the others may differ in what only repeats or judges. */
  readonly configHash: string;
  readonly target: string;
  readonly hardware: string;
  /** Completed and not INVALID. */
  readonly entries: readonly HistoryEntry[];
  readonly invalid: readonly HistoryEntry[];
  /** Cancelled or interrupted: a part of a benchmark is no result of it. */
  readonly partial: readonly HistoryEntry[];
}

export interface History {
  readonly directory: string;
  readonly series: readonly HistorySeries[];
  readonly unreadable: readonly UnreadableReport[];
  /** Files that repeat a report which was read already. */
  readonly copies: number;
}

export interface Acknowledgement {
  readonly seriesId: string;
  readonly metric: HistoryMetric;
  /** The first result after the change. */
  readonly benchmarkId: string;
  readonly note: string;
  readonly atUtc: string;
}

export interface Baseline {
  readonly seriesId: string;
  readonly benchmarkId: string;
  readonly atUtc: string;
}

/** How far a level moved. */
export interface LevelChange {
  readonly before: number;
  readonly after: number;
  /** after / before − 1 for what scales, null when that level was 0; after − before for the error rate. */
  readonly magnitude: number | null;
  /** Why there is none; absent where there is one. */
  readonly magnitudeAbsence?: string;
  /** 95 % interval of the magnitude; null where there is no scale to judge by. */
  readonly low: number | null;
  readonly high: number | null;
  readonly p: number;
}

export interface HistoryChange extends LevelChange {
  readonly metric: HistoryMetric;
  readonly direction: 'better' | 'worse';
  readonly lastBefore: HistoryEntry;
  readonly firstAfter: HistoryEntry;
  /** Position of firstAfter in the series' entries. */
  readonly index: number;
  readonly acknowledged: Acknowledgement | null;
}

export interface HistoryTrend {
  readonly series: HistorySeries;
  readonly changes: readonly HistoryChange[];
  readonly baseline: Baseline | null;
  /** What one must know to read it: results without a figure, several hosts, other versions. */
  readonly notes: readonly string[];
}

/** What a new result means beside those before it. */
export interface RegressionFinding {
  readonly kind: 'regressed' | 'steady' | 'not-judged';
  /** Null when there is nothing to compare with. */
  readonly against: 'baseline' | 'series' | null;
  /** Null when the result is in no series. */
  readonly seriesId: string | null;
  /** Earlier results that it was compared with. */
  readonly results: number;
  /** One sentence each; never empty. */
  readonly reasons: readonly string[];
  readonly regressions: readonly MetricRegression[];
}

export interface MetricRegression extends LevelChange {
  readonly metric: HistoryMetric;
  /** The first result that is worse, and the last one before it. */
  readonly firstBenchmarkId: string;
  readonly lastGoodBenchmarkId: string;
  readonly commitBefore: string;
  readonly commitAfter: string;
}
