// A load driver in virtual time: a server that answers after a set time, on node:test's mocked timers, one tick per
// virtual millisecond. Whole minutes of load pass in milliseconds, and every number is exact.

import { mock } from 'node:test';
import type { PlannedLoad } from '../../src/harness/arrivals/load-model.ts';
import type { CallSink } from '../../src/harness/call-sink.ts';
import type { CallEnd } from '../../src/harness/engines/engine.ts';
import { LoadDriver, type DriveResult } from '../../src/harness/load-driver.ts';
import type { MonotonicClock } from '../../src/runtime/monotonic-clock.ts';

export interface SeenCall {
  readonly slot: number;
  readonly template: number;
  readonly intendedMs: number;
  readonly startMs: number;
  endMs: number | null;
  fate: 'in flight' | 'ended' | 'abandoned' | 'cancelled';
}

export interface VirtualLoadOptions {
  readonly load: PlannedLoad;
  /** Of the call with that index; Infinity: never answers. */
  readonly serviceMs: (index: number) => number;
  readonly end?: (index: number) => Partial<CallEnd>;
  readonly templates?: number;
  readonly graceMs?: number;
  /** Aborts at this virtual time. */
  readonly abortAtMs?: number;
  /** The driver hears at this virtual time that other threads took the last calls. */
  readonly limitReachedAtMs?: number;
  /** Closes the fence around the load at this virtual time. */
  readonly fencedAtMs?: number;
  /** Gives up the test when the load lasts longer. */
  readonly limitMs?: number;
}

export interface VirtualLoad {
  readonly calls: readonly SeenCall[];
  readonly result: DriveResult;
  readonly maxInFlight: number;
  readonly endedAtMs: number;
}

export async function runVirtualLoad(options: VirtualLoadOptions): Promise<VirtualLoad> {
  mock.timers.enable({ apis: ['setTimeout', 'setImmediate', 'Date'], now: 0 });
  try {
    return await drive(options);
  } finally {
    mock.timers.reset();
  }
}

async function drive(options: VirtualLoadOptions): Promise<VirtualLoad> {
  const clock: MonotonicClock = { originNs: 0n, nowNs: () => Date.now() * 1e6 };
  const calls: SeenCall[] = [];
  const current: (SeenCall | undefined)[] = [];
  let inFlight = 0;
  let maxInFlight = 0;
  const abort = new AbortController();
  const driver = new LoadDriver({
    clock,
    load: options.load,
    templates: options.templates ?? 1,
    graceMs: options.graceMs ?? 1000,
    fence: { admits: (nowNs) => nowNs < (options.fencedAtMs ?? Infinity) * 1e6 },
    signal: abort.signal,
    engine: {
      start: (slot, template) => {
        const index = calls.length - 1;
        const call = calls[index];
        if (call === undefined) throw new Error('start without begin');
        calls[index] = Object.assign(call, { template });
        const serviceMs = options.serviceMs(index);
        if (serviceMs === Infinity) return;
        setTimeout(() => {
          const end = {
            grpcStatus: 0,
            statusMessage: '',
            origin: 'server',
            llmTimeUs: NaN,
          } as const;
          driver.onEnd(slot, clock.nowNs(), { ...end, ...options.end?.(index) });
        }, serviceMs);
      },
      cancel: (slot) => {
        const call = current[slot];
        if (call !== undefined) call.fate = 'cancelled';
      },
    },
  });
  const sink: CallSink = {
    begin: (slot, index, intendedNs, dispatchNs) => {
      if (current[slot]?.fate === 'in flight') throw new Error(`slot ${slot} is taken`);
      if (index !== calls.length) throw new Error(`index ${index} out of order`);
      inFlight += 1;
      maxInFlight = Math.max(maxInFlight, inFlight);
      const call: SeenCall = {
        slot,
        template: -1,
        intendedMs: intendedNs / 1e6,
        startMs: dispatchNs / 1e6,
        endMs: null,
        fate: 'in flight',
      };
      calls.push(call);
      current[slot] = call;
    },
    onMessage: () => undefined,
    onEnd: (slot, atNs) => {
      const call = current[slot];
      if (call?.fate !== 'in flight') throw new Error(`slot ${slot} ended twice`);
      inFlight -= 1;
      call.endMs = atNs / 1e6;
      call.fate = 'ended';
    },
    abandon: () => {
      for (const call of calls) if (call.fate === 'in flight') call.fate = 'abandoned';
      inFlight = 0;
    },
  };
  const finished: DriveResult[] = [];
  void driver.run(sink, 0).then((value) => finished.push(value));
  const limitMs = options.limitMs ?? 600_000;
  for (let ms = 0; finished.length === 0; ms++) {
    if (ms > limitMs) throw new Error(`not over after ${limitMs} virtual ms`);
    if (ms === options.abortAtMs) abort.abort();
    if (ms === options.limitReachedAtMs) driver.limitReached();
    mock.timers.tick(1);
    for (let turn = 0; turn < 3; turn++) await Promise.resolve();
  }
  const [result] = finished;
  if (result === undefined) throw new Error('no result');
  return { calls, result, maxInFlight, endedAtMs: result.endNs / 1e6 };
}
