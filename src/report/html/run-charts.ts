// Each run as a point, with its own interval where the report has one, before the interval of the mean over the runs.

import type { JsonReport } from '../../contract/report.ts';
import { shownUnit, shownValue, type ShownUnit } from '../metric-text.ts';
import { UNDEFINED_MARK } from '../number-text.ts';
import {
  aggregateMetrics,
  runMetrics,
  type AggregateMetric,
  type FigureUnit,
  type RunMetric,
} from '../report-metrics.ts';
import { figure, PLOT, px, X_RANGE, Y_RANGE, type Chart } from './chart.ts';
import { markup, type Markup } from './markup.ts';
import { domainOf, linearScale, type Scale } from '../scale.ts';
import { numberTick } from './tick-text.ts';

interface RunPoint {
  readonly runNumber: number;
  readonly verdict: string;
  readonly metric: RunMetric;
}

interface Series {
  readonly mark: string;
  readonly label: string;
  readonly figureUnit: FigureUnit;
  /** Null where the report has no figures over the runs. */
  readonly aggregate: AggregateMetric | null;
  readonly points: readonly RunPoint[];
}

export function runCharts(report: JsonReport): readonly Markup[] {
  if (report.runs.length === 0) return [];
  const throughput = [seriesOf(report, 'throughput_rps', 's3')];
  const latencies = [seriesOf(report, 'latency_p50', 's1'), seriesOf(report, 'latency_p99', 's2')];
  return [
    figure(chartOf('runs-throughput', 'Throughput of each run', throughput)),
    figure(chartOf('runs-latency', 'Latency of each run', latencies)),
  ];
}

/** What a stream is judged by; empty where no run made any. */
export function streamCharts(report: JsonReport): readonly Markup[] {
  const both = (family: string): readonly Series[] => [
    seriesOf(report, `${family}_p50`, 's1'),
    seriesOf(report, `${family}_p99`, 's2'),
  ];
  return [
    { id: 'runs-ttft', title: 'Time to first token of each run', series: both('ttft') },
    { id: 'runs-message-gap', title: 'Message gap of each run', series: both('message_gap') },
  ].flatMap(({ id, title, series }) =>
    series.some(({ points }) => points.some(({ metric }) => metric.value !== null))
      ? [figure(chartOf(id, title, series))]
      : [],
  );
}

function seriesOf(report: JsonReport, id: string, mark: string): Series {
  const aggregate = aggregateMetrics(report).find((metric) => metric.id === id) ?? null;
  const points = report.runs.flatMap((run) => {
    const metric = runMetrics(run).find((candidate) => candidate.id === id);
    const { verdict } = run.loombench;
    return metric === undefined ? [] : [{ runNumber: run.run_number, verdict, metric }];
  });
  const identity = points[0]?.metric;
  return {
    mark,
    label: identity?.label ?? id,
    figureUnit: identity?.unit ?? 'count',
    aggregate,
    points,
  };
}

function chartOf(id: string, title: string, series: readonly Series[]): Chart {
  const values = series.flatMap(({ points, aggregate }) => [
    aggregate?.stats.ci95_low ?? null,
    aggregate?.stats.ci95_high ?? null,
    ...points.flatMap(({ metric }) => [
      metric.value,
      metric.interval?.low ?? null,
      metric.interval?.high ?? null,
    ]),
  ]);
  const unit = shownUnit(series[0]?.figureUnit ?? 'count', values);
  const y = linearScale(domainOf(values, { zero: false }), Y_RANGE, numberTick(unit));
  const numbers = series.flatMap(({ points }) => points.map(({ runNumber }) => runNumber));
  const x = runScale(Math.min(...numbers), Math.max(...numbers));
  const hasBand = series.some(({ aggregate }) => bandWithin(aggregate) !== null);
  const hasIntervals = series.some(({ points }) => points.some(({ metric }) => metric.interval));
  return {
    id,
    title,
    description: describe(hasIntervals, hasBand),
    x: { label: 'run', scale: x },
    y: { label: `${title.replace(' of each run', '').toLowerCase()} (${unit.name})`, scale: y },
    background: series.map((one) => bandOf(one, y)),
    marks: series.flatMap((one) =>
      one.points.flatMap((point) => pointOf(point, one.mark, { x, y, unit })),
    ),
    legend: [
      ...series.map(({ mark, label }) => ({ mark, label })),
      ...(hasBand ? [{ mark: 'band', label: '95 % interval of the mean over the runs' }] : []),
      ...(series.some(({ points }) => points.some(({ verdict }) => verdict === 'INVALID'))
        ? [{ mark: 'hollow', label: 'INVALID run, not in the aggregate' }]
        : []),
    ],
    table: tableOf(title, series, { unit, hasIntervals }),
  };
}

function describe(hasIntervals: boolean, hasBand: boolean): string {
  const own = hasIntervals ? ', each with the 95 % interval within it' : '';
  const over = hasBand
    ? '; the line is the median over the valid runs, the band the 95 % interval of their mean'
    : '';
  return `One point per run${own}${over}. The axis does not start at 0.`;
}

function bandWithin(
  aggregate: AggregateMetric | null,
): { readonly low: number; readonly high: number } | null {
  const { ci95_low: low = null, ci95_high: high = null } = aggregate?.stats ?? {};
  return low === null || high === null ? null : { low, high };
}

/** A tick for each run, or for some of many. */
function runScale(first: number, last: number): Scale {
  const every = Math.ceil((last - first + 1) / 20);
  const scale = linearScale({ low: first - 0.5, high: last + 0.5 }, X_RANGE, String);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => first + index)
    .filter((value) => (value - first) % every === 0)
    .map((value) => ({ value, label: String(value) }));
  return { at: (value) => scale.at(value), ticks };
}

function bandOf({ mark, aggregate }: Series, y: Scale): Markup {
  const bounds = bandWithin(aggregate);
  const median = aggregate?.stats.median ?? null;
  const id = aggregate?.id ?? '';
  const width = PLOT.right - PLOT.left;
  const band =
    bounds === null
      ? []
      : [
          markup`<rect
            class="band ${mark}"
            x="${PLOT.left}"
            width="${width}"
            y="${px(y.at(bounds.high))}"
            height="${px(Math.max(y.at(bounds.low) - y.at(bounds.high), 1))}"
            data-series="${id}"
            data-low="${bounds.low}"
            data-high="${bounds.high}"
          />`,
        ];
  const middle =
    median === null
      ? []
      : [
          markup`<line
            class="median ${mark}"
            x1="${PLOT.left}"
            x2="${PLOT.right}"
            y1="${px(y.at(median))}"
            y2="${px(y.at(median))}"
            data-series="${id}"
            data-median="${median}"
          />`,
        ];
  return markup`<g>${[...band, ...middle]}</g>`;
}

interface Place {
  readonly x: Scale;
  readonly y: Scale;
  readonly unit: ShownUnit;
}

function pointOf(point: RunPoint, mark: string, { x, y, unit }: Place): readonly Markup[] {
  const { runNumber, verdict, metric } = point;
  const { value, interval, label } = metric;
  if (value === null) return [];
  const at = px(x.at(runNumber));
  const bar = interval
    ? [
        markup`<path
          class="interval ${mark}"
          data-series="${metric.id}"
          data-run="${runNumber}"
          data-low="${interval.low}"
          data-high="${interval.high}"
          d="M${at} ${px(y.at(interval.low))}V${px(y.at(interval.high))}m-5 0h10M${at - 5} ${px(y.at(interval.low))}h10"
        />`,
      ]
    : [];
  const hollow = verdict === 'INVALID' ? 'hollow' : '';
  return [
    ...bar,
    markup`<circle
      class="point ${mark} ${hollow}"
      cx="${at}"
      cy="${px(y.at(value))}"
      r="5"
      data-series="${metric.id}"
      data-run="${runNumber}"
      data-value="${value}"
      ><title>
        run ${runNumber}, ${label}: ${shownValue(value, unit)} ${unit.name} (${verdict})
      </title></circle
    >`,
  ];
}

function tableOf(
  title: string,
  series: readonly Series[],
  { unit, hasIntervals }: { readonly unit: ShownUnit; readonly hasIntervals: boolean },
): Chart['table'] {
  const columns = series.flatMap(({ label }) => [
    `${label} (${unit.name})`,
    ...(hasIntervals ? [`95 % interval within the run (${unit.name})`] : []),
  ]);
  const rows = (series[0]?.points ?? []).map(({ runNumber, verdict }, index) => [
    String(runNumber),
    verdict,
    ...series.flatMap(({ points }) => {
      const metric = points[index]?.metric;
      const interval = metric?.interval ?? null;
      const bounds =
        interval === null
          ? UNDEFINED_MARK
          : `${shownValue(interval.low, unit)} … ${shownValue(interval.high, unit)}`;
      return [shownValue(metric?.value ?? null, unit), ...(hasIntervals ? [bounds] : [])];
    }),
  ]);
  const why = '; – under an interval: no order statistic bounds the percentile';
  const caption = `${title}${hasIntervals ? why : ''}`;
  return { caption, columns: ['run', 'verdict', ...columns], rows, numbersFrom: 2 };
}
