// The benchmark as a durable sequence: prepare, measure every run on one host, summarize, report. Only order, retries and
// progress live here; every number and every decision by a formula comes from an activity and so stands in history.

import {
  allHandlersFinished,
  CancellationScope,
  condition,
  ContinueAsNew,
  isCancellation,
  patched,
  TemporalFailure,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type { HostFacts } from '../activities/interface.ts';
import type { BenchmarkOutcome } from '../contract/benchmark-state.ts';
import { MEMO_SERIES } from '../contract/ids.ts';
import { benchmarkBoundMs, runsBoundMs } from '../contract/run-bound.ts';
import { lightActivities } from './activity-options.ts';
import { carryOn, type BenchmarkContext, type CarriedBenchmark } from './benchmark-context.ts';
import { ProgressBoard } from './benchmark-progress.ts';
import { concludeBenchmark, keepWhatThereIs } from './conclude-benchmark.ts';
import { Deadline } from './deadline.ts';
import { asWorkflowFailure, workflowFailure } from './failures.ts';
import { Home, HostMoved } from './home.ts';
import { LeaseHold } from './lease-hold.ts';
import { holdTarget, measureRuns } from './measure-runs.ts';
import { newAgenda, RunAgenda } from './run-agenda.ts';
import { seriesOf } from './run-ledger.ts';
import { Steering } from './steering.ts';
import { setSearchAttributes } from './visibility.ts';

/** A benchmark that has to move more often than this has no home. */
const MAX_HOSTS = 10;

type HostEnd = BenchmarkOutcome | 'history-long' | HostMoved;

/**
 * Workflow type `benchmark`. `raw` is whatever the user typed: nothing or an empty object is the default benchmark, and what
 * cannot be understood ends it as FAILED with every problem named. `carried` is what an execution with a long history hands
 * to the next one.
 */
export async function benchmark(
  raw?: unknown,
  carried?: CarriedBenchmark,
): Promise<BenchmarkOutcome> {
  const board = new ProgressBoard(carried?.ledger);
  const steering = new Steering(carried?.paused ?? false);
  const lease = new LeaseHold(carried?.leaseId ?? null);
  try {
    const handlers = { board, steering, lease };
    const context =
      carried === undefined ? await prepare(raw, handlers) : restore(carried, handlers);
    steering.of(context);
    return await lease.during(() => inTime(raw, context, carried?.host));
  } catch (error) {
    if (isCancellation(error) || error instanceof ContinueAsNew) throw error;
    if (error instanceof TemporalFailure && error.name === 'ApplicationFailure') throw error;
    throw asWorkflowFailure(error);
  }
}

function inTime(
  raw: unknown,
  context: BenchmarkContext,
  goingOn?: HostFacts,
): Promise<BenchmarkOutcome> {
  const work = (): Promise<BenchmarkOutcome> => measureSomewhere(raw, context, goingOn);
  return patched('deadline') ? context.deadline.limit(work) : work();
}

/** Made first, for they answer from the very first task on. */
type Handlers = Pick<BenchmarkContext, 'board' | 'steering' | 'lease'>;

async function prepare(
  raw: unknown,
  { board, steering, lease }: Handlers,
): Promise<BenchmarkContext> {
  const { startTime } = workflowInfo();
  const prepared = await lightActivities.prepareBenchmark(raw ?? null);
  const { config, searchAttributes } = prepared;
  board.plan({ warmupRuns: config.warmupRuns, runs: config.runs });
  setSearchAttributes(searchAttributes, {
    BenchmarkScenario: config.scenarioName,
    BenchmarkTarget: config.serverAddr === '' ? 'embedded' : config.serverAddr,
  });
  return {
    key: keyOfThis(),
    prepared,
    board,
    steering,
    lease,
    home: new Home(prepared, board),
    agenda: new RunAgenda(newAgenda({ warmup: config.warmupRuns, measured: config.runs })),
    deadline: new Deadline(startTime.getTime() + benchmarkBoundMs(config)),
    startedAtUtc: startTime.toISOString(),
  };
}

function restore(
  carried: CarriedBenchmark,
  { board, steering, lease }: Handlers,
): BenchmarkContext {
  const { prepared, startedAtUtc, agenda, host, deadlineAtMs } = carried;
  board.plan({ warmupRuns: agenda.counts.warmup, runs: agenda.counts.measured });
  board.measureOn(host);
  const context: BenchmarkContext = {
    key: keyOfThis(),
    prepared,
    board,
    steering,
    lease,
    home: new Home(prepared, board),
    agenda: new RunAgenda(agenda),
    deadline: new Deadline(deadlineAtMs),
    startedAtUtc,
  };
  // What was added to the memo is not carried over.
  noteSeries(context);
  return context;
}

function keyOfThis(): BenchmarkContext['key'] {
  const { workflowId, firstExecutionRunId } = workflowInfo();
  return { workflowId, firstExecutionRunId };
}

/** `goingOn`: the host that has measured the first runs already. */
async function measureSomewhere(
  raw: unknown,
  context: BenchmarkContext,
  goingOn?: HostFacts,
): Promise<BenchmarkOutcome> {
  let host = goingOn ?? (await context.home.settle());
  let isNew = goingOn === undefined;
  for (let hosts = 0; hosts < MAX_HOSTS; hosts += 1) {
    const end = await measureAt(context, host, isNew);
    if (end === 'history-long') {
      await condition(allHandlersFinished);
      return carryOn(raw, context, host);
    }
    if (!(end instanceof HostMoved)) return end;
    leave(context, host, end);
    host = end.to;
    isNew = true;
  }
  throw workflowFailure('worker-lost', `No host kept its worker in ${MAX_HOSTS} tries.`);
}

async function measureAt(
  context: BenchmarkContext,
  host: HostFacts,
  isNew: boolean,
): Promise<HostEnd> {
  context.home.enter();
  try {
    // Before anything that takes the host: its one place is for whoever may load his target.
    await holdTarget(context, host);
    if (isNew) await beginOn(context, host);
    return await measureOn(context, host);
  } catch (error) {
    if (error instanceof HostMoved) return error;
    throw error;
  }
}

/** Its runs are listed and count no more; all are measured again. */
function leave(context: BenchmarkContext, { host }: HostFacts, { reason }: HostMoved): void {
  const { agenda, board, deadline, home, prepared } = context;
  board.discard({ host, reason, discardedAtUtc: new Date().toISOString() });
  agenda.restart();
  if (!home.isWatched) return;
  const { warmup, measured } = agenda.state.counts;
  deadline.extend(runsBoundMs(prepared.config, warmup + measured));
  noteSeries(context);
}

/** For a host that was given up, should its worker live and have lost sight of us: its run under way is not wanted any more. */
function noteSeries({ board, home }: BenchmarkContext): void {
  const series = seriesOf(board.ledger);
  if (home.isWatched && series > 1) upsertMemo({ [MEMO_SERIES]: series });
}

async function beginOn(context: BenchmarkContext, host: HostFacts): Promise<void> {
  const { board, home, key, prepared } = context;
  board.measureOn(host);
  setSearchAttributes(prepared.searchAttributes, {
    BenchmarkCommit: host.environment.seed.commit_sha,
  });
  await home.at(host, (near) =>
    near.prepareOutput({ benchmark: key, outputPath: prepared.config.outputPath }),
  );
}

/** All runs that are left, and the report. */
async function measureOn(
  context: BenchmarkContext,
  host: HostFacts,
): Promise<BenchmarkOutcome | 'history-long'> {
  try {
    const end = await measureRuns(context, host);
    if (end !== 'done') return end;
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(() => keepWhatThereIs(context, host));
    throw error;
  }
  context.agenda.close();
  await context.lease.release();
  // A cancellation that comes now is too late: everything is measured.
  return CancellationScope.nonCancellable(() => concludeBenchmark(context, host));
}
