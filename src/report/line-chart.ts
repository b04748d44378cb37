// A line chart as SVG, self-contained: points with whiskers for their intervals, one line per series. Drawn from values
// that are there; a level without a figure is a gap, never a zero.

import { escapeMarkup } from './escape-markup.ts';
import { domainOf, linearScale, type Scale } from './scale.ts';

export interface ChartPoint {
  readonly x: number;
  readonly y: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Shown when pointed at. */
  readonly label: string;
}

export interface ChartSeries {
  readonly name: string;
  readonly points: readonly ChartPoint[];
}

export interface LineChart {
  readonly title: string;
  readonly xTitle: string;
  readonly series: readonly ChartSeries[];
}

const WIDTH = 460;
const HEIGHT = 270;
const BOX = { left: 62, right: 14, top: 30, bottom: 42 } as const;
/** Of series, by classes `c0`, `c1` …: light on a dark page, dark on a light one. */
const COLORS = [
  'light-dark(#1a66c4, #6cb0ff)',
  'light-dark(#bd4a0b, #ff9d5c)',
  'light-dark(#0b7468, #4ccdbd)',
  'light-dark(#7440c9, #bfa1ff)',
  'light-dark(#b3261e, #ff8a80)',
  'light-dark(#59636e, #9aa6b3)',
] as const;

/** What a page with such charts needs among its styles. */
export const LINE_CHART_STYLE = `
svg text { font: 12px system-ui, sans-serif; fill: var(--muted); }
svg .title { font-weight: 600; fill: var(--ink); }
svg .end { text-anchor: end; } svg .middle { text-anchor: middle; }
svg .grid { stroke: var(--rule); }
svg .line, svg .whisker { fill: none; stroke: var(--mark); stroke-width: 1.5; }
svg .dot { fill: var(--mark); }
${COLORS.map((color, index) => `svg .c${index} { --mark: ${color}; }`).join('\n')}
`;
/** Values that span more are spread by their logarithm. */
const LOG_FROM_RATIO = 20;
const MAX_X_TICKS = 12;

type Place = (value: number) => number;

/** '' when there are fewer than two points: nothing to connect. */
export function lineChart(chart: LineChart): string {
  const points = chart.series.flatMap((series) => series.points);
  if (points.length < 2) return '';
  const x = horizontal(points.map((point) => point.x));
  const y = linearScale(
    domainOf(
      points.map((point) => Math.max(point.y, point.high ?? point.y)),
      { zero: true },
    ),
    { from: HEIGHT - BOX.bottom, to: BOX.top },
    tickText,
  );
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeMarkup(chart.title)}">`,
    `<text x="${BOX.left}" y="18" class="title">${escapeMarkup(chart.title)}</text>`,
    ...yAxis(y),
    ...xAxis(points, x, chart.xTitle),
    ...chart.series.flatMap((series, index) =>
      seriesMarks(series, index, { x, y: (value) => y.at(value) }),
    ),
    ...(chart.series.length > 1 ? legend(chart.series) : []),
    '</svg>',
  ].join('\n');
}

function horizontal(values: readonly number[]): Place {
  const least = Math.min(...values);
  const most = Math.max(...values);
  const logarithmic = least > 0 && most / least > LOG_FROM_RATIO;
  const place: Place = (value) => (logarithmic ? Math.log(value) : value);
  const span = place(most) - place(least);
  const width = WIDTH - BOX.left - BOX.right;
  return (value) =>
    BOX.left + (span === 0 ? width / 2 : ((place(value) - place(least)) / span) * width);
}

function yAxis(y: Scale): string[] {
  return y.ticks.map(
    ({ value, label }) =>
      `<line x1="${BOX.left}" x2="${WIDTH - BOX.right}" y1="${at(y.at(value))}" y2="${at(y.at(value))}" class="grid"/>` +
      `<text x="${BOX.left - 6}" y="${at(y.at(value) + 4)}" class="tick end">${label}</text>`,
  );
}

function xAxis(points: readonly ChartPoint[], x: Place, title: string): string[] {
  const values = [...new Set(points.map((point) => point.x))].sort((a, b) => a - b);
  const step = Math.ceil(values.length / MAX_X_TICKS);
  return [
    ...values
      .filter((_, index) => index % step === 0)
      .map(
        (value) =>
          `<text x="${at(x(value))}" y="${HEIGHT - BOX.bottom + 16}" class="tick middle">${tickText(value)}</text>`,
      ),
    `<text x="${(WIDTH + BOX.left - BOX.right) / 2}" y="${HEIGHT - 6}" class="tick middle">${escapeMarkup(title)}</text>`,
  ];
}

function seriesMarks(
  { name, points }: ChartSeries,
  index: number,
  { x, y }: { readonly x: Place; readonly y: Place },
): string[] {
  const sorted = [...points].sort((a, b) => a.x - b.x);
  const path = sorted.map((point) => `${at(x(point.x))},${at(y(point.y))}`).join(' ');
  return [
    `<g class="${colorClass(index)}"><polyline points="${path}" class="line"/>`,
    ...sorted.flatMap((point) => {
      const px = at(x(point.x));
      const whisker =
        point.low === null || point.high === null
          ? []
          : [
              `<line x1="${px}" x2="${px}" y1="${at(y(Math.max(0, point.low)))}" y2="${at(y(point.high))}" class="whisker"/>`,
            ];
      return [
        ...whisker,
        `<circle cx="${px}" cy="${at(y(point.y))}" r="3" class="dot"><title>${escapeMarkup(
          name === '' ? point.label : `${name}, ${point.label}`,
        )}</title></circle>`,
      ];
    }),
    '</g>',
  ];
}

function legend(series: readonly ChartSeries[]): string[] {
  return series.map(({ name }, index) => {
    const y = BOX.top + 8 + index * 14;
    return (
      `<rect x="${BOX.left + 8}" y="${y - 7}" width="9" height="9" class="dot ${colorClass(index)}"/>` +
      `<text x="${BOX.left + 21}" y="${y + 1}" class="tick">${escapeMarkup(name)}</text>`
    );
  });
}

function colorClass(index: number): string {
  return `c${index % COLORS.length}`;
}

function tickText(value: number): string {
  if (value >= 10_000) return `${Number((value / 1000).toPrecision(3))}k`;
  return String(Number(value.toPrecision(3)));
}

function at(position: number): string {
  return position.toFixed(1);
}
