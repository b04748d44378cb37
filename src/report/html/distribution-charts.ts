// How latencies were spread: the percentile curve out to p99.99, each nine as wide as the one before, and the histogram.

import type {
  LatencyDistribution,
  LatencyDistributions,
  QuantilePoint,
} from '../../contract/latency-distribution.ts';
import { shownUnit, shownValue, type ShownUnit } from '../metric-text.ts';
import { countText, plural } from '../number-text.ts';
import { figure, line, px, X_RANGE, Y_RANGE, type Chart } from './chart.ts';
import { markup, type Markup } from './markup.ts';
import {
  domainOf,
  linearScale,
  logScale,
  percentileScale,
  quantileLabel,
  type Domain,
  type Scale,
  type ScaleRange,
} from '../scale.ts';
import { numberTick, plainTick } from './tick-text.ts';

export function distributionCharts({ pooled, byRun }: LatencyDistributions): readonly Markup[] {
  const known = byRun.flatMap(({ runNumber, distribution }) =>
    distribution === null ? [] : [{ runNumber, distribution }],
  );
  if (known.length === 0) return [];
  const curves = figure(percentileChart(pooled, known));
  return pooled === null ? [curves] : [curves, figure(histogramChart(pooled))];
}

interface RunCurve {
  readonly runNumber: number;
  readonly distribution: LatencyDistribution;
}

function percentileChart(pooled: LatencyDistribution | null, runs: readonly RunCurve[]): Chart {
  const curves = [
    ...runs.map(({ distribution }) => distribution),
    ...(pooled === null ? [] : [pooled]),
  ];
  const points = curves.flatMap((curve) => curve.points);
  const values = points.map(({ valueUs }) => valueUs);
  const unit = shownUnit('us', values);
  const x = percentileScale(Math.max(...points.map(({ quantile }) => quantile)), X_RANGE);
  const y = valueScale(domainOf(values, { zero: false }), values, unit);
  const draw = (series: string, mark: string, curve: readonly QuantilePoint[]): Markup =>
    line(
      { series, mark, points: curve.map(({ quantile, valueUs }) => ({ x: quantile, y: valueUs })) },
      x,
      y,
    );
  return {
    id: 'latency-percentiles',
    title: 'Latency by percentile',
    description:
      'Thin lines are runs, the thick one all ok calls of the valid runs together. A curve ends where no call is above the percentile.',
    x: { label: 'percentile of ok calls', scale: x },
    y: { label: `latency (${unit.name})`, scale: y },
    background: [],
    marks: [
      ...runs.map(({ runNumber, distribution }) =>
        draw(`run ${runNumber}`, 's1 thin', distribution.points),
      ),
      ...(pooled === null ? [] : [draw('all runs', 's2 thick', pooled.points)]),
    ],
    legend: [
      { mark: 's1', label: 'each run' },
      ...(pooled === null ? [] : [{ mark: 's2', label: 'all valid runs' }]),
    ],
    table: percentileTable(pooled, runs, unit),
  };
}

/** Logarithmic where the greatest is many times the least. */
function valueScale(domain: Domain, values: readonly number[], unit: ShownUnit): Scale {
  const least = Math.min(...values);
  const most = Math.max(...values);
  return least > 0 && most / least > 20
    ? logScale({ low: least * 0.9, high: most * 1.1 }, Y_RANGE, numberTick(unit))
    : linearScale(domain, Y_RANGE, numberTick(unit));
}

const TABLE_QUANTILES = [0, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999] as const;

function percentileTable(
  pooled: LatencyDistribution | null,
  runs: readonly RunCurve[],
  unit: ShownUnit,
): Chart['table'] {
  const rowOf = (name: string, { n, points }: LatencyDistribution): readonly string[] => [
    name,
    countText(n),
    ...TABLE_QUANTILES.map((quantile) => {
      const point = points.find((candidate) => candidate.quantile === quantile);
      return shownValue(point?.valueUs ?? null, unit);
    }),
  ];
  return {
    caption: `Latency by percentile (${unit.name}); – has no call above it`,
    columns: ['of', 'ok calls', ...TABLE_QUANTILES.map(quantileLabel)],
    rows: [
      ...runs.map(({ runNumber, distribution }) => rowOf(`run ${runNumber}`, distribution)),
      ...(pooled === null ? [] : [rowOf('all valid runs', pooled)]),
    ],
    numbersFrom: 1,
  };
}

function histogramChart({ n, bins, spacing }: LatencyDistribution): Chart {
  const edges = bins.flatMap(({ lowUs, highUs }) => [lowUs, highUs]);
  const unit = shownUnit('us', edges);
  const domain = { low: edges[0] ?? 0, high: edges.at(-1) ?? 1 };
  const x = binScale(spacing, domain, X_RANGE, unit);
  const counts = bins.map(({ count }) => count);
  const y = linearScale(domainOf(counts, { zero: true }), Y_RANGE, plainTick);
  const bars = bins.map(({ lowUs, highUs, count }) => {
    const left = x.at(lowUs);
    const width = Math.max(x.at(highUs) - left - 1, 0.5);
    const title = `${shownValue(lowUs, unit)} to ${shownValue(highUs, unit)} ${unit.name}: ${plural(count, 'call')}`;
    return markup`<rect
      class="bar s1"
      x="${px(left)}"
      y="${px(y.at(count))}"
      width="${px(width)}"
      height="${px(y.at(0) - y.at(count))}"
      data-low="${lowUs}"
      data-high="${highUs}"
      data-value="${count}"
      ><title>${title}</title></rect
    >`;
  });
  return {
    id: 'latency-histogram',
    title: 'Latency histogram',
    description: `All ${countText(n)} ok calls of the valid runs, in ${countText(bins.length)} bins on a ${spacing} axis.`,
    x: { label: `latency (${unit.name})`, scale: x },
    y: { label: 'calls', scale: y },
    background: [],
    marks: bars,
    legend: [],
    table: {
      caption: `Latency histogram (${unit.name})`,
      columns: [`from (${unit.name})`, `to (${unit.name})`, 'calls'],
      rows: bins
        .filter(({ count }) => count > 0)
        .map(({ lowUs, highUs, count }) => [
          shownValue(lowUs, unit),
          shownValue(highUs, unit),
          countText(count),
        ]),
      numbersFrom: 0,
    },
  };
}

function binScale(
  spacing: LatencyDistribution['spacing'],
  domain: Domain,
  range: ScaleRange,
  unit: ShownUnit,
): Scale {
  return spacing === 'linear'
    ? linearScale(domain, range, numberTick(unit))
    : logScale(domain, range, numberTick(unit));
}
