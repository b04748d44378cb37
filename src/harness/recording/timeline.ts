// What each second of a run saw, by completion, from the load's start to the last answer. Bounded for runs of hours:
// a dozen numbers a second and, for percentiles, a few hundred histogram pairs, both with a limit that is reported.

import type { TimelineBucket } from '../../contract/run-result.ts';
import { DISPATCH, END, TIMES_LOG2, type CallBatch } from './call-batch.ts';
import { ANSWER_CLASSES, CALL_CLASS } from './classify.ts';
import {
  addInterval,
  IntervalHistogram,
  intervalQuantile,
  IntervalStore,
  type IntervalPairs,
} from './interval-histogram.ts';
import { P50, P99, type Quantile } from './nearest-rank.ts';

const SECOND_NS = 1e9;
/** A day; what comes later is counted in the last second. */
const MAX_SECONDS = 86_400;
/** 24 MB of pairs per class: hours of a run with a wide spread. */
const MAX_PAIRS = 4_000_000;

// Cells of a second: answers by class, starts, then sum, minimum and maximum of the latency of ok and of silent calls.
const STARTS = ANSWER_CLASSES;
const LATENCY = ANSWER_CLASSES + 1;
const LATENCY_CELLS = 3;
const SUM = 0;
const MIN = 1;
const MAX = 2;
const STRIDE = 12;

/** The two classes of which only one is "ok" when the run is over; their cells and pairs never mix. */
const TIMED_CLASSES = [CALL_CLASS.ok, CALL_CLASS.silent] as const;

// Limits: of the second of the latest start, and the end of the open second.
const START_FROM = 0;
const START_UNTIL = 1;
const OPEN_UNTIL = 2;

export interface RecordedTimeline {
  /** STRIDE cells per second. */
  readonly cells: Float64Array;
  /** By timed class. */
  readonly pairs: readonly IntervalPairs[];
  /** False when seconds or percentiles had to be left out. */
  readonly complete: boolean;
}

export class TimelineRecorder {
  #cells = new Float64Array(64 * STRIDE);
  /** The second whose latencies are being collected; earlier ones are closed. */
  #second = 0;
  /** Seconds seen, of starts or ends. */
  #seconds = 1;
  #complete = true;
  /** The second of the latest start. */
  #startSecond = 0;
  /** On the run's clock. */
  readonly #limits = Float64Array.of(Infinity, -Infinity, -Infinity);
  readonly #originNs: number;
  readonly #open = TIMED_CLASSES.map(() => new IntervalHistogram());
  readonly #stores = TIMED_CLASSES.map(() => new IntervalStore(MAX_PAIRS));

  constructor(loadStartNs: number) {
    this.#originNs = loadStartNs;
  }

  /** A start counts in the second of its dispatch. An end that precedes the open second counts in the open second. */
  addAll(batch: CallBatch): void {
    const { calls, times, callClass } = batch;
    for (let row = 0; row < calls; row += 1) {
      const base = row << TIMES_LOG2;
      const dispatchNs = times[base + DISPATCH] ?? 0;
      const ofClass = callClass[row] ?? 0;
      this.#start(dispatchNs);
      if (ofClass === CALL_CLASS.incomplete) continue;
      const endNs = times[base + END] ?? 0;
      if (endNs >= (this.#limits[OPEN_UNTIL] ?? 0)) this.#advance(endNs);
      this.#end(endNs - dispatchNs, ofClass);
    }
  }

  #start(dispatchNs: number): void {
    const limits = this.#limits;
    if (dispatchNs < (limits[START_FROM] ?? 0) || dispatchNs >= (limits[START_UNTIL] ?? 0)) {
      this.#startSecond = this.#reach(dispatchNs - this.#originNs);
      const fromNs = this.#originNs + this.#startSecond * SECOND_NS;
      limits[START_FROM] = this.#startSecond === 0 ? -Infinity : fromNs;
      limits[START_UNTIL] = fromNs + SECOND_NS;
    }
    const at = this.#startSecond * STRIDE + STARTS;
    this.#cells[at] = (this.#cells[at] ?? 0) + 1;
  }

  #advance(endNs: number): void {
    const second = this.#reach(endNs - this.#originNs);
    this.#closeUntil(second);
    const isLast = second === MAX_SECONDS - 1;
    this.#limits[OPEN_UNTIL] =
      isLast && !this.#complete ? Infinity : this.#originNs + (second + 1) * SECOND_NS;
  }

  #end(latencyNs: number, callClass: number): void {
    const cells = this.#cells;
    const base = this.#second * STRIDE;
    const count = (cells[base + callClass] ?? 0) + 1;
    cells[base + callClass] = count;
    const open = this.#open[callClass];
    if (open === undefined) return; // degraded answers and errors are counted, not timed
    open.record(latencyNs);
    noteLatency(cells, base + LATENCY + callClass * LATENCY_CELLS, latencyNs, count === 1);
  }

  get byteLength(): number {
    return this.#stores.reduce((sum, store) => sum + store.byteLength, this.#cells.byteLength);
  }

  /** Closes the open second: call once, at the end. */
  data(): RecordedTimeline {
    this.#closeUntil(this.#seconds - 1);
    this.#closeSecond();
    return {
      cells: this.#cells.slice(0, this.#seconds * STRIDE),
      pairs: this.#stores.map((store) => store.data()),
      complete: this.#complete,
    };
  }

  /** The second of an instant since the load's start, with cells for it. */
  #reach(sinceStartNs: number): number {
    const second = Math.floor(Math.max(sinceStartNs, 0) / SECOND_NS);
    if (second < this.#seconds) return second;
    if (second < MAX_SECONDS) {
      this.#seconds = second + 1;
      this.#makeRoom();
      return second;
    }
    this.#complete = false;
    this.#seconds = MAX_SECONDS;
    this.#makeRoom();
    return MAX_SECONDS - 1;
  }

  #makeRoom(): void {
    if (this.#seconds * STRIDE <= this.#cells.length) return;
    const cells = new Float64Array(Math.max(this.#cells.length * 2, this.#seconds * STRIDE));
    cells.set(this.#cells);
    this.#cells = cells;
  }

  #closeUntil(second: number): void {
    while (this.#second < second) {
      this.#closeSecond();
      this.#second += 1;
    }
  }

  #closeSecond(): void {
    this.#stores.forEach((store, callClass) => {
      const fits = this.#open[callClass]?.drainInto(store) ?? true;
      if (!fits) this.#complete = false;
    });
  }
}

function noteLatency(cells: Float64Array, at: number, latencyNs: number, first: boolean): void {
  cells[at + SUM] = (cells[at + SUM] ?? 0) + latencyNs;
  if (first || latencyNs < (cells[at + MIN] ?? 0)) cells[at + MIN] = latencyNs;
  if (first || latencyNs > (cells[at + MAX] ?? 0)) cells[at + MAX] = latencyNs;
}

export function mergeTimelines(list: readonly RecordedTimeline[]): RecordedTimeline {
  const cells = new Float64Array(Math.max(0, ...list.map((part) => part.cells.length)));
  for (const part of list) {
    for (let base = 0; base < part.cells.length; base += STRIDE)
      mergeSecond(cells, part.cells, base);
  }
  return {
    cells,
    pairs: TIMED_CLASSES.map((callClass) =>
      mergePairs(
        list.flatMap((part) => part.pairs[callClass] ?? []),
        cells.length / STRIDE,
      ),
    ),
    complete: list.every((part) => part.complete),
  };
}

function mergeSecond(into: Float64Array, from: Float64Array, base: number): void {
  for (const callClass of TIMED_CLASSES) {
    if (cellOf(from, base + callClass) === 0) continue;
    const at = base + LATENCY + callClass * LATENCY_CELLS;
    const first = cellOf(into, base + callClass) === 0;
    const min = cellOf(from, at + MIN);
    into[at + SUM] = cellOf(into, at + SUM) + cellOf(from, at + SUM);
    into[at + MIN] = first ? min : Math.min(cellOf(into, at + MIN), min);
    into[at + MAX] = Math.max(cellOf(into, at + MAX), cellOf(from, at + MAX));
  }
  for (let cell = base; cell <= base + STARTS; cell += 1) {
    into[cell] = cellOf(into, cell) + cellOf(from, cell);
  }
}

function cellOf(cells: Float64Array, at: number): number {
  return cells[at] ?? 0;
}

function mergePairs(list: readonly IntervalPairs[], seconds: number): IntervalPairs {
  const scratch = new IntervalHistogram();
  const store = new IntervalStore(MAX_PAIRS * Math.max(1, list.length));
  for (let second = 0; second < seconds; second += 1) {
    for (const pairs of list) addInterval(scratch, pairs, second);
    scratch.drainInto(store);
  }
  return store.data();
}

/** One bucket per second, none left out. The last may be part of a second; its in-flight count is that at the run's end. */
export function timelineBuckets(
  timeline: RecordedTimeline,
  sawLlmOutput: boolean,
): TimelineBucket[] {
  const okClass = sawLlmOutput ? CALL_CLASS.ok : CALL_CLASS.silent;
  const pairs = timeline.pairs[okClass];
  let inFlight = 0;
  return Array.from({ length: timeline.cells.length / STRIDE }, (_, second) => {
    const cells = timeline.cells.subarray(second * STRIDE, (second + 1) * STRIDE);
    const requests = cells.subarray(0, ANSWER_CLASSES).reduce((sum, count) => sum + count, 0);
    const ok = cellOf(cells, okClass);
    const starts = cellOf(cells, STARTS);
    inFlight += starts - requests;
    const latencyAt = LATENCY + okClass * LATENCY_CELLS;
    const extremes = {
      minNs: cellOf(cells, latencyAt + MIN),
      maxNs: cellOf(cells, latencyAt + MAX),
    };
    const percentileUs = (quantile: Quantile): number | null => {
      const value =
        pairs === undefined ? null : intervalQuantile(pairs, second, quantile, extremes);
      return value === null ? null : Math.round(value / 1000);
    };
    return {
      second,
      requests,
      errors: requests - ok,
      p50_us: percentileUs(P50),
      p99_us: percentileUs(P99),
      mean_us: ok === 0 ? null : cellOf(cells, latencyAt + SUM) / ok / 1000,
      starts,
      inFlightAtEnd: inFlight,
    };
  });
}
