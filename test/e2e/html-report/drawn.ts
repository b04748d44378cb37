// What a browser has really drawn: the numbers that marks say they stand for, and where on the picture they are, held against
// what is written beside the axes.

import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { z } from 'zod';

type Numbers = readonly number[];

export interface DrawnLine {
  readonly series: string;
  /** As the mark states them; null where the line is interrupted. */
  readonly points: readonly { readonly x: number; readonly y: number | null }[];
  /** Pixels of the points that are there. */
  readonly pixels: readonly { readonly x: number; readonly y: number }[];
}

export interface DrawnPoint {
  readonly series: string;
  readonly run: number;
  readonly value: number;
  /** Pixels. */
  readonly y: number;
}

/** A bar of an interval, a band over the runs, a column of a histogram; `value` and `run` where the mark has one. */
export interface DrawnSpan {
  readonly series: string;
  readonly run: number | null;
  readonly low: number;
  readonly high: number;
  readonly value: number | null;
}

interface Axis {
  /** Pixel of a value that a mark states. */
  at(value: number): number;
}

export async function linesOf(page: Page, chart: string): Promise<DrawnLine[]> {
  const found = await read(
    page,
    `[...document.querySelectorAll('#${chart} path[data-values]')].map((path) => ({
      series: path.dataset.series,
      values: path.dataset.values,
      d: path.getAttribute('d'),
    }))`,
    z.array(z.object({ series: z.string(), values: z.string(), d: z.string() })),
  );
  return found.map(({ series, values, d }) => ({
    series,
    points: values.split(' ').map((pair) => {
      const [x = '', y = ''] = pair.split(':');
      return { x: Number(x), y: y === '' ? null : Number(y) };
    }),
    pixels: [...d.matchAll(/[ML]([-\d.]+) ([-\d.]+)/g)].map(([, x, y]) => ({
      x: Number(x),
      y: Number(y),
    })),
  }));
}

export function pointsOf(page: Page, chart: string): Promise<DrawnPoint[]> {
  return read(
    page,
    `[...document.querySelectorAll('#${chart} circle[data-value]')].map((circle) => ({
      series: circle.dataset.series,
      run: Number(circle.dataset.run),
      value: Number(circle.dataset.value),
      y: circle.cy.baseVal.value,
    }))`,
    z.array(z.object({ series: z.string(), run: z.number(), value: z.number(), y: z.number() })),
  );
}

export function spansOf(page: Page, selector: string): Promise<DrawnSpan[]> {
  return read(
    page,
    `[...document.querySelectorAll('${selector}')].map(({ dataset }) => ({
      series: dataset.series ?? '',
      run: dataset.run === undefined ? null : Number(dataset.run),
      low: Number(dataset.low),
      high: Number(dataset.high),
      value: dataset.value === undefined ? null : Number(dataset.value),
    }))`,
    z.array(
      z.object({
        series: z.string(),
        run: z.number().nullable(),
        low: z.number(),
        high: z.number(),
        value: z.number().nullable(),
      }),
    ),
  );
}

/** Cells of the table with this beginning of its caption, heading cells included. */
export function tableOf(page: Page, caption: string): Promise<string[][]> {
  return read(
    page,
    `(() => {
      const table = [...document.querySelectorAll('table')]
        .find((each) => each.caption.textContent.trim().startsWith(${JSON.stringify(caption)}));
      return [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()));
    })()`,
    z.array(z.array(z.string())),
  );
}

export async function read<T>(page: Page, script: string, shape: z.ZodType<T>): Promise<T> {
  return shape.parse(await page.evaluate(script));
}

/** Of a value in the report file's unit to one of the unit beside the axis. */
const UNITS: Readonly<Record<string, number>> = {
  µs: 1,
  ms: 1000,
  s: 1e6,
  'calls/s': 1,
  '%': 0.01,
  MB: 1e6,
};

/** The axis as a reader has it: from what is written beside two of its ticks. Only for linear ones. */
export async function axisOf(page: Page, chart: string, side: 'x' | 'y'): Promise<Axis> {
  const { title, ticks } = await read(
    page,
    `(() => {
      const texts = [...document.querySelectorAll('#${chart} svg text.tick.${side === 'x' ? 'middle' : 'end'}')];
      const titles = [...document.querySelectorAll('#${chart} svg text.label')];
      return {
        title: titles[${side === 'x' ? 0 : 1}].textContent,
        ticks: texts.map((text) => ({ label: text.textContent, at: text.${side}.baseVal[0].value })),
      };
    })()`,
    z.object({
      title: z.string(),
      ticks: z.array(z.object({ label: z.string(), at: z.number() })),
    }),
  );
  const unit = UNITS[/\(([^)]+)\)/.exec(title)?.[1] ?? ''] ?? 1;
  const values = ticks.map(({ label }) => Number(label.replaceAll(',', '')) * unit);
  return lineThrough(
    values,
    ticks.map(({ at }) => at),
  );
}

/** All ticks must lie on it. */
function lineThrough(values: Numbers, pixels: Numbers): Axis {
  const [first = NaN, last = NaN] = [values[0], values.at(-1)];
  const [from = NaN, to = NaN] = [pixels[0], pixels.at(-1)];
  assert.ok(values.length >= 2 && last > first, 'an axis has at least two ticks, ascending');
  const at = (value: number): number => from + ((value - first) / (last - first)) * (to - from);
  for (const [index, value] of values.entries()) near(at(value), pixels[index] ?? NaN, 'a tick');
  return { at };
}

const PIXELS_OFF_MAX = 0.75;

export function near(actual: number, expected: number, what: string): void {
  assert.ok(
    Math.abs(actual - expected) <= PIXELS_OFF_MAX,
    `${what} is drawn at ${actual} and belongs to ${expected}`,
  );
}

/** Each point of each line is where the axes say that its numbers are. */
export async function assertDrawnToScale(page: Page, chart: string): Promise<void> {
  const [x, y] = [await axisOf(page, chart, 'x'), await axisOf(page, chart, 'y')];
  for (const { series, points, pixels } of await linesOf(page, chart)) {
    const there = points.flatMap(({ x: atX, y: atY }) => (atY === null ? [] : [{ atX, atY }]));
    assert.equal(pixels.length, there.length, `${series} in ${chart}`);
    for (const [index, { atX, atY }] of there.entries()) {
      near(pixels[index]?.x ?? NaN, x.at(atX), `${series} in ${chart}`);
      near(pixels[index]?.y ?? NaN, y.at(atY), `${series} in ${chart}`);
    }
  }
}
