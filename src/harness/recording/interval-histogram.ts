// The latencies of one second, small enough to keep one for every second of an hours-long run: a coarse histogram that
// is emptied into (bucket, count) pairs when its second is over. Pairs are mergeable, so threads agree on a percentile.

import {
  bucketIndex,
  bucketMiddle,
  COARSE_STEPS_LOG2,
  HIGHEST_TRACKABLE_NS,
} from './log-linear-layout.ts';
import { nearestRank, type Quantile } from './nearest-rank.ts';

const BUCKETS = bucketIndex(HIGHEST_TRACKABLE_NS, COARSE_STEPS_LOG2) + 1;

/** Sparse histograms one after another; `ends[i]` is where the i-th ends. */
export interface IntervalPairs {
  readonly buckets: Uint16Array;
  readonly counts: Uint32Array;
  readonly ends: Float64Array;
}

export class IntervalHistogram {
  readonly #counts = new Uint32Array(BUCKETS);
  readonly #touched = new Uint16Array(BUCKETS);
  #touchedCount = 0;

  record(valueNs: number): void {
    const index = bucketIndex(
      Math.min(Math.max(valueNs, 0), HIGHEST_TRACKABLE_NS),
      COARSE_STEPS_LOG2,
    );
    this.add(index, 1);
  }

  add(bucket: number, count: number): void {
    const before = this.#counts[bucket] ?? 0;
    if (before === 0) {
      this.#touched[this.#touchedCount] = bucket;
      this.#touchedCount += 1;
    }
    this.#counts[bucket] = before + count;
  }

  /** Appends what was recorded, in bucket order, and starts anew. False when it did not fit: the interval then stays empty. */
  drainInto(store: IntervalStore): boolean {
    const fits = store.hasRoom(this.#touchedCount);
    const touched = this.#touched.subarray(0, this.#touchedCount).sort();
    for (const bucket of touched) {
      if (fits) store.push(bucket, this.#counts[bucket] ?? 0);
      this.#counts[bucket] = 0;
    }
    this.#touchedCount = 0;
    store.close();
    return fits;
  }
}

/** Grows by doubling up to a bound; what does not fit is left out whole, and said. */
export class IntervalStore {
  #buckets = new Uint16Array(256);
  #counts = new Uint32Array(256);
  #ends = new Float64Array(64);
  #pairs = 0;
  #intervals = 0;
  readonly #maxPairs: number;

  constructor(maxPairs: number) {
    this.#maxPairs = maxPairs;
  }

  /** Whether that many more pairs fit. */
  hasRoom(pairs: number): boolean {
    return this.#pairs + pairs <= this.#maxPairs;
  }

  push(bucket: number, count: number): void {
    if (this.#pairs === this.#buckets.length) {
      this.#buckets = grown(this.#buckets, new Uint16Array(this.#pairs * 2));
      this.#counts = grown(this.#counts, new Uint32Array(this.#pairs * 2));
    }
    this.#buckets[this.#pairs] = bucket;
    this.#counts[this.#pairs] = count;
    this.#pairs += 1;
  }

  close(): void {
    if (this.#intervals === this.#ends.length) {
      this.#ends = grown(this.#ends, new Float64Array(this.#intervals * 2));
    }
    this.#ends[this.#intervals] = this.#pairs;
    this.#intervals += 1;
  }

  get byteLength(): number {
    return this.#buckets.byteLength + this.#counts.byteLength + this.#ends.byteLength;
  }

  data(): IntervalPairs {
    return {
      buckets: this.#buckets.slice(0, this.#pairs),
      counts: this.#counts.slice(0, this.#pairs),
      ends: this.#ends.slice(0, this.#intervals),
    };
  }
}

/** The pairs of all parts in one interval, merged. */
export function addInterval(into: IntervalHistogram, pairs: IntervalPairs, interval: number): void {
  const [start, end] = bounds(pairs, interval);
  for (let at = start; at < end; at += 1) into.add(pairs.buckets[at] ?? 0, pairs.counts[at] ?? 0);
}

/** Smallest and largest value of an interval, known exactly beside its buckets. */
export interface Extremes {
  readonly minNs: number;
  readonly maxNs: number;
}

/** Nearest rank over an interval: an extreme itself, or the middle of the bucket, within the extremes; null without values. */
export function intervalQuantile(
  pairs: IntervalPairs,
  interval: number,
  quantile: Quantile,
  extremes: Extremes,
): number | null {
  const [start, end] = bounds(pairs, interval);
  let n = 0;
  for (let at = start; at < end; at += 1) n += pairs.counts[at] ?? 0;
  if (n === 0) return null;
  const { minNs, maxNs } = extremes;
  const rank = nearestRank(n, quantile);
  if (rank === 1) return minNs;
  if (rank === n) return maxNs;
  let seen = 0;
  let at = start;
  while (at < end) {
    seen += pairs.counts[at] ?? 0;
    if (seen >= rank) break;
    at += 1;
  }
  const middle = bucketMiddle(pairs.buckets[at] ?? 0, COARSE_STEPS_LOG2);
  return Math.min(Math.max(middle, minNs), maxNs);
}

function bounds(pairs: IntervalPairs, interval: number): readonly [number, number] {
  const end = pairs.ends[interval] ?? 0;
  return [interval === 0 ? 0 : Math.min(pairs.ends[interval - 1] ?? end, end), end];
}

function grown<T extends Uint16Array | Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
