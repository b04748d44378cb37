// Throughput and latency over the seconds of each run, the warm-up shaded: whether a run was in one steady state.

import type { JsonReport } from '../../contract/report.ts';
import { shownUnit, shownValue } from '../metric-text.ts';
import { countText, numberText } from '../number-text.ts';
import { figure, line, PLOT, px, X_RANGE, Y_RANGE, type Chart } from './chart.ts';
import { markup, type Markup } from './markup.ts';
import { domainOf, linearScale, type Scale } from '../scale.ts';
import { numberTick, plainTick } from './tick-text.ts';
import { timelinesOf, type RunTimeline, type TimelinePoint, type Timelines } from './timeline.ts';

export function timelineCharts(report: JsonReport): readonly Markup[] {
  const timelines = timelinesOf(report);
  if (timelines.runs.length === 0) return [];
  return [figure(throughputChart(timelines)), figure(latencyChart(timelines))];
}

function throughputChart(timelines: Timelines): Chart {
  const { runs } = timelines;
  const rates = runs.flatMap(({ points }) => points.map(({ requestsPerS }) => requestsPerS));
  const y = linearScale(domainOf(rates, { zero: true }), Y_RANGE, plainTick);
  const hasErrors = runs.some(({ points }) => points.some(({ errorsPerS }) => errorsPerS > 0));
  const series: readonly Series[] = [
    { label: 'calls completed', mark: 's3', value: ({ requestsPerS }) => requestsPerS },
    ...(hasErrors
      ? [{ label: 'errors', mark: 's2', value: ({ errorsPerS }: TimelinePoint) => errorsPerS }]
      : []),
  ];
  return chartOf(timelines, series, {
    id: 'time-throughput',
    title: 'Throughput over time',
    y: { label: 'calls per second', scale: y },
  });
}

function latencyChart(timelines: Timelines): Chart {
  const values = timelines.runs.flatMap(({ points }) =>
    points.flatMap(({ p50Us, p99Us }) => [p50Us, p99Us]),
  );
  const unit = shownUnit('us', values);
  const y = linearScale(domainOf(values, { zero: true }), Y_RANGE, numberTick(unit));
  const series: readonly Series[] = [
    { label: 'p50', mark: 's1', value: ({ p50Us }) => p50Us },
    { label: 'p99', mark: 's2', value: ({ p99Us }) => p99Us },
  ];
  return chartOf(timelines, series, {
    id: 'time-latency',
    title: 'Latency over time',
    y: { label: `latency (${unit.name})`, scale: y },
  });
}

interface Series {
  readonly label: string;
  readonly mark: string;
  readonly value: (point: TimelinePoint) => number | null;
}

function chartOf(
  { runs, secondsPerPoint }: Timelines,
  series: readonly Series[],
  frame: Pick<Chart, 'id' | 'title' | 'y'>,
): Chart {
  const x = secondsScale(runs);
  const thin = runs.length > 1 ? 'thin' : '';
  const each =
    secondsPerPoint === 1
      ? 'One line per run, one point per second of completion; the last second is not whole.'
      : `One line per run; each point stands for ${secondsPerPoint} s, their mean rate and greatest latency.`;
  return {
    ...frame,
    description: `${each} Shaded: what is not in the figures, before the window (warm-up) and after it (calls that were still in flight).`,
    x: { label: 'seconds since the load started', scale: x },
    background: shades(runs, x),
    marks: runs.flatMap(({ runNumber, points }) =>
      series.map(({ label, mark, value }) =>
        line(
          {
            series: `run ${runNumber}, ${label}`,
            mark: `${mark} ${thin}`,
            points: points.map((point) => ({ x: point.atS, y: value(point) })),
          },
          x,
          frame.y.scale,
        ),
      ),
    ),
    legend: [
      ...series.map(({ label, mark }) => ({ mark, label })),
      { mark: 'outside', label: 'outside the window' },
    ],
    table: tableOf(frame.title, runs),
  };
}

export function secondsScale(
  runs: readonly { readonly points: readonly { readonly atS: number }[] }[],
): Scale {
  const ends = runs.map(({ points }) => (points.at(-1)?.atS ?? 0) + 0.5);
  return linearScale({ low: 0, high: Math.max(1, ...ends) }, X_RANGE, plainTick);
}

/** What no run has in its window. */
function shades(runs: readonly RunTimeline[], x: Scale): readonly Markup[] {
  const startS = Math.min(...runs.map(({ window }) => window.startS));
  const endS = Math.max(...runs.map(({ window }) => window.endS));
  const shade = (from: number, to: number, series: string): Markup =>
    markup`<rect
      class="outside"
      x="${px(from)}"
      y="${PLOT.top}"
      width="${px(Math.max(0, to - from))}"
      height="${PLOT.bottom - PLOT.top}"
      data-series="${series}"
      data-seconds="${series === 'warm-up' ? startS : endS}"
    />`;
  return [
    shade(PLOT.left, Math.min(x.at(startS), PLOT.right), 'warm-up'),
    shade(Math.min(x.at(endS), PLOT.right), PLOT.right, 'drain'),
  ];
}

function tableOf(title: string, runs: readonly RunTimeline[]): Chart['table'] {
  const unit = shownUnit(
    'us',
    runs.flatMap(({ points }) => points.map(({ p50Us }) => p50Us)),
  );
  return {
    caption: title,
    columns: [
      'run',
      'at (s)',
      'calls/s',
      'errors/s',
      `p50 (${unit.name})`,
      `p99 (${unit.name})`,
      'in flight at its end',
    ],
    rows: runs.flatMap(({ runNumber, points }) =>
      points.map((point) => [
        String(runNumber),
        String(point.atS),
        numberText(point.requestsPerS),
        numberText(point.errorsPerS),
        shownValue(point.p50Us, unit),
        shownValue(point.p99Us, unit),
        countText(point.inFlight),
      ]),
    ),
    numbersFrom: 1,
  };
}
