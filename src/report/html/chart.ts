// The frame of every chart: axes, grid, title and description for those who cannot see it, a legend, and its data as a
// table. Marks carry the values they stand for, in the report file's units, as data attributes.

import { EMPTY, markup, type Markup } from './markup.ts';
import type { Scale } from '../scale.ts';
import { dataTable, type PageTable } from './table.ts';

export const WIDTH = 560;
export const HEIGHT = 290;
/** The plot within the picture. */
export const PLOT = { left: 70, right: WIDTH - 24, top: 14, bottom: HEIGHT - 50 } as const;
export const X_RANGE = { from: PLOT.left, to: PLOT.right } as const;
export const Y_RANGE = { from: PLOT.bottom, to: PLOT.top } as const;

export interface Axis {
  /** 'latency (ms)' */
  readonly label: string;
  readonly scale: Scale;
}

export interface LegendEntry {
  /** Class of the mark, which gives it its colour. */
  readonly mark: string;
  readonly label: string;
}

export interface Chart {
  /** Unique on the page; letters, digits and hyphens. */
  readonly id: string;
  readonly title: string;
  /** What it shows and how to read it, in a sentence or two. */
  readonly description: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly background: readonly Markup[];
  readonly marks: readonly Markup[];
  readonly legend: readonly LegendEntry[];
  readonly table: PageTable;
}

export function figure(chart: Chart): Markup {
  const { id, title, description, legend } = chart;
  const entries = legend.map(
    ({ mark, label }) =>
      markup`<li><span class="key ${mark}" aria-hidden="true"></span>${label}</li>`,
  );
  return markup`<figure id="${id}">
    <figcaption><strong>${title}.</strong> ${description}</figcaption>
    <svg role="img" aria-labelledby="${id}-title ${id}-desc" viewBox="0 0 ${WIDTH} ${HEIGHT}">
      <title id="${id}-title">${title}</title>
      <desc id="${id}-desc">${description} The numbers are in the table below.</desc>
      ${chart.background} ${gridOf(chart)}
      <g class="marks">${chart.marks}</g>
      ${axisTitles(chart)}
    </svg>
    ${
      entries.length === 0
        ? EMPTY
        : markup`<ul class="legend">
            ${entries}
          </ul>`
    }
    ${dataTable(chart.table)}
  </figure>`;
}

function gridOf({ x, y }: Chart): readonly Markup[] {
  const horizontal = y.scale.ticks.map(({ value, label }) => {
    const at = px(y.scale.at(value));
    return markup`<line
        class="grid"
        x1="${PLOT.left}"
        x2="${PLOT.right}"
        y1="${at}"
        y2="${at}"
      /><text class="tick end" x="${PLOT.left - 8}" y="${at}" dy="0.32em">${label}</text>`;
  });
  const vertical = x.scale.ticks.map(({ value, label }) => {
    const at = px(x.scale.at(value));
    return markup`<line
        class="tickmark"
        x1="${at}"
        x2="${at}"
        y1="${PLOT.bottom}"
        y2="${PLOT.bottom + 5}"
      /><text class="tick middle" x="${at}" y="${PLOT.bottom + 18}">${label}</text>`;
  });
  const base = markup`<line
    class="axis"
    x1="${PLOT.left}"
    x2="${PLOT.right}"
    y1="${PLOT.bottom}"
    y2="${PLOT.bottom}"
  />`;
  return [...horizontal, ...vertical, base];
}

function axisTitles({ x, y }: Chart): readonly Markup[] {
  const middle = (PLOT.top + PLOT.bottom) / 2;
  return [
    markup`<text class="label middle" x="${(PLOT.left + PLOT.right) / 2}" y="${HEIGHT - 8}"
      >${x.label}</text
    >`,
    markup`<text class="label middle" transform="translate(14 ${middle}) rotate(-90)"
      >${y.label}</text
    >`,
  ];
}

export interface Line {
  readonly series: string;
  readonly mark: string;
  /** Null interrupts the line: nothing was there to measure. */
  readonly points: readonly { readonly x: number; readonly y: number | null }[];
}

export function line({ series, mark, points }: Line, x: Scale, y: Scale): Markup {
  const steps: string[] = [];
  let isOpen = false;
  for (const point of points) {
    if (point.y !== null) {
      steps.push(`${isOpen ? 'L' : 'M'}${px(x.at(point.x))} ${px(y.at(point.y))}`);
    }
    isOpen = point.y !== null;
  }
  const values = points.map((point) => `${point.x}:${point.y ?? ''}`).join(' ');
  const dots = lonePoints(points).map(
    (point) =>
      markup`<circle class="${mark}" cx="${px(x.at(point.x))}" cy="${px(y.at(point.y))}" r="2" />`,
  );
  return markup`<path
      class="line ${mark}"
      data-series="${series}"
      data-values="${values}"
      d="${steps.join('')}"
      ><title>${series}</title></path
    >${dots}`;
}

/** Those without a neighbour, of which a line shows nothing. */
function lonePoints(points: Line['points']): readonly { readonly x: number; readonly y: number }[] {
  return points.flatMap(({ x, y }, index) => {
    const before = points[index - 1]?.y ?? null;
    const after = points[index + 1]?.y ?? null;
    return y !== null && before === null && after === null ? [{ x, y }] : [];
  });
}

/** Pixels to a hundredth: the file stays small. */
export function px(value: number): number {
  return Math.round(value * 100) / 100;
}
