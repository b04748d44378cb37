// Where a series of results moved to another level, and how far: E-divisive splits, kept only where a t-test finds the
// two sides different and the difference is large enough to matter. Windows keep a long history from hiding a late change;
// no chance is involved, so the same series has the same change points every time.

import { MIN_RESULTS_OF_LEVEL, type LevelChange } from '../contract/history.ts';
import { eDivisiveBest, pooledTTest } from './e-divisive.ts';
import { moments } from './moments.ts';
import { at, requireFinite, type Values } from './sample.ts';
import { welchLogRatio, welchT } from './welch.ts';

/** A split that a window may propose; the t-test over the neighbouring segments then decides. */
const PROPOSAL_P = 0.05;
/** Points that move without an end would be a defect; the bound says so. */
const ROUNDS_MAX = 20;
const NO_CHANCE = { permutations: 0, seed: 1 } as const;
const DEFAULTS = {
  maxP: 0.001,
  minMagnitude: 0.03,
  window: 30,
  minSegment: MIN_RESULTS_OF_LEVEL,
} as const;

/** `ratio` for what scales (throughput, latency); `difference` for what may be 0 (a share of errors). */
export type ChangeScale = 'ratio' | 'difference';

export interface ChangePointOptions {
  readonly scale: ChangeScale;
  readonly maxP?: number;
  /** Relative for 'ratio', in the values' own unit for 'difference'. */
  readonly minMagnitude?: number;
  /** At most that many values on each side are looked at. */
  readonly window?: number;
  readonly minSegment?: number;
}

/** The interval of the magnitude (Welch) does not account for the search for the place; p is Student's, pooled. */
export interface SeriesChange extends LevelChange {
  /** 0-based index of the first value of the new level. */
  readonly index: number;
}

/** Ascending by index. Throws InvalidSampleError 'non-finite'. */
export function findChangePoints(values: Values, options: ChangePointOptions): SeriesChange[] {
  requireFinite(values);
  const rules = { ...DEFAULTS, ...options };
  const plain = Array.from(values);
  const places = new Set<number>();
  for (const [from, to] of windowsOf(plain.length, rules.window)) {
    proposals(plain.slice(from, to), rules.minSegment).forEach((place) => places.add(from + place));
  }
  return keepReal(plain, [...places], rules);
}

/** Overlapping by half, the last one flush with the end. */
function windowsOf(length: number, window: number): [from: number, to: number][] {
  const step = Math.max(1, Math.floor(window / 2));
  const starts: number[] = [];
  for (let start = 0; start + window < length; start += step) starts.push(start);
  starts.push(Math.max(0, length - window));
  return starts.map((start) => [start, Math.min(length, start + window)]);
}

function proposals(values: readonly number[], minSegment: number): number[] {
  const best = eDivisiveBest(values, { ...NO_CHANCE, minSegment });
  if (best === null) return [];
  const place = best.changepoint;
  if (pOf(values, [0, place, values.length]) > PROPOSAL_P) return [];
  return [
    ...proposals(values.slice(0, place), minSegment),
    place,
    ...proposals(values.slice(place), minSegment).map((next) => place + next),
  ];
}

type Rules = Required<ChangePointOptions>;

/** Takes the least likely point away until each is significant and large, then puts each where it fits best. */
function keepReal(
  values: readonly number[],
  places: readonly number[],
  rules: Rules,
): SeriesChange[] {
  let kept = places.toSorted((a, b) => a - b);
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    kept = withoutDoubtful(values, kept, rules);
    const better = [
      ...new Set(kept.map((_, position) => bestPlace(values, kept, position, rules))),
    ];
    if (better.length === kept.length && better.every((place, i) => place === kept[i])) break;
    kept = better;
  }
  return changesAt(values, withoutDoubtful(values, kept, rules), rules);
}

function withoutDoubtful(
  values: readonly number[],
  places: readonly number[],
  rules: Rules,
): number[] {
  let kept = [...places];
  for (;;) {
    const [weakest] = changesAt(values, kept, rules)
      .filter((change) => !(change.p < rules.maxP && isLarge(change, rules)))
      .sort((a, b) => b.p - a.p);
    if (weakest === undefined) return kept;
    kept = kept.filter((place) => place !== weakest.index);
  }
}

/** From 0 to anything is no small step. */
function isLarge({ magnitude }: SeriesChange, { minMagnitude }: Rules): boolean {
  return magnitude === null || Math.abs(magnitude) >= minMagnitude;
}

function changesAt(
  values: readonly number[],
  places: readonly number[],
  rules: Rules,
): SeriesChange[] {
  return places.map((_, position) =>
    changeAt(values, around(values, places, position, rules), rules),
  );
}

type Segments = readonly [from: number, place: number, to: number];

/** A point's own two levels: as far as the neighbouring points, and no further than a window. */
function around(
  { length }: Values,
  places: readonly number[],
  position: number,
  { window }: Rules,
): Segments {
  const place = at(places, position);
  const from = Math.max(places[position - 1] ?? 0, place - window);
  return [from, place, Math.min(places[position + 1] ?? length, place + window)];
}

function bestPlace(
  values: readonly number[],
  places: readonly number[],
  position: number,
  rules: Rules,
): number {
  const [from, place, to] = around(values, places, position, rules);
  const best = eDivisiveBest(values.slice(from, to), {
    ...NO_CHANCE,
    minSegment: rules.minSegment,
  });
  return best === null ? place : from + best.changepoint;
}

function changeAt(values: readonly number[], segments: Segments, rules: Rules): SeriesChange {
  const [from, index, to] = segments;
  const left = values.slice(from, index);
  const right = values.slice(index, to);
  const before = moments(left).mean;
  const after = moments(right).mean;
  return {
    index,
    before,
    after,
    ...magnitudeOf(left, right, rules.scale),
    p: pOf(values, segments),
  };
}

type Magnitude = Pick<SeriesChange, 'magnitude' | 'magnitudeAbsence' | 'low' | 'high'>;
const FROM_ZERO = 'a level of 0 has no ratio to another';

function magnitudeOf(
  left: readonly number[],
  right: readonly number[],
  scale: ChangeScale,
): Magnitude {
  if (scale === 'ratio') {
    const ratio = welchLogRatio(right, left);
    if (ratio !== null) return relative(ratio.ratio, ratio.low, ratio.high);
  }
  const before = moments(left).mean;
  const difference = moments(right).mean - before;
  const welch = welchT(right, left);
  const interval = { low: welch?.ciLow ?? null, high: welch?.ciHigh ?? null };
  if (scale === 'difference') return { magnitude: difference, ...interval };
  if (before === 0) {
    return { magnitude: null, magnitudeAbsence: FROM_ZERO, low: null, high: null };
  }
  return { magnitude: difference / before, low: null, high: null };
}

function relative(ratio: number, low: number | null, high: number | null): Magnitude {
  return {
    magnitude: ratio - 1,
    low: low === null ? null : low - 1,
    high: high === null ? null : high - 1,
  };
}

/** Pooled, as both sides are taken to scatter alike; few values on one side so borrow the scatter of the other. */
function pOf(values: readonly number[], [from, place, to]: Segments): number {
  if (to - from < 3) return 1;
  const p = pooledTTest(values.slice(from, to), place - from);
  if (p !== null) return p;
  return at(values, from) === at(values, place) ? 1 : 0;
}
