// Looks at a benchmark until it ends or the watcher is interrupted. A server that is away is waited for: the benchmark
// lives on the server and the worker, not here.

import { BenchmarkError } from '../contract/failure.ts';
import type { BenchmarkClient, BenchmarkEnd, LiveProgress } from '../temporal/benchmark-client.ts';
import { untilAborted } from './interruption.ts';
import type { ProgressView } from './progress/live-state.ts';

export interface WatchPorts {
  readonly client: Pick<BenchmarkClient, 'result' | 'progress'>;
  readonly view: ProgressView;
  readonly webUiUrl: string | null;
  readonly signal: AbortSignal;
  readonly intervalMs: number;
  /** Monotonic. */
  nowMs(): number;
  /** May end early when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export type WatchEnd =
  { readonly kind: 'ended'; readonly end: BenchmarkEnd } | { readonly kind: 'interrupted' };

/** Throws BenchmarkError 'benchmark-not-found', and whatever `result` rejects with while not interrupted. */
export async function watchBenchmark(benchmarkId: string, ports: WatchPorts): Promise<WatchEnd> {
  const over = new AbortController();
  const ended = ports.client
    .result(benchmarkId, AbortSignal.any([ports.signal, over.signal]))
    .then((end): WatchEnd => ({ kind: 'ended', end }));
  const interrupted = untilAborted(ports.signal).then((): WatchEnd => ({ kind: 'interrupted' }));
  const watch = new Watch(benchmarkId, ports);
  const looking = watch.lookUntil(over.signal);
  try {
    const end = await Promise.race([interrupted, ended, looking]);
    over.abort();
    await looking.catch(() => undefined);
    // What came between the last look and the end.
    if (end.kind === 'ended') await watch.look();
    return end;
  } finally {
    over.abort();
    // An aborted wait rejects; its reason is known already.
    ended.catch(() => undefined);
    await looking.catch(() => undefined);
    ports.view.close();
  }
}

class Watch {
  readonly #benchmarkId: string;
  readonly #ports: WatchPorts;
  readonly #beganMs: number;
  #answer: LiveProgress | null = null;

  constructor(benchmarkId: string, ports: WatchPorts) {
    this.#benchmarkId = benchmarkId;
    this.#ports = ports;
    this.#beganMs = ports.nowMs();
  }

  /** Never resolves; rejects when it is over, or with what looking again cannot cure. */
  async lookUntil(over: AbortSignal): Promise<never> {
    while (!isOver(over)) {
      await this.look();
      if (!isOver(over)) await this.#ports.sleep(this.#ports.intervalMs, over);
    }
    throw new BenchmarkError('run-cancelled', 'The watch is over.');
  }

  async look(): Promise<void> {
    const look = await lookOnce(this.#benchmarkId, this.#ports);
    // Without a worker no progress is told; what was seen before still holds.
    this.#answer =
      look === null
        ? this.#answer
        : { ...look, progress: look.progress ?? this.#answer?.progress ?? null };
    this.#ports.view.show({
      benchmarkId: this.#benchmarkId,
      watchedMs: this.#ports.nowMs() - this.#beganMs,
      answer: this.#answer,
      inContact: look !== null,
      webUiUrl: this.#ports.webUiUrl,
    });
  }
}

/** Asked anew each time, because it changes during a look. */
function isOver(over: AbortSignal): boolean {
  return over.aborted;
}

async function lookOnce(benchmarkId: string, ports: WatchPorts): Promise<LiveProgress | null> {
  try {
    return await ports.client.progress(benchmarkId);
  } catch (error) {
    if (error instanceof BenchmarkError && error.code === 'temporal-unreachable') return null;
    throw error;
  }
}
