// Pauses of this thread's garbage collector on the clock that every process of the host shares.
// V8 stamps them in performance.now() milliseconds. The two clocks drift apart a little, so they are paired at both
// ends of the log and pauses are interpolated between the pairs.

import {
  constants,
  performance,
  PerformanceObserver,
  type PerformanceEntry,
} from 'node:perf_hooks';
import { setImmediate as nextLoopTurn } from 'node:timers/promises';
import type { GcPause } from '../contract/resources.ts';
import type { MonotonicClock } from './monotonic-clock.ts';

/** 200 collections a second for more than eight minutes; what comes after is counted, not kept. */
const MAX_PAUSES = 100_000;
/** Loop turns after which V8's queued entries have been handed over. */
const FLUSH_TURNS = 3;
/** Below this distance of the two pairs their slope is noise and a plain offset is better. */
const MIN_SLOPE_SPAN_MS = 100;

interface ClockPair {
  readonly performanceMs: number;
  readonly monotonicNs: number;
}

interface RawPause {
  readonly startMs: number;
  readonly durationMs: number;
  readonly kind: GcPause['kind'];
}

export class GcLog {
  readonly #clock: MonotonicClock;
  readonly #observer: PerformanceObserver;
  #raw: RawPause[] = [];
  #dropped = 0;
  #first: ClockPair | null = null;

  constructor(clock: MonotonicClock) {
    this.#clock = clock;
    this.#observer = new PerformanceObserver((list) => this.#take(list.getEntries()));
  }

  /** Pauses that were seen but not kept, since `start`. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Forgets what was logged before. */
  start(): void {
    this.#raw = [];
    this.#dropped = 0;
    this.#first = pairClocks(this.#clock);
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  /** Every pause since `start` by start time, once V8 has delivered the last; empty if never started. */
  async stop(): Promise<GcPause[]> {
    const first = this.#first;
    if (first === null) return [];
    for (let turn = 0; turn < FLUSH_TURNS; turn++) await nextLoopTurn();
    this.#take(this.#observer.takeRecords());
    this.#observer.disconnect();
    this.#first = null;
    const last = pairClocks(this.#clock);
    return this.#raw
      .filter((pause) => pause.startMs >= first.performanceMs)
      .map((pause) => ({
        startNs: toMonotonicNs(pause.startMs, first, last),
        durationNs: Math.round(pause.durationMs * 1e6),
        kind: pause.kind,
      }))
      .sort((a, b) => a.startNs - b.startNs);
  }

  #take(entries: readonly PerformanceEntry[]): void {
    for (const entry of entries) {
      if (this.#raw.length >= MAX_PAUSES) {
        this.#dropped += 1;
        continue;
      }
      this.#raw.push({
        startMs: entry.startTime,
        durationMs: entry.duration,
        kind: kindOf(entry),
      });
    }
  }
}

/** Between the two pairs by a straight line, outside them by the same line. */
function toMonotonicNs(performanceMs: number, first: ClockPair, last: ClockPair): number {
  const spanMs = last.performanceMs - first.performanceMs;
  const slope = spanMs < MIN_SLOPE_SPAN_MS ? 1e6 : (last.monotonicNs - first.monotonicNs) / spanMs;
  return Math.round(first.monotonicNs + (performanceMs - first.performanceMs) * slope);
}

/** The tightest of a few tries, so that a preemption between the two readings does not become an offset. */
function pairClocks(clock: MonotonicClock): ClockPair {
  let best: ClockPair = { performanceMs: performance.now(), monotonicNs: clock.nowNs() };
  let bestGapNs = Infinity;
  for (let attempt = 0; attempt < 5; attempt++) {
    const beforeNs = clock.nowNs();
    const performanceMs = performance.now();
    const afterNs = clock.nowNs();
    if (afterNs - beforeNs >= bestGapNs) continue;
    bestGapNs = afterNs - beforeNs;
    best = { performanceMs, monotonicNs: beforeNs + bestGapNs / 2 };
  }
  return best;
}

/** Node puts the detail on the entry; its published types only on a subclass. */
function kindOf(entry: PerformanceEntry): GcPause['kind'] {
  const detail: unknown = Reflect.get(entry, 'detail');
  if (typeof detail !== 'object' || detail === null) return 'other';
  switch (Reflect.get(detail, 'kind')) {
    case constants.NODE_PERFORMANCE_GC_MINOR:
      return 'minor';
    case constants.NODE_PERFORMANCE_GC_MAJOR:
      return 'major';
    case constants.NODE_PERFORMANCE_GC_INCREMENTAL:
      return 'incremental';
    case constants.NODE_PERFORMANCE_GC_WEAKCB:
      return 'weak-callback';
    default:
      return 'other';
  }
}
