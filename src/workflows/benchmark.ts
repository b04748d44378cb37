// The benchmark as a durable sequence: prepare, measure every run on one host, summarize, report. Only order, retries and
// progress live here; every number and every decision by a formula comes from an activity and so stands in history.

import {
  CancellationScope,
  isCancellation,
  proxyActivities,
  sleep,
  TemporalFailure,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type {
  BenchmarkActivities,
  BenchmarkFacts,
  HostFacts,
  PreparedBenchmark,
} from '../activities/interface.ts';
import type { BenchmarkOutcome } from '../contract/benchmark-state.ts';
import { MEMO_OUTCOME } from '../contract/ids.ts';
import { PHASES, type Phase, type RunKey, type RunPlan } from '../contract/run-plan.ts';
import { hostActivities, lightActivities, measureOptions } from './activity-options.ts';
import { ProgressBoard } from './benchmark-progress.ts';
import { asWorkflowFailure, runFailure, workflowFailure } from './failures.ts';
import { setSearchAttributes } from './visibility.ts';

interface Benchmark {
  readonly key: Pick<RunKey, 'workflowId' | 'firstExecutionRunId'>;
  readonly prepared: PreparedBenchmark;
  readonly board: ProgressBoard;
  readonly startedAtUtc: string;
}

interface Step {
  readonly phase: Phase;
  readonly index: number;
  readonly of: number;
}

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
  const { workflowId, firstExecutionRunId, startTime } = workflowInfo();
  const prepared = await lightActivities.prepareBenchmark(raw ?? null);
  const { config, searchAttributes } = prepared;
  board.plan({ warmupRuns: config.warmupRuns, runs: config.runs });
  setSearchAttributes(searchAttributes, {
    BenchmarkScenario: config.scenarioName,
    BenchmarkTarget: config.serverAddr === '' ? 'embedded' : config.serverAddr,
  });
  const benchmark: Benchmark = {
    key: { workflowId, firstExecutionRunId },
    prepared,
    board,
    startedAtUtc: startTime.toISOString(),
  };
  for (let hosts = 0; hosts < MAX_HOSTS; hosts += 1) {
    const host = await lightActivities.captureEnvironment(config);
    const end = await runOnHost(benchmark, host);
    if (end !== 'host-away') return end;
  }
  throw workflowFailure('worker-lost', `No host kept its worker in ${MAX_HOSTS} tries.`);
}

/** The whole benchmark on one host; 'host-away' when that host's worker is gone for good. */
async function runOnHost(
  benchmark: Benchmark,
  host: HostFacts,
): Promise<BenchmarkOutcome | 'host-away'> {
  const { board, key, prepared } = benchmark;
  board.beginOn(host.hostTaskQueue);
  setSearchAttributes(prepared.searchAttributes, {
    BenchmarkCommit: host.environment.seed.commit_sha,
  });
  await hostActivities(host.hostTaskQueue).prepareOutput({
    benchmark: key,
    outputPath: prepared.config.outputPath,
  });
  try {
    if ((await measureAll(benchmark, host)) === 'host-away') return 'host-away';
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(() => keepWhatThereIs(benchmark, host));
    throw error;
  }
  // A cancellation that comes now is too late: everything is measured.
  return CancellationScope.nonCancellable(() => conclude(benchmark, host));
}

async function measureAll(benchmark: Benchmark, host: HostFacts): Promise<'done' | 'host-away'> {
  const { board, prepared } = benchmark;
  const steps = stepsOf(prepared);
  for (const [position, step] of steps.entries()) {
    if (position > 0 && prepared.config.cooldownMs > 0) {
      board.enter({ kind: 'cooling-down' });
      await sleep(prepared.config.cooldownMs);
    }
    await board.whilePaused();
    board.enter({ kind: 'running', ...step });
    if ((await measureOne(benchmark, host, step)) === 'host-away') return 'host-away';
  }
  return 'done';
}

async function measureOne(
  benchmark: Benchmark,
  host: HostFacts,
  step: Step,
): Promise<'done' | 'host-away'> {
  const { board, prepared } = benchmark;
  const key: RunKey = { ...benchmark.key, phase: step.phase, index: step.index };
  const options = measureOptions(
    host.hostTaskQueue,
    prepared.config,
    `${step.phase} ${step.index}/${step.of}`,
  );
  const { measureRun } = proxyActivities<BenchmarkActivities>(options);
  for (;;) {
    try {
      board.finished(await measureRun(planOf(prepared, key)));
      return 'done';
    } catch (error) {
      const failure = runFailure(error, key);
      if (failure.kind === 'cancelled') throw failure.error;
      if (failure.kind === 'host-away') {
        // The same host again: it was only busy or asleep, and what it measured stands.
        const next = await lightActivities.captureEnvironment(prepared.config);
        if (next.hostTaskQueue === host.hostTaskQueue) continue;
        return 'host-away';
      }
      if (failure.final && board.current.finished.length === 0) {
        throw workflowFailure(failure.run.code, failure.run.message);
      }
      board.failed(failure.run);
      return 'done';
    }
  }
}

async function conclude(benchmark: Benchmark, host: HostFacts): Promise<BenchmarkOutcome> {
  const outcome = await report(benchmark, host, 'completed');
  const { failed, runs } = benchmark.board.current;
  const lost = failed.filter((run) => run.key.phase === 'measured');
  const first = lost[0];
  if (lost.length < runs || first === undefined) return outcome;
  upsertMemo({ [MEMO_OUTCOME]: outcome });
  throw workflowFailure(
    first.code,
    `None of the ${runs} measured runs could be measured. The first failed so: ${first.message} ` +
      `What there is, is in ${outcome.report.path}.`,
  );
}

/** After a cancellation: a report of the finished runs, marked as partial. Its failure must not hide the cancellation. */
async function keepWhatThereIs(benchmark: Benchmark, host: HostFacts): Promise<void> {
  try {
    upsertMemo({ [MEMO_OUTCOME]: await report(benchmark, host, 'cancelled') });
  } catch (error) {
    benchmark.board.close([
      `Cancelled; no report could be written: ${error instanceof Error ? error.message : String(error)}`,
    ]);
  }
}

async function report(
  benchmark: Benchmark,
  host: HostFacts,
  status: BenchmarkFacts['status'],
): Promise<BenchmarkOutcome> {
  const { board, key, prepared } = benchmark;
  const { summarize, writeReport } = hostActivities(host.hostTaskQueue);
  const facts = factsOf(benchmark, host, status);
  board.enter({ kind: 'summarizing' });
  const summary = await summarize(facts);
  board.enter({ kind: 'writing-report' });
  const written = await writeReport({ facts, summary });
  setSearchAttributes(prepared.searchAttributes, {
    BenchmarkVerdict: summary.verdict,
    BenchmarkThroughputRps: summary.aggregate.throughput_rps.median,
    BenchmarkLatencyP99Us: summary.aggregate.latency_p99_us.median,
  });
  board.close([
    `**${summary.verdict}**${status === 'cancelled' ? ' (cancelled: partial)' : ''}`,
    ...summary.reasons.map((reason) => `- ${reason}`),
    '',
    `Report: \`${written.outputPath ?? written.report.path}\` on ${host.host}`,
  ]);
  return {
    benchmarkId: key.workflowId,
    verdict: summary.verdict,
    reasons: summary.reasons,
    status,
    aggregate: summary.aggregate,
    runs: board.current.finished,
    failedRuns: board.current.failed,
    report: written.report,
    outputPath: written.outputPath,
    host: host.host,
  };
}

function factsOf(
  benchmark: Benchmark,
  host: HostFacts,
  status: BenchmarkFacts['status'],
): BenchmarkFacts {
  const { finished, failed } = benchmark.board.current;
  const keysOf = (phase: Phase): RunKey[] =>
    finished.filter((run) => run.key.phase === phase).map((run) => run.key);
  return {
    benchmark: benchmark.key,
    config: benchmark.prepared.config,
    configHash: benchmark.prepared.configHash,
    environment: host.environment,
    startedAtUtc: benchmark.startedAtUtc,
    // In a workflow Date is the time of the task in history, so a replay says the same.
    finishedAtUtc: new Date().toISOString(),
    status,
    warmups: keysOf('warmup'),
    runs: keysOf('measured'),
    failedRuns: failed,
  };
}

function stepsOf(prepared: PreparedBenchmark): Step[] {
  const counts = { warmup: prepared.config.warmupRuns, measured: prepared.config.runs };
  return PHASES.flatMap((phase) =>
    Array.from({ length: counts[phase] }, (_, position) => ({
      phase,
      index: position + 1,
      of: counts[phase],
    })),
  );
}

function planOf({ config }: PreparedBenchmark, key: RunKey): RunPlan {
  return { key, harness: config, collect: config.collect, perRunWarmupMs: config.perRunWarmupMs };
}
