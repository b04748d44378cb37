// From the runs of a benchmark to everything its report says over them: reads the stored histograms back, then leaves
// the numbers to statistics. The durable workflow and the local runner end here alike.

import type { BenchmarkStatistics } from '../contract/benchmark-statistics.ts';
import type { BenchmarkConfig } from '../contract/config.ts';
import type { PrecisionGoal, PrecisionResult } from '../contract/precision.ts';
import type { FailedRun, RunMeasurement, StoredRun } from '../contract/run-result.ts';
import { summarizeBenchmark, usableRuns, type BenchmarkSummary } from '../statistics/aggregate.ts';
import { benchmarkStatistics, statisticsWarnings } from '../statistics/benchmark-statistics.ts';
import { precisionResult } from '../statistics/precision.ts';
import type { CountedValues } from '../statistics/pooled-percentiles.ts';
import { decodeHistogram } from './recording/hdr-encoding.ts';
import { countedValues } from './recording/log-linear-histogram.ts';

export interface RunsToSummarize {
  readonly config: Pick<BenchmarkConfig, 'seed' | 'thresholds' | 'sloLatencyMs' | 'precision'>;
  readonly runs: readonly StoredRun[];
  /** Measured ones. */
  readonly failedRuns: readonly FailedRun[];
  readonly expectedRuns: number;
}

export type RunsSummary = BenchmarkSummary & {
  readonly statistics?: BenchmarkStatistics;
  readonly precision?: PrecisionResult;
};

export function summarizeRuns({
  config,
  runs,
  failedRuns,
  expectedRuns,
}: RunsToSummarize): RunsSummary {
  const { thresholds, seed, sloLatencyMs } = config;
  const summary = withPrecision(
    summarizeBenchmark({ runs, failedRuns, expectedRuns, thresholds }),
    config.precision,
    runs,
  );
  const statistics = benchmarkStatistics({
    runs: usableRuns(runs),
    latenciesOf: headlineLatencies,
    seed,
    sloLatencyMs,
  });
  if (statistics === null) return summary;
  const warnings = [...summary.warnings, ...statisticsWarnings(statistics)];
  return { ...summary, warnings, statistics };
}

function withPrecision(
  summary: BenchmarkSummary,
  goal: PrecisionGoal | undefined,
  runs: readonly StoredRun[],
): RunsSummary {
  if (goal === undefined) return summary;
  const precision = precisionResult(goal, runs);
  const code = precision.met ? 'sequential-precision' : 'precision-not-met';
  const isDoubtful = !precision.met || precision.rule === 'sequential';
  const warning = { code, message: precision.note };
  return {
    ...summary,
    precision,
    warnings: isDoubtful ? [...summary.warnings, warning] : summary.warnings,
  };
}

/** Empty when no call succeeded. */
function headlineLatencies({ histograms, latencyKind }: RunMeasurement): CountedValues {
  const found = histograms.find(({ kind, outcome }) => kind === latencyKind && outcome === 'ok');
  if (found === undefined) return { valuesNs: new Float64Array(), counts: new Float64Array() };
  return countedValues(decodeHistogram(found).data());
}
