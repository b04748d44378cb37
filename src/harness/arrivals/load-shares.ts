// One load on several threads, with nothing lost, doubled or moved: workers and schedule are dealt out in turn, so a
// thread's starts and sends are those that the whole load has; a number of calls is drawn from one counter.

import type { CallNumbers, LoadModel, PlannedLoad } from './load-model.ts';
import type { ArrivalSchedule } from './schedule.ts';

export interface ShareOfLoad {
  /** From 0. */
  readonly thread: number;
  readonly threads: number;
  /** One cell, the same memory in all threads. */
  readonly counter: Int32Array;
}

/** Threads that have something to do: never more than calls can be in flight. */
export function usefulThreads(load: PlannedLoad, asked: number): number {
  const calls = load.limit.kind === 'count' ? load.limit.calls : Infinity;
  return Math.max(1, Math.min(asked, load.slots, calls));
}

/** Every thread takes its share of a load that it planned for itself: a schedule is a sequence that is used up. */
export function shareOfLoad(load: PlannedLoad, share: ShareOfLoad): PlannedLoad {
  const { thread, threads } = share;
  if (load.model.kind === 'open') return openShare(load, load.model, share);
  const workerStartsNs = load.model.workerStartsNs.filter((_, at) => at % threads === thread);
  return {
    model: { kind: 'closed', workerStartsNs },
    limit: load.limit,
    slots: workerStartsNs.length,
    numbers: sharedNumbers(
      share.counter,
      load.limit.kind === 'count' ? load.limit.calls : Infinity,
    ),
  };
}

function openShare(
  { limit }: PlannedLoad,
  model: Extract<LoadModel, { kind: 'open' }>,
  { thread, threads }: ShareOfLoad,
): PlannedLoad {
  const slots = partOf(model.maxInFlight, thread, threads);
  let sent = 0;
  return {
    model: {
      ...model,
      maxInFlight: slots,
      schedule: everyNth(model.schedule, thread, threads),
      offeredRps: model.offeredRps === null ? null : model.offeredRps / threads,
    },
    limit:
      limit.kind === 'count'
        ? { kind: 'count', calls: partOf(limit.calls, thread, threads) }
        : limit,
    slots,
    // The schedule has dealt the calls out already; the limit is this thread's own.
    numbers: { take: () => thread + threads * sent++, isSpent: () => false },
  };
}

/** How many of 0 … whole-1 leave the remainder `thread` by `threads`: the parts sum up to the whole. */
function partOf(whole: number, thread: number, threads: number): number {
  return Math.floor((whole - thread + threads - 1) / threads);
}

function everyNth(schedule: ArrivalSchedule, first: number, step: number): ArrivalSchedule {
  let skip = first;
  return {
    nextNs: () => {
      for (; skip > 0; skip -= 1) schedule.nextNs();
      skip = step - 1;
      return schedule.nextNs();
    },
  };
}

/** Wraps after 2^32 calls, which only a load by duration could reach; there a number picks no more than a template. */
function sharedNumbers(counter: Int32Array, calls: number): CallNumbers {
  return {
    take: () => {
      const index = Atomics.add(counter, 0, 1) >>> 0;
      return index < calls ? index : null;
    },
    isSpent: () => Atomics.load(counter, 0) >>> 0 >= calls,
  };
}
