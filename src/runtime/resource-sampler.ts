// What this process and this thread's event loop cost, second by second, on the clock that all processes share.
// Deadlines are absolute, so late ticks do not push later ones; a second that a blocked loop skipped has no sample,
// and the sample after it covers the whole gap.

import {
  monitorEventLoopDelay,
  performance,
  PerformanceObserver,
  type EventLoopUtilization,
  type IntervalHistogram,
} from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { ProcessSample } from '../contract/resources.ts';
import type { MonotonicClock } from './monotonic-clock.ts';

const SECOND_NS = 1e9;
const BYTES_PER_MB = 1024 * 1024;
/** The delay histogram holds the distance of two firings of a timer; its period is not delay. */
const DELAY_RESOLUTION_MS = 5;
/** A shorter rest at the stop says more about the sampling than about the process. */
const MIN_PARTIAL_NS = 50e6;
/** A day of seconds; a longer run keeps the first ones. */
const MAX_SAMPLES = 86_400;

interface Reading {
  readonly atNs: number;
  readonly cpuUserUs: number;
  readonly cpuSystemUs: number;
  readonly loop: EventLoopUtilization;
}

export interface ResourceSamplerOptions {
  readonly clock: MonotonicClock;
}

export class ResourceSampler {
  readonly #clock: MonotonicClock;
  readonly #observer: PerformanceObserver;
  #samples: ProcessSample[] = [];
  #previous: Reading | null = null;
  #delay: IntervalHistogram | null = null;
  #timer: NodeJS.Timeout | null = null;
  #deadlineNs = 0;
  #gcCount = 0;
  #gcPauseMs = 0;

  constructor(options: ResourceSamplerOptions) {
    this.#clock = options.clock;
    this.#observer = new PerformanceObserver((list) => this.#countGc(list.getEntries()));
  }

  /** Starts over: samples and GC totals count from here. Does not keep the process alive. */
  start(): void {
    this.#clear();
    this.#samples = [];
    this.#gcCount = 0;
    this.#gcPauseMs = 0;
    this.#delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
    this.#delay.enable();
    this.#observer.observe({ entryTypes: ['gc'] });
    this.#previous = this.#read();
    this.#deadlineNs = nextDeadlineNs(this.#previous.atNs);
    this.#arm();
  }

  /** All samples, with one for the rest of the second in progress. Empty if never started. */
  stop(): ProcessSample[] {
    if (this.#previous !== null) {
      const nowNs = this.#clock.nowNs();
      const restNs = nowNs - this.#previous.atNs;
      if (nowNs >= this.#deadlineNs) this.#sample(lastWholeSecond(nowNs));
      else if (restNs >= MIN_PARTIAL_NS || this.#samples.length === 0) {
        this.#sample(Math.floor(nowNs / SECOND_NS));
      }
    }
    this.#clear();
    return this.#samples;
  }

  #clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#delay?.disable();
    this.#delay = null;
    this.#previous = null;
    this.#observer.disconnect();
  }

  #arm(): void {
    const waitMs = Math.max(0, Math.ceil((this.#deadlineNs - this.#clock.nowNs()) / 1e6));
    this.#timer = setTimeout(() => this.#tick(), waitMs);
    this.#timer.unref();
  }

  #tick(): void {
    // Two turns on, the delay timer has fired too: a block that ends here would else be lost with the reset.
    setImmediate(() => setImmediate(() => this.#onDeadline()));
  }

  #onDeadline(): void {
    if (this.#previous === null) return;
    const nowNs = this.#clock.nowNs();
    if (nowNs >= this.#deadlineNs) {
      this.#sample(lastWholeSecond(nowNs));
      this.#deadlineNs = nextDeadlineNs(nowNs);
    }
    this.#arm();
  }

  #sample(second: number): void {
    const before = this.#previous;
    if (before === null || this.#samples.length >= MAX_SAMPLES) return;
    this.#countGc(this.#observer.takeRecords());
    const now = this.#read();
    const cpuUserUs = now.cpuUserUs - before.cpuUserUs;
    const cpuSystemUs = now.cpuSystemUs - before.cpuSystemUs;
    const elapsedUs = Math.max(1, (now.atNs - before.atNs) / 1000);
    const heap = getHeapStatistics();
    this.#samples.push({
      second,
      goroutines: process.getActiveResourcesInfo().length,
      heap_alloc_mb: heap.used_heap_size / BYTES_PER_MB,
      heap_sys_mb: heap.total_heap_size / BYTES_PER_MB,
      num_gc: this.#gcCount,
      gc_pause_total_us: Math.round(this.#gcPauseMs * 1000),
      rssBytes: process.memoryUsage.rss(),
      cpuUserUs,
      cpuSystemUs,
      cpuUtilisation: (cpuUserUs + cpuSystemUs) / elapsedUs,
      eventLoopUtilisation: performance.eventLoopUtilization(now.loop, before.loop).utilization,
      ...takeDelay(this.#delay),
    });
    this.#previous = now;
  }

  #read(): Reading {
    const cpu = process.cpuUsage();
    return {
      atNs: this.#clock.nowNs(),
      cpuUserUs: cpu.user,
      cpuSystemUs: cpu.system,
      loop: performance.eventLoopUtilization(),
    };
  }

  #countGc(entries: readonly { readonly duration: number }[]): void {
    for (const entry of entries) {
      this.#gcCount += 1;
      this.#gcPauseMs += entry.duration;
    }
  }
}

function nextDeadlineNs(nowNs: number): number {
  return (Math.floor(nowNs / SECOND_NS) + 1) * SECOND_NS;
}

/** The second that ended last: a tick at 3.002 s is about second 2. */
function lastWholeSecond(nowNs: number): number {
  return Math.floor(nowNs / SECOND_NS) - 1;
}

/** Reads and clears the delays since the last call; null when the delay timer never fired. */
function takeDelay(
  histogram: IntervalHistogram | null,
): Pick<ProcessSample, 'eventLoopDelayP99Us' | 'eventLoopDelayMaxUs'> {
  if (histogram === null || histogram.count === 0) {
    return { eventLoopDelayP99Us: null, eventLoopDelayMaxUs: null };
  }
  const delays = {
    eventLoopDelayP99Us: delayUs(histogram.percentile(99)),
    eventLoopDelayMaxUs: delayUs(histogram.max),
  };
  histogram.reset();
  return delays;
}

function delayUs(intervalNs: number): number {
  return Math.max(0, Math.round(intervalNs / 1000) - DELAY_RESOLUTION_MS * 1000);
}
