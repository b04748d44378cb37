// One metric over the results as an inline SVG: points joined where neighbours exist, a dashed line for each level, a bar
// where it changed. Results are placed by order, not by time: a pause of a week is no change.

import { escapeMarkup } from './escape-markup.ts';
import { domainOf, linearScale, type Scale, type Tick } from './scale.ts';

export interface ChartMark {
  /** The first value of the new level. */
  readonly index: number;
  readonly direction: 'better' | 'worse';
  readonly title: string;
}

export interface TrendChart {
  readonly label: string;
  /** Null: that result has no such figure, and the line is broken there. */
  readonly values: readonly (number | null)[];
  readonly marks: readonly ChartMark[];
  readonly text: (value: number) => string;
  /** One for each value, shown when pointed at. */
  readonly titles: readonly string[];
}

const WIDTH = 900;
const HEIGHT = 220;
const LEFT = 84;
const PAD = 14;

export function trendChart(chart: TrendChart): string {
  const present = chart.values.filter((value) => value !== null);
  if (present.length === 0) return '<p class="faint">No result has this figure.</p>';
  const values = linearScale(
    domainOf(present, { zero: false }),
    { from: HEIGHT - PAD, to: PAD },
    chart.text,
  );
  const axes: Axes = { values, count: chart.values.length };
  const parts = [
    ...values.ticks.map((tick) => gridLine(tick, axes)),
    ...levels(chart, axes),
    ...chart.marks.map((mark) => markLine(mark, axes)),
    ...lines(chart.values, axes),
    ...chart.values.flatMap((value, index) =>
      value === null ? [] : [point({ value, index }, chart.titles[index] ?? '', axes)],
    ),
  ];
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeMarkup(chart.label)} over ${present.length} results">${parts.join('')}</svg>`;
}

interface Axes {
  readonly values: Scale;
  readonly count: number;
}

function xOf(index: number, { count }: Axes): number {
  const width = WIDTH - LEFT - PAD;
  return rounded(LEFT + (count < 2 ? width / 2 : (width * index) / (count - 1)));
}

function yOf(value: number, { values }: Axes): number {
  return rounded(values.at(value));
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function gridLine({ value, label }: Tick, axes: Axes): string {
  const y = yOf(value, axes);
  return `<line class="grid" x1="${LEFT}" x2="${WIDTH - PAD}" y1="${y}" y2="${y}"/><text x="${LEFT - 8}" y="${y + 4}" text-anchor="end">${escapeMarkup(label)}</text>`;
}

function levels({ values, marks }: TrendChart, axes: Axes): string[] {
  const edges = [0, ...marks.map((mark) => mark.index), values.length];
  return edges.slice(1).flatMap((to, position) => {
    const from = edges[position] ?? 0;
    const part = values.slice(from, to).filter((value) => value !== null);
    if (part.length === 0) return [];
    const y = yOf(part.reduce((sum, value) => sum + value, 0) / part.length, axes);
    return [
      `<line class="level" x1="${xOf(from, axes)}" x2="${xOf(to - 1, axes)}" y1="${y}" y2="${y}"/>`,
    ];
  });
}

/** Between the last value of the old level and the first of the new one. */
function markLine({ index, direction, title }: ChartMark, axes: Axes): string {
  const x = rounded((xOf(index - 1, axes) + xOf(index, axes)) / 2);
  return `<line class="change-${direction}" data-index="${index}" x1="${x}" x2="${x}" y1="${PAD}" y2="${HEIGHT - PAD}"><title>${escapeMarkup(title)}</title></line>`;
}

function lines(values: readonly (number | null)[], axes: Axes): string[] {
  const pieces: string[][] = [[]];
  values.forEach((value, index) => {
    if (value === null) pieces.push([]);
    else pieces.at(-1)?.push(`${xOf(index, axes)},${yOf(value, axes)}`);
  });
  return pieces
    .filter((piece) => piece.length > 1)
    .map((piece) => `<polyline class="values" points="${piece.join(' ')}"/>`);
}

function point(
  { value, index }: { readonly value: number; readonly index: number },
  title: string,
  axes: Axes,
): string {
  return `<circle class="value" data-index="${index}" data-value="${value}" cx="${xOf(index, axes)}" cy="${yOf(value, axes)}" r="3"><title>${escapeMarkup(title)}</title></circle>`;
}
