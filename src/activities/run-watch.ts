// Everything that surrounds a run while it is measured: the heartbeat each second, and the reasons to stop it.
// Heartbeats come from a timer of the worker process, which is idle meanwhile; the load is in processes of its own.

import { performance } from 'node:perf_hooks';
import type { Context } from '@temporalio/activity';
import { BenchmarkError } from '../contract/failure.ts';
import { progressWithoutCalls, type RunPlan, type RunProgress } from '../contract/run-plan.ts';
import { runBoundMs } from '../contract/run-bound.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { watchSpace } from './disk-watch.ts';
import { watchMemory } from './memory-watch.ts';

/** What a watch needs of Temporal's activity context. */
export type ActivityContext = Pick<
  Context,
  'heartbeat' | 'cancellationSignal' | 'cancellationDetails'
> & { readonly info: Pick<Context['info'], 'heartbeatTimeoutMs'> };

export interface RunWatch {
  /** Aborts when the run must stop; its reason is a BenchmarkError. */
  readonly signal: AbortSignal;
  /** Of this process standing still; well before Temporal holds the attempt for lost. */
  readonly fenceMs: number;
  /** Throws BenchmarkError 'run-superseded' when this process has stood still for longer: its run may have been begun anew. */
  requireAwake(): void;
  /** True when Temporal, or the worker's end, asked to stop it. */
  cancelled(): boolean;
  progress(progress: RunProgress): void;
  /** From here on the run is bounded in time; waiting for the host was not part of it. */
  startClock(): void;
  stop(): void;
}

const HEARTBEAT_MS = 1_000;
/** The last beat that arrived may be a second old, and the load takes a moment to end. */
const FENCE_SHARE = 0.6;
const DEFAULT_HEARTBEAT_TIMEOUT_MS = 10_000;
/** How often an attempt that Temporal gave up asks whether its run is still wanted. */
const INTEREST_MS = 3_000;

export function watchRun(
  context: ActivityContext,
  deps: Pick<ActivityDependencies, 'stillWanted' | 'shutdown' | 'store' | 'freeBytes' | 'memory'>,
  plan: RunPlan,
): RunWatch {
  const abort = new AbortController();
  const cleanups: (() => void)[] = [];
  const every = (ms: number, work: () => void): void => {
    const timer = setInterval(work, ms);
    cleanups.push(() => clearInterval(timer));
  };
  let latest = progressWithoutCalls(plan.key, 'starting-target', 0);
  let cancelled = false;
  const cancel = (why: string): void => {
    cancelled = true;
    abort.abort(new BenchmarkError('run-cancelled', `The run was stopped: ${why}.`));
  };
  const fenceMs = FENCE_SHARE * (context.info.heartbeatTimeoutMs ?? DEFAULT_HEARTBEAT_TIMEOUT_MS);
  const stillness = new Stillness();
  const beat = (): void => {
    stillness.notice();
    context.heartbeat(latest);
  };
  beat();
  every(HEARTBEAT_MS, beat);

  const onCancel = (): void => {
    const why = reasonToStop(context);
    if (why !== null) {
      cancel(why);
      return;
    }
    // Temporal holds this attempt for dead (the server was away too long), yet the run is well. The next attempt waits
    // for our slot and finds our result: finishing costs nothing, stopping costs the run.
    const ask = (): void => void unlessWanted(deps, plan, cancel);
    ask();
    every(INTEREST_MS, ask);
  };
  const onShutdown = (): void => cancel('the worker ends now');
  listen(context.cancellationSignal, onCancel);
  listen(deps.shutdown, onShutdown);

  return {
    signal: abort.signal,
    fenceMs,
    requireAwake: () => stillness.requireBelow(fenceMs),
    cancelled: () => cancelled,
    progress: (progress) => {
      latest = progress;
    },
    startClock: () => {
      const timer = boundTimer(plan, abort);
      cleanups.push(() => clearTimeout(timer));
      cleanups.push(...watchHost(deps, plan, (error) => abort.abort(error)));
    },
    stop: () => {
      for (const cleanup of cleanups) cleanup();
      context.cancellationSignal.removeEventListener('abort', onCancel);
      deps.shutdown.removeEventListener('abort', onShutdown);
    },
  };
}

async function unlessWanted(
  deps: Pick<ActivityDependencies, 'stillWanted'>,
  { key }: RunPlan,
  cancel: (why: string) => void,
): Promise<void> {
  if (!(await deps.stillWanted(key))) cancel('the benchmark does not wait for it any more');
}

/** The longest time in which this process did nothing at all, as when it was stopped by a signal. */
class Stillness {
  #lastMs = performance.now();
  #longestMs = 0;

  notice(): void {
    const nowMs = performance.now();
    this.#longestMs = Math.max(this.#longestMs, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
  }

  requireBelow(limitMs: number): void {
    this.notice();
    if (this.#longestMs <= limitMs) return;
    throw new BenchmarkError(
      'run-superseded',
      `The worker stood still for ${(this.#longestMs / 1000).toFixed(1)} s in the midst of the run, so that it was held for lost: ` +
        'the result of this attempt is refused, and the run is measured again.',
      { details: { stillMs: this.#longestMs, limitMs } },
    );
  }
}

/** null: only this attempt was given up, not its run. */
function reasonToStop(context: ActivityContext): string | null {
  const details = context.cancellationDetails;
  if (details === undefined || details.cancelRequested) return 'the benchmark was cancelled';
  if (details.workerShutdown) return 'the worker was shut down';
  if (details.paused) return 'its activity was paused';
  if (details.reset) return 'its activity was reset';
  return details.notFound || details.timedOut ? null : 'the benchmark was cancelled';
}

function boundTimer(plan: RunPlan, abort: AbortController): NodeJS.Timeout {
  const boundMs = runBoundMs(plan.harness);
  return setTimeout(() => {
    const message = `The run was not over after ${Math.round(boundMs / 1000)} s, the longest that its plan allows.`;
    abort.abort(new BenchmarkError('generator-failed', message, { details: { boundMs } }));
  }, boundMs);
}

function watchHost(
  deps: Pick<ActivityDependencies, 'store' | 'freeBytes' | 'memory'>,
  plan: RunPlan,
  stop: (error: BenchmarkError) => void,
): (() => void)[] {
  // A target elsewhere takes none of this machine's memory.
  const embedded = plan.harness.serverAddr === '';
  return [watchSpace(deps, stop), ...(embedded ? [watchMemory(deps, stop)] : [])];
}

function listen(signal: AbortSignal, onAbort: () => void): void {
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
}
