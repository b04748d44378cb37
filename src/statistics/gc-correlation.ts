// Do the slowest requests fall together with pauses of the garbage collector, more than chance would have it?
// The bare share of slow requests that met a pause says nothing: long requests meet pauses by being long. So it is
// set against the same share under random turns of the pause train, and beside it stands the time that pauses
// could explain at most. The finding is an association, never a cause.

import type { GcAssociation, GcCorrelation, GcPause, Role } from '../contract/resources.ts';
import {
  buildPauseTrain,
  overlapCountsByShift,
  overlapNs,
  type Intervals,
  type PauseTrain,
} from './pause-train.ts';
import { percentileOfSorted } from './percentile.ts';
import { mulberry32, type RandomSource } from './seeded-random.ts';

const SHIFTS = 999;
/** Bounds a shift's work; 400,000 requests have a tail that still goes in whole. */
const MAX_SHIFTED_REQUESTS = 20_000;
const DEFAULT_MERGE_GAP_NS = 1e6;
const DEFAULT_PAD_NS = 1e6;

export interface GcCorrelationInput {
  readonly role: Role;
  /** Per request, on the pauses' clock; same length, any order. */
  readonly startsNs: Float64Array;
  readonly endsNs: Float64Array;
  /** Null when pauses were not recorded; empty when there were none. */
  readonly pauses: readonly GcPause[] | null;
  readonly seed: number;
  readonly mergeGapNs?: number;
  readonly padNs?: number;
}

/** Requests strictly slower than the p95, in relative time, sorted by start. */
interface Tail extends Intervals {
  readonly medianNs: number;
  readonly windowStartNs: number;
  readonly windowEndNs: number;
}

type Chance = Pick<
  GcAssociation,
  'chanceOverlapShare' | 'lift' | 'liftLow' | 'liftHigh' | 'pValue' | 'shifts'
>;

/** Never throws for any set of requests: what cannot be said is null and the note says why. */
export function correlateGcWithLatency(input: GcCorrelationInput): GcAssociation {
  const { role, seed, pauses } = input;
  if (pauses === null) return nothing(input, 'Pauses of the garbage collector were not measured.');
  const tail = slowestRequests(input.startsNs, input.endsNs);
  if (tail === null) {
    return nothing(
      input,
      'No request is strictly slower than the p95, so there is no tail to look at.',
    );
  }
  const train = buildPauseTrain(pauses, {
    windowStartNs: tail.windowStartNs,
    windowEndNs: tail.windowEndNs,
    mergeGapNs: input.mergeGapNs ?? DEFAULT_MERGE_GAP_NS,
    padNs: input.padNs ?? DEFAULT_PAD_NS,
  });
  const overlap = overlapWith(train, tail);
  const observedOverlapShare = overlap.requests / tail.startsNs.length;
  const inWindow = pauses.filter(
    ({ startNs, durationNs }) =>
      startNs + durationNs >= tail.windowStartNs && startNs <= tail.windowEndNs,
  );
  const common = {
    role,
    seed,
    correlation: seedFigures(inWindow, tail.startsNs.length, overlap.requests),
    tailTimeShare: overlap.timeShare,
    observedOverlapShare,
  };
  if (train.startsNs.length === 0) {
    return {
      ...common,
      ...noChance(0),
      note: 'There was no pause in the window: nothing to associate.',
    };
  }
  const { chance, note } = overlapByChance(train, tail, mulberry32(seed));
  return { ...common, ...chance, note };
}

function slowestRequests(startsNs: Float64Array, endsNs: Float64Array): Tail | null {
  const latenciesNs = endsNs.map((endNs, index) => endNs - (startsNs[index] ?? endNs));
  const sorted = latenciesNs.slice().sort();
  const p95Ns = percentileOfSorted(sorted, 0.95);
  const medianNs = percentileOfSorted(sorted, 0.5);
  if (p95Ns === null || medianNs === null) return null;
  const slow: number[] = [];
  let windowStartNs = Infinity;
  let windowEndNs = -Infinity;
  for (let index = 0; index < startsNs.length; index++) {
    windowStartNs = Math.min(windowStartNs, startsNs[index] ?? Infinity);
    windowEndNs = Math.max(windowEndNs, endsNs[index] ?? -Infinity);
    if ((latenciesNs[index] ?? 0) > p95Ns) slow.push(index);
  }
  if (slow.length === 0) return null;
  slow.sort((a, b) => (startsNs[a] ?? 0) - (startsNs[b] ?? 0));
  return {
    medianNs,
    windowStartNs,
    windowEndNs,
    startsNs: Float64Array.from(slow, (index) => (startsNs[index] ?? 0) - windowStartNs),
    endsNs: Float64Array.from(slow, (index) => (endsNs[index] ?? 0) - windowStartNs),
  };
}

/** Over the whole tail: requests that met a pause, and the share of their excess over the median it could explain. */
function overlapWith(train: PauseTrain, tail: Tail): { requests: number; timeShare: number } {
  let requests = 0;
  let explainedNs = 0;
  let excessNs = 0;
  for (let index = 0; index < tail.startsNs.length; index++) {
    const startNs = tail.startsNs[index] ?? 0;
    const endNs = tail.endsNs[index] ?? 0;
    const pausedNs = overlapNs(train, startNs, endNs);
    const requestExcessNs = endNs - startNs - tail.medianNs;
    if (pausedNs > 0) requests += 1;
    explainedNs += Math.min(pausedNs, requestExcessNs);
    excessNs += requestExcessNs;
  }
  // The excess cannot be 0: every request here is slower than the p95 and so than the median.
  return { requests, timeShare: explainedNs / excessNs };
}

function overlapByChance(
  train: PauseTrain,
  tail: Tail,
  random: RandomSource,
): { chance: Chance; note: string } {
  const requests = thinned(tail, random);
  const shiftsNs = Float64Array.from({ length: SHIFTS }, () => random() * train.windowNs);
  const counts = overlapCountsByShift(train, requests, shiftsNs).sort();
  const observed = overlapCountsByShift(train, requests, Float64Array.of(0))[0] ?? 0;
  const n = requests.startsNs.length;
  const mean = counts.reduce((sum, count) => sum + count, 0) / SHIFTS;
  const chance: Chance = {
    chanceOverlapShare: mean / n,
    lift: ratio(observed, mean),
    liftLow: ratio(observed, percentileOfCounts(counts, 0.975)),
    liftHigh: ratio(observed, percentileOfCounts(counts, 0.025)),
    pValue: (1 + counts.filter((count) => count >= observed).length) / (SHIFTS + 1),
    shifts: SHIFTS,
  };
  return { chance, note: noteOf(chance, n, tail.startsNs.length) };
}

function noteOf(chance: Chance, used: number, all: number): string {
  const parts = ['An association of slow requests with pauses, not a cause.'];
  if (used < all) {
    parts.push(`The chance baseline is from a seeded sample of ${used} of ${all} slow requests.`);
  }
  if (chance.lift === null) parts.push('No turn of the pauses met a slow request: no lift.');
  else if (chance.liftHigh === null) parts.push('The lift has no upper bound.');
  return parts.join(' ');
}

/** A seeded sample without replacement that stays sorted (selection sampling). */
function thinned(tail: Tail, random: RandomSource): Intervals {
  const n = tail.startsNs.length;
  if (n <= MAX_SHIFTED_REQUESTS) return tail;
  let wanted = MAX_SHIFTED_REQUESTS;
  const keep = tail.startsNs.map((_, index) => {
    const taken = random() * (n - index) < wanted ? 1 : 0;
    wanted -= taken;
    return taken;
  });
  return {
    startsNs: tail.startsNs.filter((_, index) => keep[index] === 1),
    endsNs: tail.endsNs.filter((_, index) => keep[index] === 1),
  };
}

function percentileOfCounts(sorted: Uint32Array, p: number): number {
  return percentileOfSorted(Float64Array.from(sorted), p) ?? 0;
}

function ratio(observed: number, expected: number): number | null {
  return expected === 0 ? null : observed / expected;
}

function seedFigures(pauses: readonly GcPause[], slow: number, met: number): GcCorrelation {
  const totalNs = pauses.reduce((sum, pause) => sum + pause.durationNs, 0);
  const maxNs = pauses.reduce((max, pause) => Math.max(max, pause.durationNs), 0);
  return {
    total_p95_requests: slow,
    gc_attributed_requests: met,
    gc_attribution_pct: (100 * met) / slow,
    total_gc_pauses: pauses.length,
    max_gc_pause_us: Math.round(maxNs / 1000),
    avg_gc_pause_us: pauses.length === 0 ? 0 : totalNs / pauses.length / 1000,
    total_gc_pause_us: Math.round(totalNs / 1000),
  };
}

function noChance(chanceOverlapShare: number | null): Chance {
  return { chanceOverlapShare, lift: null, liftLow: null, liftHigh: null, pValue: null, shifts: 0 };
}

function nothing({ role, seed }: GcCorrelationInput, note: string): GcAssociation {
  return {
    role,
    seed,
    correlation: null,
    tailTimeShare: null,
    observedOverlapShare: null,
    ...noChance(null),
    note,
  };
}
