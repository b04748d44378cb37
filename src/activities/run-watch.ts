// Everything that surrounds a run while it is measured: the heartbeat each second, and the reasons to stop it.
// Heartbeats come from a timer of the worker process, which is idle meanwhile; the load is in processes of its own.

import type { Context } from '@temporalio/activity';
import { BenchmarkError } from '../contract/failure.ts';
import type { RunPlan, RunProgress } from '../contract/run-plan.ts';
import { runBoundMs } from '../contract/run-bound.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { watchSpace } from './disk-watch.ts';

/** What a watch needs of Temporal's activity context. */
export type ActivityContext = Pick<
  Context,
  'heartbeat' | 'cancellationSignal' | 'cancellationDetails'
>;

export interface RunWatch {
  /** Aborts when the run must stop; its reason is a BenchmarkError. */
  readonly signal: AbortSignal;
  /** True when Temporal, or the worker's end, asked to stop it. */
  cancelled(): boolean;
  progress(progress: RunProgress): void;
  /** From here on the run is bounded in time; waiting for the host was not part of it. */
  startClock(): void;
  stop(): void;
}

const HEARTBEAT_MS = 1_000;
/** How often an attempt that Temporal gave up asks whether its run is still wanted. */
const INTEREST_MS = 3_000;

export function watchRun(
  context: ActivityContext,
  deps: Pick<ActivityDependencies, 'stillWanted' | 'shutdown' | 'store' | 'freeBytes'>,
  plan: RunPlan,
): RunWatch {
  const abort = new AbortController();
  const cleanups: (() => void)[] = [];
  const every = (ms: number, work: () => void): void => {
    const timer = setInterval(work, ms);
    cleanups.push(() => clearInterval(timer));
  };
  let latest = waitingProgress(plan);
  let cancelled = false;
  const cancel = (why: string): void => {
    cancelled = true;
    abort.abort(new BenchmarkError('run-cancelled', `The run was stopped: ${why}.`));
  };
  const beat = (): void => context.heartbeat(latest);
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
    const ask = (): void => {
      void deps.stillWanted(plan.key).then((wanted) => {
        if (!wanted) cancel('the benchmark does not wait for it any more');
      });
    };
    ask();
    every(INTEREST_MS, ask);
  };
  const onShutdown = (): void => cancel('the worker ends now');
  listen(context.cancellationSignal, onCancel);
  listen(deps.shutdown, onShutdown);

  return {
    signal: abort.signal,
    cancelled: () => cancelled,
    progress: (progress) => {
      latest = progress;
    },
    startClock: () => {
      const timer = boundTimer(plan, abort);
      cleanups.push(() => clearTimeout(timer));
      cleanups.push(watchSpace(deps, (error) => abort.abort(error)));
    },
    stop: () => {
      for (const cleanup of cleanups) cleanup();
      context.cancellationSignal.removeEventListener('abort', onCancel);
      deps.shutdown.removeEventListener('abort', onShutdown);
    },
  };
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

function listen(signal: AbortSignal, onAbort: () => void): void {
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
}

function waitingProgress(plan: RunPlan): RunProgress {
  return {
    phase: plan.key.phase,
    index: plan.key.index,
    stage: 'starting-target',
    elapsedMs: 0,
    completed: 0,
    errors: 0,
    inFlight: 0,
    recentRps: null,
    latencyP50Us: null,
    latencyP99Us: null,
    fraction: null,
  };
}
