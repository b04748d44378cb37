// Nanosecond values in constant memory: a few nanoseconds to record, mergeable, at most 1/2048 off at any percentile,
// with exact count, minimum, maximum and sum. Everything sits in typed arrays, so that threads can hand it over.

import { addToSum, meanOfSum, mergeSum, readSum } from './exact-sum.ts';
import {
  bucketIndex,
  bucketLow,
  bucketMiddle,
  bucketWidth,
  FINE_STEPS_LOG2,
  HIGHEST_TRACKABLE_NS,
} from './log-linear-layout.ts';
import { nearestRank, type Quantile } from './nearest-rank.ts';

/** Largest relative distance between a percentile read here and the value that has that rank. */
export const HISTOGRAM_RELATIVE_ERROR = 1 / 2 ** (FINE_STEPS_LOG2 + 1);

/** A histogram as plain, structured-cloneable data. */
export interface RecordedHistogram {
  /** By bucket of the fine layout; shorter than the layout where no larger value came. */
  readonly counts: Float64Array;
  /** Count, minimum, maximum, sum (2 cells), clamped values. */
  readonly totals: Float64Array;
}

const COUNT = 0;
const MIN = 1;
const MAX = 2;
const SUM = 3;
const CLAMPED = 5;
const TOTAL_CELLS = 6;

const PAGE = 2 ** FINE_STEPS_LOG2;

export class LogLinearHistogram {
  #counts: Float64Array;
  readonly #totals: Float64Array;

  constructor(from?: RecordedHistogram) {
    this.#counts = from === undefined ? new Float64Array(2 * PAGE) : from.counts.slice();
    this.#totals = from === undefined ? emptyTotals() : from.totals.slice();
  }

  /** An integer of nanoseconds. A value below 0 counts as 0, one above the trackable range stays in its top bucket; both are counted as clamped. */
  record(valueNs: number): void {
    const value = valueNs >= 0 && valueNs <= HIGHEST_TRACKABLE_NS ? valueNs : this.#clamp(valueNs);
    const index = bucketIndex(value, FINE_STEPS_LOG2);
    if (index >= this.#counts.length) this.#grow(index);
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#note(value);
  }

  /** The first `count` of the values, or all where there are fewer. */
  recordAll(valuesNs: Float64Array, count: number): void {
    const end = Math.min(count, valuesNs.length);
    for (let at = 0; at < end; at += 1) this.record(valuesNs[at] ?? 0);
  }

  get count(): number {
    return this.#total(COUNT);
  }

  /** Exact; null without values. */
  get minNs(): number | null {
    return this.count === 0 ? null : this.#total(MIN);
  }

  /** Exact; null without values. */
  get maxNs(): number | null {
    return this.count === 0 ? null : this.#total(MAX);
  }

  /** Exact up to 2^53, the nearest double beyond. */
  get sumNs(): number {
    return readSum(this.#totals, SUM);
  }

  /** From the exact sum; null without values. */
  get meanNs(): number | null {
    return this.count === 0 ? null : meanOfSum(this.#totals, SUM, this.count);
  }

  get byteLength(): number {
    return this.#counts.byteLength + this.#totals.byteLength;
  }

  /** The value of nearest rank, off by at most HISTOGRAM_RELATIVE_ERROR and never outside [min, max]; null without values. */
  valueAt(quantile: Quantile): number | null {
    const n = this.count;
    if (n === 0) return null;
    const rank = nearestRank(n, quantile);
    if (rank === 1) return this.minNs;
    if (rank === n) return this.maxNs;
    return Math.min(Math.max(this.#middleAtRank(rank), this.#total(MIN)), this.#total(MAX));
  }

  merge(other: RecordedHistogram): void {
    const { counts, totals } = other;
    if (counts.length > this.#counts.length) this.#grow(counts.length - 1);
    for (let index = 0; index < counts.length; index += 1) {
      const count = counts[index] ?? 0;
      if (count !== 0) this.#counts[index] = (this.#counts[index] ?? 0) + count;
    }
    this.#totals[COUNT] = this.count + (totals[COUNT] ?? 0);
    this.#totals[CLAMPED] = this.#total(CLAMPED) + (totals[CLAMPED] ?? 0);
    this.#totals[MIN] = Math.min(this.#total(MIN), totals[MIN] ?? Infinity);
    this.#totals[MAX] = Math.max(this.#total(MAX), totals[MAX] ?? -Infinity);
    mergeSum(this.#totals, SUM, totals);
  }

  /** Shares memory with the histogram: hand it on only when recording is over. */
  data(): RecordedHistogram {
    return { counts: this.#counts, totals: this.#totals };
  }

  #middleAtRank(rank: number): number {
    let seen = 0;
    for (let index = 0; index < this.#counts.length; index += 1) {
      seen += this.#counts[index] ?? 0;
      if (seen >= rank) return bucketMiddle(index, FINE_STEPS_LOG2);
    }
    return this.#total(MAX);
  }

  #note(value: number): void {
    const totals = this.#totals;
    totals[COUNT] = (totals[COUNT] ?? 0) + 1;
    if (value < (totals[MIN] ?? 0)) totals[MIN] = value;
    if (value > (totals[MAX] ?? 0)) totals[MAX] = value;
    addToSum(totals, SUM, value);
  }

  #clamp(valueNs: number): number {
    this.#totals[CLAMPED] = this.#total(CLAMPED) + 1;
    return valueNs > 0 ? HIGHEST_TRACKABLE_NS : 0;
  }

  #grow(index: number): void {
    const grown = new Float64Array((Math.floor(index / PAGE) + 1) * PAGE);
    grown.set(this.#counts);
    this.#counts = grown;
  }

  #total(cell: number): number {
    return this.#totals[cell] ?? 0;
  }
}

/** Values of a recorded histogram that were outside the trackable range. */
export function clampedValues(recorded: RecordedHistogram): number {
  return recorded.totals[CLAMPED] ?? 0;
}

/** The buckets that hold something, each by the value that stands for it, never outside [min, max]; ascending. */
export function countedValues({ counts, totals }: RecordedHistogram): {
  readonly valuesNs: Float64Array;
  readonly counts: Float64Array;
} {
  const used = Uint32Array.from(counts.keys()).filter((index) => counts[index] !== 0);
  return {
    valuesNs: Float64Array.from(used, (index) =>
      Math.min(Math.max(bucketMiddle(index, FINE_STEPS_LOG2), totals[MIN] ?? 0), totals[MAX] ?? 0),
    ),
    counts: Float64Array.from(used, (index) => counts[index] ?? 0),
  };
}

/** A histogram of `count` values of 0. */
export function zeros(count: number): RecordedHistogram {
  const totals = emptyTotals();
  totals[COUNT] = count;
  totals[MIN] = 0;
  totals[MAX] = 0;
  return { counts: Float64Array.of(count), totals };
}

/** What is known exactly beside the buckets. */
export interface ExactFigures {
  readonly minNs?: number;
  readonly maxNs?: number;
  readonly sumNs?: number;
}

/** A histogram of which the buckets are known: minimum, maximum and sum are as good as their widths where not given. */
export function histogramFromCounts(
  counts: Float64Array,
  exact: ExactFigures = {},
): LogLinearHistogram {
  const totals = emptyTotals();
  counts.forEach((count, index) => {
    if (count === 0) return;
    const low = bucketLow(index, FINE_STEPS_LOG2);
    const width = bucketWidth(index, FINE_STEPS_LOG2);
    totals[COUNT] = (totals[COUNT] ?? 0) + count;
    totals[MIN] = Math.min(totals[MIN] ?? Infinity, low);
    totals[MAX] = low + width - 1;
    addWeighted(totals, low + Math.floor(width / 2), count);
  });
  if ((totals[COUNT] ?? 0) > 0) {
    totals[MIN] = exact.minNs ?? totals[MIN] ?? 0;
    totals[MAX] = exact.maxNs ?? totals[MAX] ?? 0;
    if (exact.sumNs !== undefined)
      totals.set([exact.sumNs % 2 ** 52, Math.floor(exact.sumNs / 2 ** 52)], SUM);
  }
  return new LogLinearHistogram({ counts, totals });
}

function addWeighted(totals: Float64Array, value: number, count: number): void {
  const [low, carries] = splitProduct(value, count);
  addToSum(totals, SUM, low);
  totals[SUM + 1] = (totals[SUM + 1] ?? 0) + carries;
}

/** value · count as low + carries · 2^52, both exact. */
function splitProduct(value: number, count: number): readonly [number, number] {
  const product = BigInt(value) * BigInt(count);
  return [Number(product & 0xf_ffff_ffff_ffffn), Number(product >> 52n)];
}

function emptyTotals(): Float64Array {
  const totals = new Float64Array(TOTAL_CELLS);
  totals[MIN] = Infinity;
  totals[MAX] = -Infinity;
  return totals;
}
