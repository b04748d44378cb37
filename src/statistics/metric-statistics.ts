// One metric over the runs: centre, spread and doubts, each by the method that suits it.

import type { MetricStatistics, OutlierRun } from '../contract/benchmark-statistics.ts';
import { metricUnit, type MetricName } from '../contract/metric.ts';
import { bca } from './bca.ts';
import { cvCi } from './cv-interval.ts';
import { moments } from './moments.ts';
import { medianOrderCi } from './order-interval.ts';
import { findOutliers } from './outliers.ts';
import { checkRunIndependence } from './run-independence.ts';
import { computeStats, summary } from './summary.ts';

export interface MetricOfRun {
  readonly run: number;
  readonly value: number;
}

const RESAMPLES = 10_000;
/** Draws that the bootstrap of one metric may cost. */
const MAX_DRAWS = 1_000_000;
const MIN_RESAMPLES = 1000;

/** Null when no run has the figure. */
export function metricStatistics(
  metric: MetricName,
  runs: readonly MetricOfRun[],
  seed: number,
): MetricStatistics | null {
  const values = runs.map(({ value }) => value);
  const n = values.length;
  const median = medianOrderCi(values);
  if (median === null) return null;
  const bootstrap = n < 2 ? null : meanInterval(values, seed);
  return {
    metric,
    unit: metricUnit(metric),
    n,
    stats: computeStats(values),
    median: {
      value: median.median,
      low: median.low,
      high: median.high,
      coverage: median.coverage,
    },
    bootstrap:
      bootstrap === null
        ? null
        : {
            mean: bootstrap.theta,
            low: bootstrap.low,
            high: bootstrap.high,
            resamples: bootstrap.resamples,
            seed,
          },
    variation: variationOf(values),
    independence: checkRunIndependence(values),
    outliers: outliersOf(runs),
    warnings: [...median.warnings, ...(bootstrap?.warnings ?? [])],
  };
}

function meanInterval(values: readonly number[], seed: number): ReturnType<typeof bca> {
  const affordable = Math.floor(MAX_DRAWS / values.length);
  const resamples = Math.min(RESAMPLES, Math.max(MIN_RESAMPLES, affordable));
  return bca(values, { statistic: (sample) => moments(sample).mean, seed, resamples });
}

function variationOf(values: readonly number[]): MetricStatistics['variation'] {
  const interval = cvCi(values);
  const { cvPctCorrected } = summary(values);
  if (interval === null || cvPctCorrected === null) return null;
  return { ...interval, correctedPct: cvPctCorrected };
}

function outliersOf(runs: readonly MetricOfRun[]): OutlierRun[] {
  const found = findOutliers(runs.map(({ value }) => value));
  if (found === null) return [];
  const { tukey, modifiedZ } = found;
  return runs.flatMap(({ run, value }): OutlierRun[] => {
    if (tukey.severe.includes(value)) return [{ run, value, kind: 'severe' }];
    if (tukey.mild.includes(value)) return [{ run, value, kind: 'mild' }];
    return modifiedZ.flagged.includes(value) ? [{ run, value, kind: 'modified-z' }] : [];
  });
}
