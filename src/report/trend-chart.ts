// One metric over the results as an inline SVG: points joined where neighbours exist, a dashed line for each level, a bar
// where it changed. Results are placed by order, not by time: a pause of a week is no change.

import { escapeHtml } from './escape-html.ts';

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
  const top = Math.max(...present);
  const bottom = Math.min(...present);
  // A flat series lies in the middle of its chart.
  const margin = (top - bottom || Math.abs(top) || 1) * 0.1;
  const scale: Scale = { from: bottom - margin, to: top + margin, count: chart.values.length };
  const parts = [
    ...[bottom, (bottom + top) / 2, top].map((value) => gridLine(value, scale, chart.text)),
    ...levels(chart, scale),
    ...chart.marks.map((mark) => markLine(mark, scale)),
    ...lines(chart.values, scale),
    ...chart.values.flatMap((value, index) =>
      value === null ? [] : [point({ value, index }, chart.titles[index] ?? '', scale)],
    ),
  ];
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(chart.label)} over ${present.length} results">${parts.join('')}</svg>`;
}

interface Scale {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

function xOf(index: number, { count }: Scale): number {
  const width = WIDTH - LEFT - PAD;
  return rounded(LEFT + (count < 2 ? width / 2 : (width * index) / (count - 1)));
}

function yOf(value: number, { from, to }: Scale): number {
  return rounded(PAD + ((HEIGHT - 2 * PAD) * (to - value)) / (to - from));
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function gridLine(value: number, scale: Scale, text: TrendChart['text']): string {
  const y = yOf(value, scale);
  return `<line class="grid" x1="${LEFT}" x2="${WIDTH - PAD}" y1="${y}" y2="${y}"/><text x="${LEFT - 8}" y="${y + 4}" text-anchor="end">${escapeHtml(text(value))}</text>`;
}

function levels({ values, marks }: TrendChart, scale: Scale): string[] {
  const edges = [0, ...marks.map((mark) => mark.index), values.length];
  return edges.slice(1).flatMap((to, position) => {
    const from = edges[position] ?? 0;
    const part = values.slice(from, to).filter((value) => value !== null);
    if (part.length === 0) return [];
    const y = yOf(part.reduce((sum, value) => sum + value, 0) / part.length, scale);
    return [
      `<line class="level" x1="${xOf(from, scale)}" x2="${xOf(to - 1, scale)}" y1="${y}" y2="${y}"/>`,
    ];
  });
}

/** Between the last value of the old level and the first of the new one. */
function markLine({ index, direction, title }: ChartMark, scale: Scale): string {
  const x = rounded((xOf(index - 1, scale) + xOf(index, scale)) / 2);
  return `<line class="change-${direction}" x1="${x}" x2="${x}" y1="${PAD}" y2="${HEIGHT - PAD}"><title>${escapeHtml(title)}</title></line>`;
}

function lines(values: readonly (number | null)[], scale: Scale): string[] {
  const pieces: string[][] = [[]];
  values.forEach((value, index) => {
    if (value === null) pieces.push([]);
    else pieces.at(-1)?.push(`${xOf(index, scale)},${yOf(value, scale)}`);
  });
  return pieces
    .filter((piece) => piece.length > 1)
    .map((piece) => `<polyline class="values" points="${piece.join(' ')}"/>`);
}

function point(
  { value, index }: { readonly value: number; readonly index: number },
  title: string,
  scale: Scale,
): string {
  return `<circle class="value" cx="${xOf(index, scale)}" cy="${yOf(value, scale)}" r="3"><title>${escapeHtml(title)}</title></circle>`;
}
