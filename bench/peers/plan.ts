// How many calls each run makes, and in which order the tools take turns.

import type { TargetName } from './options.ts';

export interface RunSize {
  readonly target: TargetName;
  readonly concurrency: number;
  readonly streaming: boolean;
  readonly dear: boolean;
  /** What the user asked for; null to choose. */
  readonly calls: number | null;
}

/** Enough calls for some seconds, few enough for a comparison of minutes. */
const FAST_CALLS = [
  { below: 5, calls: 30_000 },
  { below: 30, calls: 200_000 },
  { below: Infinity, calls: 500_000 },
];
const DEAR_SHARE = 0.1;
const STREAM_SHARE = 0.2;
const GRPC_GO_SHARE = 0.4;
/** The mean service time of the delayed target bounds its rate: calls of this many seconds. */
const DELAYED_SECONDS = 3;
const DELAYED_MEAN_SECONDS = 0.015;

export function callsOf(size: RunSize): number {
  if (size.target === 'delayed') {
    return size.calls ?? Math.ceil((size.concurrency * DELAYED_SECONDS) / DELAYED_MEAN_SECONDS);
  }
  const chosen = FAST_CALLS.find(({ below }) => size.concurrency < below)?.calls ?? 0;
  const share = (size.streaming ? STREAM_SHARE : 1) * (size.target === 'fast' ? 1 : GRPC_GO_SHARE);
  return Math.ceil((size.calls ?? chosen * share) * (size.dear ? DEAR_SHARE : 1));
}

/** Calls in flight while our own tools warm up: against the delayed target a few would take a minute to become enough. */
export const WARM_UP_CONCURRENCY = 200;
const WARM_UP_CALLS = { fast: 100_000, 'grpc-go': 50_000, delayed: 20_000 } as const;

/**
 * Calls with which our own tools warm up before the calls that count, so that compiling their code, which goes on for
 * tens of thousands of calls, is not taken for the cost of a call.
 */
export function warmUpCallsOf(target: TargetName, dear: boolean): number {
  return WARM_UP_CALLS[target] * (dear && target !== 'delayed' ? DEAR_SHARE : 1);
}

export interface Turn<Item> {
  /** From 1. */
  readonly repetition: number;
  readonly item: Item;
}

/** Every repetition runs all items, and begins one item further than the one before: none is always first. */
export function interleaved<Item>(items: readonly Item[], repetitions: number): Turn<Item>[] {
  return Array.from({ length: repetitions }, (_, done) => {
    const first = done % Math.max(1, items.length);
    const turned = [...items.slice(first), ...items.slice(0, first)];
    return turned.map((item) => ({ repetition: done + 1, item }));
  }).flat();
}
