// Figures that theory knows (experiments E1, E4, E6), as bands in ms that hold 99.8 % of samples of the true process: the same
// for simulated time and for real processes.

import type { LatencySummary } from '../../src/contract/run-result.ts';

/** Lowest and highest, in ms where nothing else is said. */
export type Band = readonly [number, number];

export type Figure = 'mean' | 'p50' | 'p90' | 'p95' | 'p99' | 'p999' | 'p9999' | 'max';

export type Bands = Readonly<Partial<Record<Figure, Band>>>;

/** Null when there was none. */
export function figureMs(summary: LatencySummary, figure: Figure): number | null {
  const us = summary[`${figure}Us`];
  return us === null ? null : us / 1000;
}

export function bandsOf(bands: Bands): [Figure, Band][] {
  return Object.entries(bands) as [Figure, Band][]; // the keys are those of the type
}

/** One place of 10 ms under Poisson arrivals, by calls/s: the first 1000 of 6000 calls cut. */
export const M_D_1_BANDS = {
  50: {
    mean: [14.3, 15.8],
    p50: [10, 11.1],
    p90: [23.2, 27.3],
    p95: [27.6, 34.6],
    p99: [37.2, 54.2],
  },
  70: {
    mean: [19.3, 24.7],
    p50: [15.8, 18.8],
    p90: [34.2, 48.7],
    p95: [42.3, 65.7],
    p99: [58.2, 117],
  },
  80: { mean: [25.1, 40], p50: [19.7, 27.5], p90: [48, 80.7], p95: [58.2, 127], p99: [77, 214] },
} as const satisfies Readonly<Record<number, Bands>>;

/** Poisson arrivals of 500/s for a minute at a server that freezes for 1 s every 10 s and else takes 1 ms. */
export const FREEZE_BANDS = {
  p95: [463, 537],
  p99: [883, 919],
  p999: [984, 996],
  mean: [47.8, 53.9],
} as const satisfies Bands;

/** 10,000 calls of 20 ms + U(0, 30) ms. */
export const UNIFORM_BANDS = {
  p50: [34.505, 35.492],
  p90: [46.693, 47.286],
  p95: [48.273, 48.704],
  p99: [49.589, 49.786],
  mean: [34.715, 35.285],
} as const satisfies Bands;
