// The runs of a benchmark on one host, one after the other, each until it is measured or has failed for good.

import { patched, proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { BenchmarkActivities, HostFacts } from '../activities/interface.ts';
import { MAX_FAILED_RUNS } from '../contract/benchmark-state.ts';
import type { RunKey, RunPlan } from '../contract/run-plan.ts';
import type { FailedRun } from '../contract/run-result.ts';
import { hostActivities, lightActivities, measureOptions } from './activity-options.ts';
import type { BenchmarkContext } from './benchmark-context.ts';
import { runFailure, workflowFailure, type RunFailure } from './failures.ts';
import type { RunStep } from './run-agenda.ts';
import { refsOf } from './run-ledger.ts';

/**
 * 'host-away': the host's worker is gone for good, and another one may measure.
 * 'history-long': there are runs to come, and a new execution should do them.
 */
export type MeasuringEnd = 'done' | 'host-away' | 'history-long';

type RunEnd = 'done' | 'host-away' | 'again';

export async function measureRuns(
  context: BenchmarkContext,
  host: HostFacts,
): Promise<MeasuringEnd> {
  const { agenda, board, prepared, steering } = context;
  let isFirst = true;
  for (;;) {
    const step = agenda.take() ?? (await furtherRun(context, host));
    if (step === null) return 'done';
    if (!isFirst && prepared.config.cooldownMs > 0) {
      board.enter({ kind: 'cooling-down' });
      await sleep(prepared.config.cooldownMs);
    }
    isFirst = false;
    await steering.whilePaused();
    if (agenda.isSkipped(step)) {
      board.failed(skippedRun(keyOf(context, step)));
    } else {
      board.enter({ kind: 'running', ...step });
      if ((await measureOne(context, host, step)) === 'host-away') return 'host-away';
    }
    if (board.ledger.failed.length >= MAX_FAILED_RUNS) return 'done';
    if (workflowInfo().continueAsNewSuggested && agenda.hasMore()) return 'history-long';
  }
}

/** When a precision is wanted, it decides on the runs after the pilot; the decision stands in history. */
async function furtherRun(context: BenchmarkContext, host: HostFacts): Promise<RunStep | null> {
  const { agenda, board, key, prepared, steering } = context;
  const { precision: goal } = prepared.config;
  if (goal === undefined) return null;
  const planned = agenda.state.counts.measured;
  const wanted = await hostActivities(host.hostTaskQueue).decideRuns({
    benchmark: key,
    goal,
    finished: refsOf(board.ledger, 'measured'),
    planned,
  });
  if (wanted <= planned) return null;
  steering.addRuns(wanted - planned);
  return agenda.take();
}

async function measureOne(
  context: BenchmarkContext,
  host: HostFacts,
  step: RunStep,
): Promise<'done' | 'host-away'> {
  const { board, prepared, steering } = context;
  const key = keyOf(context, step);
  const { measureRun } = proxyActivities<BenchmarkActivities>(
    measureOptions(host.hostTaskQueue, prepared, `${step.phase} ${step.index}/${step.of}`),
  );
  for (;;) {
    try {
      board.finished(await steering.skippable(step, () => measureRun(planOf(context, key))));
      return 'done';
    } catch (error) {
      const failure = steering.wasSkipped(step)
        ? { kind: 'failed' as const, run: skippedRun(key), final: false }
        : runFailure(error, key);
      const end = await afterFailure(context, host, failure);
      if (end === 'again') board.enter({ kind: 'running', ...step });
      else return end;
    }
  }
}

async function afterFailure(
  context: BenchmarkContext,
  host: HostFacts,
  failure: RunFailure,
): Promise<RunEnd> {
  const { board, prepared } = context;
  if (failure.kind === 'cancelled') throw failure.error;
  if (failure.kind === 'host-away') {
    // The same host again: it was only busy or asleep, and what it measured stands.
    const next = await lightActivities.captureEnvironment(prepared.config);
    return next.hostTaskQueue === host.hostTaskQueue ? 'again' : 'host-away';
  }
  const { run, final } = failure;
  if (run.code === 'lease-lost') {
    await context.lease.release();
    await holdTarget(context, host);
    return 'again';
  }
  if (run.code === 'disk-full' && patched('wait-for-space')) {
    // Somebody has to make room, however long that takes; the deadline limits it.
    board.enter({ kind: 'waiting-for-space', message: run.message });
    await sleep(SPACE_PAUSE_MS);
    return 'again';
  }
  if (final && board.ledger.listed.length === 0) throw workflowFailure(run.code, run.message);
  board.failed(run);
  return 'done';
}

const SPACE_PAUSE_MS = 15_000;

function skippedRun(key: RunKey): FailedRun {
  return { key, code: 'run-skipped', message: 'It was left out on request.', attempts: 0 };
}

function keyOf(context: BenchmarkContext, { phase, index }: RunStep): RunKey {
  return { ...context.key, phase, index };
}

function planOf({ lease, prepared: { config } }: BenchmarkContext, key: RunKey): RunPlan {
  return {
    key,
    harness: config,
    collect: config.collect,
    perRunWarmupMs: config.perRunWarmupMs,
    ...(lease.leaseId === null ? {} : { leaseId: lease.leaseId }),
  };
}

/** Resolves when no other benchmark loads the target; the wait does not count against the deadline. */
export function holdTarget(context: BenchmarkContext, { host }: HostFacts): Promise<void> {
  const { board, deadline, lease, prepared } = context;
  const address = prepared.config.serverAddr;
  const onWaiting = (behind: readonly string[]): void =>
    board.enter({ kind: 'waiting-for-target', address, behind });
  return deadline.suspendDuring(() => lease.acquire({ address, host, onWaiting }));
}
