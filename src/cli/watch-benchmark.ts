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
  const looking = lookUntil(benchmarkId, ports, over.signal);
  try {
    return await Promise.race([interrupted, ended, looking]);
  } finally {
    over.abort();
    // An aborted wait rejects; its reason is known already.
    ended.catch(() => undefined);
    await looking.catch(() => undefined);
    ports.view.close();
  }
}

/** Never resolves before `over`; rejects only with what looking again cannot cure. */
async function lookUntil(
  benchmarkId: string,
  ports: WatchPorts,
  over: AbortSignal,
): Promise<never> {
  const beganMs = ports.nowMs();
  let answer: LiveProgress | null = null;
  while (!over.aborted) {
    const look = await lookOnce(benchmarkId, ports);
    if (isOver(over)) break;
    if (look !== null) answer = look;
    ports.view.show({
      benchmarkId,
      watchedMs: ports.nowMs() - beganMs,
      answer,
      inContact: look !== null,
      webUiUrl: ports.webUiUrl,
    });
    await ports.sleep(ports.intervalMs, over);
  }
  throw new BenchmarkError('run-cancelled', 'The watch is over.');
}

/** Asked anew, because it may have changed during the look. */
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
