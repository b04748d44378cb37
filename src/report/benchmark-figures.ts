// Figures over the runs that stand alone: not a statistic in the unit of a metric, like a CV, a share or what the latency
// varies by. One list for every document, like report-metrics.ts.

import type { JsonReport } from '../contract/report.ts';
import { aggregateMetrics, type MetricIdentity } from './report-metrics.ts';

export interface BenchmarkFigure extends MetricIdentity {
  readonly value: number;
  /** What it is of, where there are several of its name: 'ttft<500ms'; else ''. */
  readonly of: string;
}

/** Only those that the report has. */
export function benchmarkFigures(report: JsonReport): readonly BenchmarkFigure[] {
  return [...variationFigures(report), ...goodputFigures(report), ...varianceFigures(report)];
}

function variationFigures(report: JsonReport): readonly BenchmarkFigure[] {
  return aggregateMetrics(report).flatMap(({ id, family, quantile, stats: { cv_pct } }) =>
    cv_pct === null
      ? []
      : [{ ...figure(`${id}_cv`, 'percent', cv_pct), family: `${family}_cv`, quantile }],
  );
}

function goodputFigures({ loombench }: JsonReport): readonly BenchmarkFigure[] {
  const goodput = loombench.statistics?.goodput ?? null;
  if (goodput === null) return [];
  const { slo = [], sharesByCondition = [], shareWithin } = goodput;
  return [
    figure('goodput_of_ok', 'share', shareWithin),
    ...slo.flatMap((text, at) => {
      const share = sharesByCondition[at];
      return share === undefined ? [] : [{ ...figure('slo_met_of_ok', 'share', share), of: text }];
    }),
  ];
}

/** Of the mean latency of a second. */
function varianceFigures({ loombench }: JsonReport): readonly BenchmarkFigure[] {
  const variance = loombench.statistics?.variance ?? null;
  if (variance === null) return [];
  const { betweenSdUs, withinSdUs, icc, pValue } = variance;
  return [
    figure('latency_sd_between_runs', 'us', betweenSdUs),
    figure('latency_sd_within_runs', 'us', withinSdUs),
    ...(icc === null ? [] : [figure('latency_icc', 'share', icc)]),
    ...(pValue === null ? [] : [figure('latency_runs_differ_p', 'count', pValue)]),
  ];
}

function figure(id: string, unit: MetricIdentity['unit'], value: number): BenchmarkFigure {
  return { id, label: id.replaceAll('_', ' '), unit, family: id, quantile: null, value, of: '' };
}
