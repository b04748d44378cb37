// Load driver, schedules and recorder as they are, in simulated time to the nanosecond, against servers of which theory
// knows the answer. Alarms and answers are events in one queue; nothing waits.

import { mock } from 'node:test';
import type { PlannedLoad } from '../../src/harness/arrivals/load-model.ts';
import type { MessageFacts } from '../../src/harness/engines/engine.ts';
import { LoadDriver, type DriveResult } from '../../src/harness/load-driver.ts';
import type { AlarmMaker } from '../../src/harness/pacing/alarm.ts';
import { CallRecorder } from '../../src/harness/recording/call-recorder.ts';
import { rawColumns, type RawColumns } from '../../src/harness/recording/raw-results.ts';
import {
  summarizeRecording,
  type RecordingSummary,
} from '../../src/harness/recording/summarize-recording.ts';
import type { TrimRule } from '../../src/harness/recording/trim-rule.ts';

/** When a call that arrives at `atMs` is answered; asked in the order of arrival. */
export interface SimulatedServer {
  endMs(atMs: number, call: number): number;
  /** Of the answer; absent: OK. */
  readonly fails?: (call: number) => boolean;
  /** Messages of a stream, ms since its arrival; absent: one answer at the end. */
  readonly messagesMs?: readonly number[];
}

export interface SimulationOptions {
  readonly load: PlannedLoad;
  readonly server: SimulatedServer;
  readonly trim?: TrimRule;
  /** When the generator's loop next runs, for one that is blocked at times. */
  readonly runnableMs?: (atMs: number) => number;
}

export interface Simulation {
  readonly summary: RecordingSummary;
  readonly columns: RawColumns;
  readonly drive: DriveResult;
}

interface Event {
  readonly atNs: number;
  readonly run: () => void;
}

const ANSWER: MessageFacts = {
  bytes: 40,
  isToken: true,
  tokenCount: 1,
  contentBytes: 4,
  completed: true,
  failed: false,
  llmTokens: 1,
  apology: false,
};

export async function simulate(options: SimulationOptions): Promise<Simulation> {
  // The driver's own timers, for limit and grace: in simulated time they have run out when the last event has.
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    return await simulated(options);
  } finally {
    mock.timers.reset();
  }
}

async function simulated(options: SimulationOptions): Promise<Simulation> {
  const { load, server, runnableMs = (atMs: number) => atMs } = options;
  const events = new EventQueue();
  const clock = { originNs: 0n, nowNs: () => events.nowNs };
  const streaming = server.messagesMs !== undefined;
  const recorder = new CallRecorder({
    slots: load.slots,
    streaming,
    clock,
    loadStartNs: 0,
    trim: options.trim ?? { kind: 'none' },
    maxRawValues: 1_000_000,
    onFinished: () => undefined,
  });
  const alarm: AlarmMaker = (_clock, wake) => {
    let pending = false;
    return {
      set: (atNs) => {
        if (pending) return;
        pending = true;
        events.add(runnableMs(atNs / 1e6) * 1e6, () => {
          pending = false;
          wake();
        });
      },
      clear: () => undefined,
    };
  };
  let calls = 0;
  const driver: LoadDriver = new LoadDriver({
    clock,
    load,
    alarm,
    templates: 1,
    graceMs: 60_000,
    signal: new AbortController().signal,
    engine: {
      start: (slot) => {
        const call = calls++;
        const atMs = events.nowNs / 1e6;
        const endNs = runnableMs(server.endMs(atMs, call)) * 1e6;
        for (const offsetMs of server.messagesMs ?? []) {
          const messageNs = (atMs + offsetMs) * 1e6;
          events.add(messageNs, () => driver.onMessage(slot, events.nowNs, ANSWER));
        }
        events.add(endNs, () => {
          if (!streaming) driver.onMessage(slot, events.nowNs, ANSWER);
          const grpcStatus = server.fails?.(call) === true ? 13 : 0;
          const end = { grpcStatus, statusMessage: '', origin: 'server', llmTimeUs: NaN } as const;
          driver.onEnd(slot, events.nowNs, end);
        });
      },
      cancel: () => undefined,
    },
  });
  const over = driver.run(recorder, 0);
  events.runAll();
  mock.timers.runAll();
  const drive = await over;
  const recorded = recorder.finish();
  const latencyKind = load.model.kind === 'closed' ? 'service' : 'response';
  const summary = summarizeRecording(recorded, { latencyKind, timeSeries: true });
  return { summary, columns: rawColumns(recorded), drive };
}

/** A binary heap; events of one instant run in the order in which they were added. */
class EventQueue {
  nowNs = 0;
  readonly #heap: (Event & { readonly order: number })[] = [];
  #added = 0;

  add(atNs: number, run: () => void): void {
    const heap = this.#heap;
    heap.push({ atNs: Math.max(Math.ceil(atNs), this.nowNs), run, order: this.#added++ });
    for (let child = heap.length - 1; child > 0;) {
      const parent = (child - 1) >> 1;
      if (!this.#swapIfBefore(child, parent)) break;
      child = parent;
    }
  }

  runAll(): void {
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      this.nowNs = next.atNs;
      next.run();
    }
  }

  #take(): Event | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    heap[0] = last;
    for (let parent = 0; ;) {
      const left = 2 * parent + 1;
      const child = left + 1 < heap.length && this.#isBefore(left + 1, left) ? left + 1 : left;
      if (child >= heap.length || !this.#swapIfBefore(child, parent)) return first;
      parent = child;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (one === undefined || other === undefined) return false;
    return one.atNs < other.atNs || (one.atNs === other.atNs && one.order < other.order);
  }

  #swapIfBefore(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (one === undefined || other === undefined || !this.#isBefore(a, b)) return false;
    [this.#heap[a], this.#heap[b]] = [other, one];
    return true;
  }
}

/** `places` at a time, first come first served; counts those that had to wait. */
export class Station implements SimulatedServer {
  waited = 0;
  readonly #serviceMs: (call: number) => number;
  readonly #freeAtMs: number[];

  constructor(places: number, serviceMs: (call: number) => number) {
    this.#serviceMs = serviceMs;
    this.#freeAtMs = new Array<number>(places).fill(0);
  }

  endMs(atMs: number, call: number): number {
    const soonest = Math.min(...this.#freeAtMs);
    if (soonest > atMs) this.waited += 1;
    const endMs = Math.max(atMs, soonest) + this.#serviceMs(call);
    this.#freeAtMs[this.#freeAtMs.indexOf(soonest)] = endMs;
    return endMs;
  }
}

/** No limit to what it does at once, but it stands still for the last `freezeMs` of each period. */
export function freezingServer(
  periodMs: number,
  freezeMs: number,
  serviceMs: number,
): SimulatedServer {
  const thawMs = (atMs: number): number => {
    const within = atMs % periodMs;
    return within < periodMs - freezeMs ? atMs : atMs - within + periodMs;
  };
  return { endMs: (atMs) => thawMs(atMs) + serviceMs };
}
