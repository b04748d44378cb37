// Whether a new result is worse than what came before it. Against a baseline: the runs of the two. Against the series:
// the new result beside those of the level before it, and the change points of the whole, for a small step shows only
// after some results. What is worse stays so until it is acknowledged, or becomes the baseline.

import {
  HISTORY_METRICS,
  REGRESSION_MAX_P,
  type HistoryChange,
  type HistoryEntry,
  type HistoryMetric,
  type HistorySeries,
  type HistoryTrend,
  type LevelChange,
  type MetricRegression,
  type RegressionFinding,
} from '../contract/history.ts';
import { shortCommit, signedText } from '../report/change-text.ts';
import { departureOf } from '../statistics/prediction.ts';
import { welchLogRatio, welchT } from '../statistics/welch.ts';
import { baselineOf, isNamed } from './series-id.ts';
import { isWorse, metricNames, minMagnitudeOf, trendOf, type Remarks } from './trend.ts';

/** The scatter of fewer is a guess. */
const MIN_RESULTS = 3;
/** Runs of each of two results; below it no test can tell them apart at this level. */
const MIN_RUNS = 4;

export interface JudgeRules {
  readonly against: 'auto' | 'baseline' | 'series';
  /** Smaller ones do not matter. Relative, such as 0.03. */
  readonly minMagnitude: number;
}

/** `benchmarkId` is the newest result of the series. */
export function judgeResult(
  series: HistorySeries,
  remarks: Remarks,
  judged: { readonly benchmarkId: string; readonly rules: JudgeRules },
): RegressionFinding {
  const { benchmarkId, rules } = judged;
  const position = series.entries.findLastIndex((entry) => entry.benchmarkId === benchmarkId);
  const subject = series.entries[position];
  if (subject === undefined)
    return notJudged(series, 'The result itself is INVALID or incomplete.');
  const upTo: HistorySeries = { ...series, entries: series.entries.slice(0, position + 1) };
  const baseline = baselineOf(series, remarks.baselines);
  if (rules.against === 'series') return againstSeries(upTo, remarks, subject, rules);
  if (baseline !== null) {
    const reference = series.entries.findLast((one) => one.benchmarkId === baseline.benchmarkId);
    if (reference === subject) return notJudged(series, `${benchmarkId} is the baseline itself.`);
    if (reference !== undefined) return againstBaseline(series, reference, subject, rules);
    return notJudged(
      series,
      `The baseline ${baseline.benchmarkId} is no longer among the results.`,
    );
  }
  if (rules.against === 'auto') return againstSeries(upTo, remarks, subject, rules);
  return notJudged(series, 'No baseline is set for this series: loombench baseline set BENCHMARK.');
}

function againstBaseline(
  series: HistorySeries,
  reference: HistoryEntry,
  subject: HistoryEntry,
  rules: JudgeRules,
): RegressionFinding {
  const runs = Math.min(reference.runs.throughputRps.length, subject.runs.throughputRps.length);
  if (runs < MIN_RUNS) {
    return notJudged(
      series,
      `A baseline is compared from ${MIN_RUNS} runs on; here one side has ${runs}.`,
    );
  }
  const regressions = metricNames().flatMap((metric) => {
    const found = runsDiffer(metric, reference.runs[metric], subject.runs[metric]);
    return found === null ? [] : worseOnly(metric, rules, found, [reference, subject]);
  });
  return finding(series, { against: 'baseline', results: 1, regressions });
}

function runsDiffer(
  metric: HistoryMetric,
  before: readonly number[],
  after: readonly number[],
): LevelChange | null {
  const means = { before: meanOf(before), after: meanOf(after) };
  if (HISTORY_METRICS[metric].scale === 'ratio') {
    const ratio = welchLogRatio(after, before);
    if (ratio === null) return null;
    return {
      ...means,
      magnitude: ratio.ratio - 1,
      low: ratio.low === null ? null : ratio.low - 1,
      high: ratio.high === null ? null : ratio.high - 1,
      p: ratio.p ?? 0,
    };
  }
  const welch = welchT(after, before);
  if (welch === null) return null;
  return { ...means, magnitude: welch.diff, low: welch.ciLow, high: welch.ciHigh, p: welch.p ?? 0 };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function againstSeries(
  series: HistorySeries,
  remarks: Remarks,
  subject: HistoryEntry,
  rules: JudgeRules,
): RegressionFinding {
  const earlier = series.entries.slice(0, -1);
  if (earlier.length < MIN_RESULTS) {
    const have =
      earlier.length === 1 ? 'is 1 earlier result' : `are ${earlier.length} earlier results`;
    return notJudged(
      series,
      `A series is judged from ${MIN_RESULTS} earlier results on; there ${have}.`,
    );
  }
  const before = trendOf({ ...series, entries: earlier }, remarks);
  const now = trendOf(series, remarks);
  const regressions = metricNames().flatMap((metric): MetricRegression[] => {
    const last = lastChange(now, metric);
    if (last?.direction === 'worse' && last.acknowledged === null) {
      return worseOnly(metric, rules, last, [last.lastBefore, last.firstAfter]);
    }
    const known = earlier.findLastIndex((entry) => isAcknowledged(series, remarks, entry, metric));
    // What was acknowledged, or what the new result only completes, is no news.
    if (last?.firstAfter === subject || isAcknowledged(series, remarks, subject, metric)) return [];
    const from = Math.max(0, known, lastChange(before, metric)?.index ?? 0);
    return stepOf(metric, earlier.slice(from), subject, rules);
  });
  return finding(series, { against: 'series', results: earlier.length, regressions });
}

function lastChange({ changes }: HistoryTrend, metric: HistoryMetric): HistoryChange | undefined {
  return changes.findLast((change) => change.metric === metric);
}

function isAcknowledged(
  series: HistorySeries,
  { acknowledged }: Remarks,
  { benchmarkId }: HistoryEntry,
  metric: HistoryMetric,
): boolean {
  return acknowledged.some(
    (one) =>
      isNamed(series, one.seriesId) && one.metric === metric && one.benchmarkId === benchmarkId,
  );
}

function stepOf(
  metric: HistoryMetric,
  level: readonly HistoryEntry[],
  subject: HistoryEntry,
  rules: JudgeRules,
): MetricRegression[] {
  const values = level.map((entry) => entry.values[metric]).filter((value) => value !== null);
  const value = subject.values[metric];
  const last = level.at(-1);
  if (value === null || last === undefined || values.length < MIN_RESULTS) return [];
  const step = departureOf(values, value, HISTORY_METRICS[metric].scale);
  if (step === null) return [];
  const { expected, ...rest } = step;
  return worseOnly(metric, rules, { before: expected, after: value, ...rest }, [last, subject]);
}

function worseOnly(
  metric: HistoryMetric,
  rules: JudgeRules,
  change: LevelChange,
  [good, bad]: readonly [HistoryEntry, HistoryEntry],
): MetricRegression[] {
  const { before, after, magnitude, magnitudeAbsence, low, high, p } = change;
  const matters =
    magnitude === null || Math.abs(magnitude) >= minMagnitudeOf(metric, rules.minMagnitude);
  if (p >= REGRESSION_MAX_P || !matters || !isWorse(metric, change)) return [];
  return [
    {
      metric,
      ...{ before, after, magnitude, low, high, p },
      ...(magnitudeAbsence === undefined ? {} : { magnitudeAbsence }),
      firstBenchmarkId: bad.benchmarkId,
      lastGoodBenchmarkId: good.benchmarkId,
      commitBefore: good.commit,
      commitAfter: bad.commit,
    },
  ];
}

function finding(
  { seriesId }: HistorySeries,
  found: Pick<RegressionFinding, 'results' | 'regressions'> & { against: 'baseline' | 'series' },
): RegressionFinding {
  const { against, results, regressions } = found;
  if (regressions.length > 0) {
    return {
      kind: 'regressed',
      against,
      seriesId,
      results,
      regressions,
      reasons: regressions.map(reasonOf),
    };
  }
  const beside = against === 'baseline' ? 'the baseline' : `${results} earlier results`;
  return {
    kind: 'steady',
    against,
    seriesId,
    results,
    regressions,
    reasons: [`Not worse than ${beside}.`],
  };
}

function reasonOf(regression: MetricRegression): string {
  const { metric, firstBenchmarkId, lastGoodBenchmarkId, commitBefore, commitAfter } = regression;
  const commits =
    commitBefore === '' && commitAfter === ''
      ? ''
      : `, commit ${shortCommit(commitBefore)} to ${shortCommit(commitAfter)}`;
  return `${HISTORY_METRICS[metric].name} is worse since ${firstBenchmarkId}: ${signedText(regression)} (after ${lastGoodBenchmarkId}${commits}).`;
}

function notJudged({ seriesId }: HistorySeries, reason: string): RegressionFinding {
  return {
    kind: 'not-judged',
    against: null,
    seriesId,
    results: 0,
    reasons: [reason],
    regressions: [],
  };
}
