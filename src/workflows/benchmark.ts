// The benchmark as a durable sequence: prepare, measure every run on one host, summarize, report. Only order, retries and
// progress live here; every number and every decision by a formula comes from an activity and so stands in history.

import {
  CancellationScope,
  isCancellation,
  TemporalFailure,
  workflowInfo,
} from '@temporalio/workflow';
import type { HostFacts } from '../activities/interface.ts';
import type { BenchmarkOutcome } from '../contract/benchmark-state.ts';
import { hostActivities, lightActivities } from './activity-options.ts';
import type { BenchmarkContext } from './benchmark-context.ts';
import { ProgressBoard } from './benchmark-progress.ts';
import { concludeBenchmark, keepWhatThereIs } from './conclude-benchmark.ts';
import { asWorkflowFailure, workflowFailure } from './failures.ts';
import { measureRuns } from './measure-runs.ts';
import { RunAgenda } from './run-agenda.ts';
import { setSearchAttributes } from './visibility.ts';

/** A benchmark that has to move more often than this has no home. */
const MAX_HOSTS = 10;

/**
 * Workflow type `benchmark`. `raw` is whatever the user typed: nothing or an empty object is the default benchmark, and what
 * cannot be understood ends it as FAILED with every problem named.
 */
export async function benchmark(raw?: unknown): Promise<BenchmarkOutcome> {
  const board = new ProgressBoard();
  try {
    return await runBenchmark(raw, board);
  } catch (error) {
    if (isCancellation(error)) throw error;
    if (error instanceof TemporalFailure && error.name === 'ApplicationFailure') throw error;
    throw asWorkflowFailure(error);
  }
}

async function runBenchmark(raw: unknown, board: ProgressBoard): Promise<BenchmarkOutcome> {
  const context = await prepare(raw, board);
  for (let hosts = 0; hosts < MAX_HOSTS; hosts += 1) {
    const host = await lightActivities.captureEnvironment(context.prepared.config);
    const end = await runOnHost(context, host);
    if (end !== 'host-away') return end;
  }
  throw workflowFailure('worker-lost', `No host kept its worker in ${MAX_HOSTS} tries.`);
}

async function prepare(raw: unknown, board: ProgressBoard): Promise<BenchmarkContext> {
  const { workflowId, firstExecutionRunId, startTime } = workflowInfo();
  const prepared = await lightActivities.prepareBenchmark(raw ?? null);
  const { config, searchAttributes } = prepared;
  board.plan({ warmupRuns: config.warmupRuns, runs: config.runs });
  setSearchAttributes(searchAttributes, {
    BenchmarkScenario: config.scenarioName,
    BenchmarkTarget: config.serverAddr === '' ? 'embedded' : config.serverAddr,
  });
  return {
    key: { workflowId, firstExecutionRunId },
    prepared,
    board,
    agenda: new RunAgenda({ warmup: config.warmupRuns, measured: config.runs }),
    startedAtUtc: startTime.toISOString(),
  };
}

/** The whole benchmark on one host; 'host-away' when that host's worker is gone for good. */
async function runOnHost(
  context: BenchmarkContext,
  host: HostFacts,
): Promise<BenchmarkOutcome | 'host-away'> {
  const { agenda, board, key, prepared } = context;
  board.beginOn(host.hostTaskQueue);
  agenda.restart();
  setSearchAttributes(prepared.searchAttributes, {
    BenchmarkCommit: host.environment.seed.commit_sha,
  });
  await hostActivities(host.hostTaskQueue).prepareOutput({
    benchmark: key,
    outputPath: prepared.config.outputPath,
  });
  try {
    if ((await measureRuns(context, host)) === 'host-away') return 'host-away';
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(() => keepWhatThereIs(context, host));
    throw error;
  }
  // A cancellation that comes now is too late: everything is measured.
  return CancellationScope.nonCancellable(() => concludeBenchmark(context, host));
}
