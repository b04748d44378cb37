// The garbage collector's pauses as one sorted set of intervals inside a window, and how requests meet it.
// The window is also taken as a circle: turning the whole train by a random angle keeps pause lengths, bursts and
// request lengths, and breaks only what is in question, whether pauses and slow requests fall together.

import type { GcPause } from '../contract/resources.ts';

/** Disjoint, sorted, relative to the window's start and within it. */
export interface PauseTrain {
  readonly windowNs: number;
  readonly startsNs: Float64Array;
  readonly endsNs: Float64Array;
  /** Paused time before pause i; one entry more than there are pauses. */
  readonly pausedBeforeNs: Float64Array;
}

export interface PauseTrainOptions {
  readonly windowStartNs: number;
  readonly windowEndNs: number;
  /** Pauses closer than this are one: two parts of one collection. */
  readonly mergeGapNs: number;
  /** Added on both sides, for what two clocks may differ. */
  readonly padNs: number;
}

/** Relative to the window's start, sorted by start. */
export interface Intervals {
  readonly startsNs: Float64Array;
  readonly endsNs: Float64Array;
}

export function buildPauseTrain(
  pauses: readonly Pick<GcPause, 'startNs' | 'durationNs'>[],
  options: PauseTrainOptions,
): PauseTrain {
  const { windowStartNs, windowEndNs, mergeGapNs, padNs } = options;
  const windowNs = windowEndNs - windowStartNs;
  const merged: { startNs: number; endNs: number }[] = [];
  for (const pause of [...pauses].sort((a, b) => a.startNs - b.startNs)) {
    const startNs = Math.max(0, pause.startNs - windowStartNs - padNs);
    const endNs = Math.min(windowNs, pause.startNs - windowStartNs + pause.durationNs + padNs);
    const last = merged.at(-1);
    if (endNs <= startNs) continue;
    if (last === undefined || startNs - last.endNs >= mergeGapNs) merged.push({ startNs, endNs });
    else last.endNs = Math.max(last.endNs, endNs);
  }
  const pausedBeforeNs = new Float64Array(merged.length + 1);
  for (const [index, { startNs, endNs }] of merged.entries()) {
    pausedBeforeNs[index + 1] = (pausedBeforeNs[index] ?? 0) + endNs - startNs;
  }
  return {
    windowNs,
    startsNs: Float64Array.from(merged, ({ startNs }) => startNs),
    endsNs: Float64Array.from(merged, ({ endNs }) => endNs),
    pausedBeforeNs,
  };
}

/** How much of [startNs, endNs] was paused. */
export function overlapNs(train: PauseTrain, startNs: number, endNs: number): number {
  return pausedUntil(train, endNs) - pausedUntil(train, startNs);
}

function pausedUntil({ startsNs, endsNs, pausedBeforeNs }: PauseTrain, atNs: number): number {
  let low = 0;
  let high = startsNs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((startsNs[middle] ?? Infinity) < atNs) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return 0;
  return (pausedBeforeNs[low] ?? 0) - Math.max(0, (endsNs[low - 1] ?? 0) - atNs);
}

/**
 * How many of the requests meet a pause after the train was turned by each of `shiftsNs` (0 ≤ shift < window).
 * Touching is not meeting. Linear in requests + pauses per shift.
 */
export function overlapCountsByShift(
  train: PauseTrain,
  requests: Intervals,
  shiftsNs: Float64Array,
): Uint32Array {
  const circle = twoTurns(train);
  const counts = new Uint32Array(shiftsNs.length);
  for (let index = 0; index < shiftsNs.length; index++) {
    counts[index] = countOverlaps(circle, requests, shiftsNs[index] ?? 0);
  }
  return counts;
}

/** The train twice, so that a request over the seam of the circle needs no case of its own. */
function twoTurns({ startsNs, endsNs, windowNs }: PauseTrain): Intervals & { windowNs: number } {
  const twice = (edges: Float64Array): Float64Array => {
    const both = new Float64Array(2 * edges.length);
    both.set(edges);
    both.set(
      edges.map((edge) => edge + windowNs),
      edges.length,
    );
    return both;
  };
  return { windowNs, startsNs: twice(startsNs), endsNs: twice(endsNs) };
}

/** Turns the requests back instead of the pauses forth: they stay sorted but for one seam. */
function countOverlaps(
  circle: Intervals & { windowNs: number },
  requests: Intervals,
  shiftNs: number,
): number {
  const n = requests.startsNs.length;
  const seam = firstAtOrAfter(requests.startsNs, shiftNs);
  let pause = 0;
  let count = 0;
  for (let step = 0; step < n; step++) {
    const wraps = seam + step >= n;
    const request = wraps ? seam + step - n : seam + step;
    const turnNs = wraps ? circle.windowNs - shiftNs : -shiftNs;
    const startNs = (requests.startsNs[request] ?? 0) + turnNs;
    const endNs = (requests.endsNs[request] ?? 0) + turnNs;
    while ((circle.endsNs[pause] ?? Infinity) <= startNs) pause += 1;
    if ((circle.startsNs[pause] ?? Infinity) < endNs) count += 1;
  }
  return count;
}

function firstAtOrAfter(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
