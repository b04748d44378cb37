// The runs of a benchmark on one host, one after the other, each until it is measured or has failed for good.

import { patched, proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { BenchmarkActivities, HostFacts } from '../activities/interface.ts';
import { MAX_FAILED_RUNS } from '../contract/benchmark-state.ts';
import { fingerprintOf } from '../contract/environment.ts';
import type { RunKey, RunPlan } from '../contract/run-plan.ts';
import type { FailedRun } from '../contract/run-result.ts';
import { lightActivities, measureOptions } from './activity-options.ts';
import { seriesKey, type BenchmarkContext } from './benchmark-context.ts';
import { runFailure, workflowFailure, type RunFailure } from './failures.ts';
import { HostMoved } from './home.ts';
import type { RunStep } from './run-agenda.ts';
import { refsOf } from './run-ledger.ts';

type RunEnd = 'done' | 'again';

/** 'history-long': there are runs to come, and a new execution should do them. Throws HostMoved. */
export async function measureRuns(
  context: BenchmarkContext,
  host: HostFacts,
): Promise<'done' | 'history-long'> {
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
      await measureOne(context, host, step);
    }
    if (board.ledger.failed.length >= MAX_FAILED_RUNS) return 'done';
    if (workflowInfo().continueAsNewSuggested && agenda.hasMore()) return 'history-long';
  }
}

/** When a precision is wanted, it decides on the runs after the pilot; the decision stands in history. */
async function furtherRun(context: BenchmarkContext, host: HostFacts): Promise<RunStep | null> {
  const { agenda, board, home, prepared, steering } = context;
  const { precision: goal } = prepared.config;
  if (goal === undefined) return null;
  const planned = agenda.state.counts.measured;
  const wanted = await home.at(host, (near) =>
    near.decideRuns({
      benchmark: seriesKey(context),
      goal,
      finished: refsOf(board.ledger, 'measured'),
      planned,
    }),
  );
  if (wanted <= planned) return null;
  steering.addRuns(wanted - planned);
  return agenda.take();
}

async function measureOne(
  context: BenchmarkContext,
  host: HostFacts,
  step: RunStep,
): Promise<void> {
  const { board, home, prepared, steering } = context;
  const key = keyOf(context, step);
  const plan = planOf(context, key, host);
  const summary = `${step.phase} ${step.index}/${step.of}`;
  for (let lookMs = home.firstLookMs; ; lookMs = home.longerLookMs(lookMs)) {
    const { measureRun } = proxyActivities<BenchmarkActivities>(
      measureOptions(host.hostTaskQueue, prepared, { summary, lookMs }),
    );
    try {
      board.finished(await steering.skippable(step, () => measureRun(plan)));
      return;
    } catch (error) {
      const failure = steering.wasSkipped(step)
        ? { kind: 'failed' as const, run: skippedRun(key), final: false }
        : runFailure(error, key);
      if ((await afterFailure(context, host, failure)) === 'done') return;
      board.enter({ kind: 'running', ...step });
    }
  }
}

async function afterFailure(
  context: BenchmarkContext,
  host: HostFacts,
  failure: RunFailure,
): Promise<RunEnd> {
  const { board } = context;
  if (failure.kind === 'cancelled') throw failure.error;
  if (failure.kind === 'host-away') {
    await elsewhereOrAgain(context, host);
    return 'again';
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

/** Throws HostMoved. */
async function elsewhereOrAgain(
  { home, prepared }: BenchmarkContext,
  host: HostFacts,
): Promise<void> {
  if (home.isWatched) {
    await home.ensure(host);
    return;
  }
  const next = await lightActivities.captureEnvironment(prepared.config);
  // The same host again: it was only busy or asleep, and what it measured stands.
  if (next.hostTaskQueue === host.hostTaskQueue) return;
  // As benchmarks of that version did: whichever host answers now.
  const to = await lightActivities.captureEnvironment(prepared.config);
  throw new HostMoved(to, 'its worker took no run for 20 minutes');
}

const SPACE_PAUSE_MS = 15_000;

function skippedRun(key: RunKey): FailedRun {
  return { key, code: 'run-skipped', message: 'It was left out on request.', attempts: 0 };
}

function keyOf(context: BenchmarkContext, { phase, index }: RunStep): RunKey {
  return { ...seriesKey(context), phase, index };
}

function planOf(
  { lease, prepared: { config } }: BenchmarkContext,
  key: RunKey,
  { environment }: HostFacts,
): RunPlan {
  return {
    hostReference: fingerprintOf(environment),
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
