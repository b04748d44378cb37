// Measures one run exactly once: a finished run is found on disk and returned, a half-measured one is thrown away. The order
// (look, lock the host, look again, count the attempt, measure, store, return) is what makes a retry safe at every point.

import { CancelledFailure } from '@temporalio/common';
import type { FoundRun } from '../artifacts/artifact-store.ts';
import { BenchmarkError } from '../contract/failure.ts';
import type { RunKey, RunPlan } from '../contract/run-plan.ts';
import type { AttemptAccount, RunSummary, StoredRun } from '../contract/run-result.ts';
import { toApplicationFailure } from './application-failure.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { requireSpace } from './disk-watch.ts';
import { runSummary } from './run-summary.ts';
import { watchRun, type ActivityContext, type RunWatch } from './run-watch.ts';

/** Failures that a run reports itself; attempts that were killed with their worker are retried more often. */
const MAX_FAILED_ATTEMPTS = 3;

export async function measureRun(
  deps: ActivityDependencies,
  plan: RunPlan,
  context: ActivityContext,
): Promise<RunSummary> {
  const found = await storedHere(deps, plan.key);
  if (found !== null) return runSummary(found);
  const watch = watchRun(context, deps, plan);
  try {
    return await measureLocked(deps, plan, watch);
  } catch (error) {
    if (watch.cancelled()) throw new CancelledFailure(messageOf(error));
    throw toApplicationFailure(error, await attemptLimit(deps, plan.key));
  } finally {
    watch.stop();
  }
}

async function measureLocked(
  deps: ActivityDependencies,
  plan: RunPlan,
  watch: RunWatch,
): Promise<RunSummary> {
  const lock = await deps.lockHost(watch.signal);
  try {
    // While we waited, an attempt that was given up too early may have finished.
    const found = await storedHere(deps, plan.key);
    if (found !== null) return runSummary(found);
    await requireSpace(deps);
    await requireLease(deps, plan);
    const attempt = await deps.store.beginAttempt(plan.key, {
      startedAt: new Date(),
      host: deps.host,
    });
    return runSummary(await measureAndStore(deps, { plan, watch, attempt }));
  } finally {
    await lock.release();
  }
}

async function measureAndStore(
  deps: ActivityDependencies,
  work: { readonly plan: RunPlan; readonly watch: RunWatch; readonly attempt: AttemptAccount },
): Promise<FoundRun> {
  const { plan, watch, attempt } = work;
  watch.startClock();
  try {
    const measurement = await deps.executeRun(plan, {
      directory: deps.store.runDirectory(plan.key),
      signal: watch.signal,
      fenceMs: watch.fenceMs,
      onProgress: (progress) => watch.progress(progress),
    });
    watch.requireAwake();
    const run: StoredRun = { version: 1, key: plan.key, attempt, host: deps.host, measurement };
    return { run, file: await deps.store.writeRun(run) };
  } catch (thrown) {
    const error: unknown = watch.signal.aborted ? watch.signal.reason : thrown;
    // A full disk cannot take the note either; the failure itself still travels.
    await deps.store.endAttempt(plan.key, attempt.attempt, noteOf(error)).catch(() => undefined);
    throw error;
  }
}

/** At the last moment before the load: whoever has been away since it got the lease may have lost it. */
async function requireLease(deps: ActivityDependencies, { key, leaseId }: RunPlan): Promise<void> {
  if (leaseId === undefined || (await deps.leases.isHeld(leaseId, key))) return;
  throw new BenchmarkError(
    'lease-lost',
    `The benchmark does not hold ${leaseId} any more; it asks for it again before it loads the target.`,
    { details: { leaseId } },
  );
}

/** A run that another host left on a shared disk is not this host's. */
async function storedHere(deps: ActivityDependencies, key: RunKey): Promise<FoundRun | null> {
  const found = await deps.store.readRun(key);
  return found?.run.host === deps.host ? found : null;
}

async function attemptLimit(
  deps: ActivityDependencies,
  key: RunKey,
): Promise<Parameters<typeof toApplicationFailure>[1]> {
  const attempts = await deps.store.attempts(key).catch(() => []);
  return {
    attempts: Math.max(attempts.length, 1),
    failedAttempts: attempts.filter(failedByItself).length,
    maxFailedAttempts: MAX_FAILED_ATTEMPTS,
  };
}

/** Nor is a full disk a fault of the run, nor a worker that stood still. */
function failedByItself({ endedBy }: { readonly endedBy: string | null }): boolean {
  return endedBy !== null && !/^(?:disk-full|run-superseded):/.test(endedBy);
}

function noteOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? `${String(error.code)}: ` : '';
  return `${code}${messageOf(error)}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
