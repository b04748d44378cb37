// Whole reports against a baseline: first whether they may be compared at all, then metric by metric, with Holm's
// correction over everything that is tested in one go.

import type {
  AbsentMetric,
  CandidateComparison,
  ComparedReport,
  Comparison,
  MetricComparison,
} from '../contract/comparison.ts';
import type { MetricName } from '../contract/metric.ts';
import type { JsonReport } from '../contract/report.ts';
import { usableRuns } from './aggregate.ts';
import { caveatsOf, objectionsTo } from './comparability.ts';
import { COMPARISON_LEVEL, compareSamples, judged, type RawComparison } from './compare-samples.ts';
import { holm } from './holm.ts';
import { runMetric } from './run-metrics.ts';

/** Every benchmark has them, unless no call succeeded. */
const GENERAL_METRICS: readonly MetricName[] = [
  'throughput_rps',
  'latency_p50',
  'latency_p95',
  'latency_p99',
  'error_rate',
];
/** Declared, not chosen by result. Those that either side lacks are left out, and named. */
const PRIMARY_METRICS: readonly MetricName[] = [...GENERAL_METRICS, 'ttft_p50', 'ttft_p99'];

export interface NamedReport {
  /** As the user called it: a file. */
  readonly name: string;
  readonly report: JsonReport;
}

export interface ComparisonOptions {
  /** Share of the baseline. */
  readonly equivalenceMargin: number;
  readonly regressionLimit: number | null;
}

export function compareReports(
  baseline: NamedReport,
  candidates: readonly NamedReport[],
  options: ComparisonOptions,
): Comparison {
  const raw = candidates.map((candidate) => rawComparisons(baseline, candidate, options));
  const results = withVerdicts(raw, options);
  return {
    baseline: comparedReport(baseline),
    candidates: candidates.map((candidate, index): CandidateComparison => ({
      candidate: comparedReport(candidate),
      metrics: results[index] ?? [],
      absent: absentMetrics([baseline, candidate]),
      objections: objectionsTo(baseline, candidate),
      caveats: caveatsOf(baseline, candidate),
    })),
    level: COMPARISON_LEVEL,
    ...options,
    regressed: results.flat().some(({ regression }) => regression),
  };
}

function rawComparisons(
  baseline: NamedReport,
  candidate: NamedReport,
  { equivalenceMargin }: ComparisonOptions,
): RawComparison[] {
  return PRIMARY_METRICS.flatMap((metric) => {
    const samples = {
      metric,
      baseline: valuesOf(baseline.report, metric),
      candidate: valuesOf(candidate.report, metric),
    };
    const isMissing = samples.baseline.length === 0 || samples.candidate.length === 0;
    return isMissing ? [] : [compareSamples(samples, equivalenceMargin)];
  });
}

/** Streams' metrics that neither side has were not asked for. */
function absentMetrics(sides: readonly NamedReport[]): AbsentMetric[] {
  return PRIMARY_METRICS.flatMap((metric) => {
    const lackedBy = sides
      .filter(({ report }) => valuesOf(report, metric).length === 0)
      .map(({ name }) => name);
    const isExpected = GENERAL_METRICS.includes(metric) || lackedBy.length < sides.length;
    return lackedBy.length > 0 && isExpected ? [{ metric, lackedBy }] : [];
  });
}

function withVerdicts(
  raw: readonly (readonly RawComparison[])[],
  { regressionLimit }: ComparisonOptions,
): readonly (readonly MetricComparison[])[] {
  const tested = raw.flat().filter(({ testable }) => testable);
  const { adjusted } = holm(
    tested.map(({ pValue }) => pValue),
    COMPARISON_LEVEL,
  );
  const adjustedOf = new Map(tested.map((each, index) => [each, adjusted[index] ?? 1]));
  return raw.map((metrics) =>
    metrics.map((each) =>
      judged(each, {
        adjustedP: adjustedOf.get(each) ?? null,
        family: tested.length,
        regressionLimit,
      }),
    ),
  );
}

function valuesOf(report: JsonReport, metric: MetricName): number[] {
  return validRuns(report).flatMap(({ measurement }) => runMetric(measurement, metric) ?? []);
}

function validRuns({ runs }: JsonReport) {
  return usableRuns(runs.map(({ loombench }) => ({ measurement: loombench })));
}

function comparedReport({ name, report }: NamedReport): ComparedReport {
  return {
    name,
    benchmarkId: report.loombench.benchmarkId,
    scenario: report.scenario,
    validRuns: validRuns(report).length,
  };
}
