// Why one statistic of a metric over the runs is missing while others of it are there: each has a reason of its own.

import type { AggregateMetric } from './report-metrics.ts';

/** As many as an interval of the median needs at 95 %: 2 · 0.5^n <= 0.05. */
export const RUNS_FOR_MEDIAN_INTERVAL = 6;
/** Efron's correction is itself an estimate: below this many runs its interval is no better than a guess. */
export const RUNS_FOR_BOOTSTRAP = 8;

const NOT_STATED = 'the report does not state it';
const OVER_CALLS = 'the interval is that over all calls';
const BOOTSTRAP = `a BCa interval needs ${RUNS_FOR_BOOTSTRAP} runs with the figure`;

/** '' where it is there. */
export function statisticAbsence(
  metric: AggregateMetric,
  statistic: keyof AggregateMetric['stats'],
): string {
  return metric.stats[statistic] === null ? reasonFor(metric, statistic) : '';
}

/** Documents for people show fewer of these intervals than the report file has. */
export function bootstrapAbsence(metric: AggregateMetric): string {
  const { runs } = metric;
  if (runs !== null && runs < RUNS_FOR_BOOTSTRAP) return metric.absence || BOOTSTRAP;
  return statisticAbsence(metric, 'bca_ci95_low') || statisticAbsence(metric, 'bca_ci95_high');
}

type Reason = (metric: AggregateMetric) => string;

const medianReason: Reason = (metric) =>
  overRunsReason(
    metric,
    `an interval of the median needs ${RUNS_FOR_MEDIAN_INTERVAL} runs with the figure`,
  );
const bootstrapReason: Reason = (metric) => overRunsReason(metric, BOOTSTRAP);
const pooledReason: Reason = (metric) => (isPooled(metric) ? NOT_STATED : NOT_POOLED);
const pooledIntervalReason: Reason = (metric) =>
  isPooled(metric) && metric.stats.pooled !== null
    ? `an interval of a pooled percentile needs ${RUNS_FOR_MEDIAN_INTERVAL} valid runs`
    : pooledReason(metric);

/** The others are missing with all of their metric. */
const REASONS: Readonly<Partial<Record<keyof AggregateMetric['stats'], Reason>>> = {
  cv_pct: () => 'a CV needs a mean other than 0',
  median_ci95_low: medianReason,
  median_ci95_high: medianReason,
  bca_ci95_low: bootstrapReason,
  bca_ci95_high: bootstrapReason,
  pooled: pooledReason,
  pooled_ci95_low: pooledIntervalReason,
  pooled_ci95_high: pooledIntervalReason,
};

function reasonFor(metric: AggregateMetric, statistic: keyof AggregateMetric['stats']): string {
  if (metric.absence !== '') return metric.absence;
  return REASONS[statistic]?.(metric) ?? NOT_STATED;
}

function overRunsReason({ id, runs }: AggregateMetric, tooFew: string): string {
  if (id === 'error_rate') return OVER_CALLS;
  return runs === null ? NOT_STATED : tooFew;
}

const NOT_POOLED = 'only the latency and the error rate are pooled';

function isPooled({ family, id }: AggregateMetric): boolean {
  return family === 'latency' || id === 'error_rate';
}
