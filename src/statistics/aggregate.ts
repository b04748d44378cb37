// From the runs of a benchmark to its figures and its verdict. A run that failed a gate is listed but never averaged;
// when more than a fifth of the declared runs are gone so, what is left is a selection and the whole is INVALID.

import type { JsonAggregate, Stats } from '../contract/report.ts';
import type { FailedRun, RunMeasurement, StoredRun } from '../contract/run-result.ts';
import type { Threshold, ThresholdResult } from '../contract/threshold.ts';
import type { Verdict, Warning } from '../contract/warning.ts';
import { doubtsAboutRuns } from './benchmark-doubts.ts';
import { errorRateOf } from './run-metrics.ts';
import { computeStats } from './summary.ts';
import { judgeThresholds } from './thresholds.ts';
import { failureReasons, gateReasons } from './verdict-reasons.ts';

/** Statistics over the surviving runs are biased beyond this share of lost ones. */
const MAX_LOST_SHARE = 0.2;

export type AggregatedRun = Pick<StoredRun, 'key' | 'host' | 'measurement'>;

export interface BenchmarkRuns {
  /** Measured runs that finished, in their order. */
  readonly runs: readonly AggregatedRun[];
  readonly failedRuns: readonly FailedRun[];
  /** As declared before the first run. */
  readonly expectedRuns: number;
  readonly thresholds?: readonly Threshold[] | undefined;
}

export interface BenchmarkSummary {
  readonly aggregate: JsonAggregate;
  /** Of (errors + degraded) / (ok + degraded + errors) per run; a fraction, not a percentage. */
  readonly errorRate: Stats;
  readonly verdict: Verdict;
  /** Never empty: one sentence each. */
  readonly reasons: readonly string[];
  readonly warnings: readonly Warning[];
  readonly validRuns: number;
  /** Absent when none was declared. */
  readonly thresholds?: readonly ThresholdResult[];
}

/** Throws InvalidSampleError when a measurement carries a NaN or an infinity. */
export function summarizeBenchmark(input: BenchmarkRuns): BenchmarkSummary {
  const complete = input.runs.filter(({ measurement }) => !measurement.interrupted);
  const usable = usableRuns(complete);
  const errorRates = usable.map(({ measurement }) => errorRateOf(measurement));
  const aggregate: JsonAggregate = {
    throughput_rps: statsOf(usable, (run) => run.throughputRps),
    latency_p50_us: statsOf(usable, (run) => run.latency.p50Us),
    latency_p90_us: statsOf(usable, (run) => run.latency.p90Us),
    latency_p95_us: statsOf(usable, (run) => run.latency.p95Us),
    latency_p99_us: statsOf(usable, (run) => run.latency.p99Us),
  };
  return {
    aggregate,
    errorRate: computeStats(errorRates.filter((rate) => rate !== null)),
    ...judge(input, complete, usable),
    warnings: doubtsAboutRuns(usable, aggregate),
    validRuns: usable.length,
    ...thresholdResults(input, complete, usable),
  };
}

/** Those that the figures are over. */
export function usableRuns<R extends Pick<StoredRun, 'measurement'>>(runs: readonly R[]): R[] {
  return runs.filter(
    ({ measurement }) => !measurement.interrupted && measurement.verdict !== 'INVALID',
  );
}

function thresholdResults(
  { thresholds = [] }: BenchmarkRuns,
  complete: readonly AggregatedRun[],
  usable: readonly AggregatedRun[],
): Pick<BenchmarkSummary, 'thresholds'> {
  if (thresholds.length === 0) return {};
  const measurements = (runs: readonly AggregatedRun[]): RunMeasurement[] =>
    runs.map(({ measurement }) => measurement);
  const runs = { complete: measurements(complete), usable: measurements(usable) };
  return { thresholds: judgeThresholds(thresholds, runs) };
}

/** Over the runs that have the figure: a run in which every call failed has no latency, not a latency of 0. */
function statsOf(
  runs: readonly AggregatedRun[],
  figure: (measurement: RunMeasurement) => number | null,
): Stats {
  return computeStats(
    runs.map(({ measurement }) => figure(measurement)).filter((value) => value !== null),
  );
}

function judge(
  { runs, failedRuns, expectedRuns }: BenchmarkRuns,
  complete: readonly AggregatedRun[],
  usable: readonly AggregatedRun[],
): Pick<BenchmarkSummary, 'verdict' | 'reasons'> {
  const invalid = complete.filter(({ measurement }) => measurement.verdict === 'INVALID');
  const interrupted = runs.length - complete.length;
  const missing = Math.max(0, expectedRuns - runs.length - failedRuns.length);
  const lost = invalid.length + failedRuns.length;
  const lostTooMany = lost > MAX_LOST_SHARE * expectedRuns;
  const mixed = usable.some((run) => !sameIdentity(run, usable[0]));
  const reasons = [
    ...(mixed
      ? ['The runs are not of one build and configuration (G12), so they are no repetitions.']
      : []),
    ...(usable.length === 0 ? ['No run is valid, so there is nothing to aggregate.'] : []),
    ...(lostTooMany
      ? [
          `${lost} of ${expectedRuns} declared runs are invalid or failed, more than ${100 * MAX_LOST_SHARE} %: the rest is a selection.`,
        ]
      : []),
    ...gateReasons(invalid, 'fail', runs.length),
    ...failureReasons(failedRuns, expectedRuns),
    ...(interrupted > 0
      ? [`Left out because stopped early: ${interrupted} ${interrupted === 1 ? 'run' : 'runs'}.`]
      : []),
    ...(missing > 0 ? [`Not measured: ${missing} of ${expectedRuns} declared runs.`] : []),
    ...gateReasons(
      usable.filter(({ measurement }) => measurement.verdict === 'WARN'),
      'warn',
      runs.length,
    ),
  ];
  if (usable.length === 0 || lostTooMany || mixed) return { verdict: 'INVALID', reasons };
  if (reasons.length > 0) return { verdict: 'WARN', reasons };
  return { verdict: 'VALID', reasons: [`All ${usable.length} runs passed their checks.`] };
}

/** Runs of versions that did not note their identity are taken as they are. */
function sameIdentity(
  { measurement: a }: AggregatedRun,
  other: AggregatedRun | undefined,
): boolean {
  const b = other?.measurement;
  if (a.identity === undefined || b?.identity === undefined) return true;
  return (
    a.identity.build === b.identity.build && a.identity.configSha256 === b.identity.configSha256
  );
}
