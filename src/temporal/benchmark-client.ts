// What anyone outside the worker may do with a benchmark: start it, watch it, stop it, list them. By benchmark id only
// (the workflow id), never by run id, so that a command reaches the latest execution also after a reset.

import { setTimeout as delay } from 'node:timers/promises';
import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type Client,
  type WorkflowExecutionDescription,
  type WorkflowHandle,
  type WorkflowStartOptions,
} from '@temporalio/client';
import type { BenchmarkProgress } from '../contract/benchmark-state.ts';
import { BenchmarkError } from '../contract/failure.ts';
import {
  BENCHMARK_WORKFLOW_TYPE,
  CAPACITY_WORKFLOW_TYPE,
  MAIN_TASK_QUEUE,
  MEMO_CONFIG_HASH,
  MEMO_KEPT,
  MEMO_OUTCOME,
  MEMO_SUMMARY,
  PAUSE_SIGNAL,
  PROGRESS_QUERY,
  RESUME_SIGNAL,
  SUITE_WORKFLOW_TYPE,
} from '../contract/ids.ts';
import type {
  BenchmarkClient,
  BenchmarkDescription,
  BenchmarkListItem,
  LiveProgress,
  StartedBenchmark,
  StartRequest,
  WorkflowEnd,
} from './benchmark-api.ts';
export type {
  BenchmarkClient,
  BenchmarkDescription,
  BenchmarkEnd,
  BenchmarkListItem,
  LiveProgress,
  PendingStep,
  StartedBenchmark,
} from './benchmark-api.ts';
import { steeringOf } from './steer-benchmark.ts';
import { isServerAway, translatingOutages } from './server-outage.ts';
import type { KeptRuns } from '../contract/kept-runs.ts';
import { endOfFailure, type LeftInMemo } from './benchmark-end.ts';
import { listItemOf, liveRunOf, memoText, pendingStepOf, stateOf } from './describe-benchmark.ts';

const DEFAULT_LIST_LIMIT = 50;
/** A query waits for a worker; a live display must not. */
const QUERY_TIMEOUT_MS = 3_000;
const CALL_TIMEOUT_MS = 10_000;
const RESULT_RETRY_MS = 1_000;

export function createBenchmarkClient(client: Client): BenchmarkClient {
  const handleOf = (id: string): WorkflowHandle => client.workflow.getHandle(id);
  const bounded = <T>(work: () => Promise<T>): Promise<T> =>
    translated(() => client.connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, work));
  return {
    start: (request) => bounded(() => startOrAttach(client, BENCHMARK_WORKFLOW_TYPE, request)),
    result: (id, signal) => waitForEnd(handleOf(id), signal),
    progress: (id) => progressOf(client, handleOf(id), bounded),
    describe: (id) => bounded(async () => describe(await handleOf(id).describe())),
    list: (options) => bounded(() => listBenchmarks(client, options?.limit ?? DEFAULT_LIST_LIMIT)),
    cancel: (id) =>
      bounded(async () => {
        await handleOf(id).cancel();
      }),
    pause: (id) => bounded(() => handleOf(id).signal(PAUSE_SIGNAL)),
    resume: (id) => bounded(() => handleOf(id).signal(RESUME_SIGNAL)),
    ...steeringOf(client, handleOf, bounded),
  };
}

/** An id that runs or has completed is attached to; one that failed or was cancelled may be started again. */
export async function startOrAttach(
  client: Client,
  workflowType: string,
  request: StartRequest,
): Promise<StartedBenchmark> {
  const { benchmarkId } = request;
  try {
    const handle = await client.workflow.start(workflowType, {
      workflowId: benchmarkId,
      taskQueue: MAIN_TASK_QUEUE,
      args: request.raw === undefined ? [] : [request.raw],
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      ...writtenBeside(request),
    });
    const { firstExecutionRunId } = handle;
    return { kind: 'started', benchmarkId, firstExecutionRunId, sameConfig: true };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const existing = await client.workflow.getHandle(benchmarkId).describe();
    const hash = memoText(existing, MEMO_CONFIG_HASH);
    return {
      kind: 'attached',
      benchmarkId,
      firstExecutionRunId: existing.raw.workflowExecutionInfo?.firstRunId ?? existing.runId,
      sameConfig:
        hash === null || request.configHash === undefined ? null : hash === request.configHash,
    };
  }
}

/** What of a request does not go to the workflow itself. */
function writtenBeside(request: StartRequest): Partial<WorkflowStartOptions> {
  const { configHash, summary, details, executionTimeoutMs } = request;
  return {
    memo: {
      ...(configHash === undefined ? {} : { [MEMO_CONFIG_HASH]: configHash }),
      ...(summary === undefined ? {} : { [MEMO_SUMMARY]: summary }),
    },
    ...(executionTimeoutMs === undefined ? {} : { workflowExecutionTimeout: executionTimeoutMs }),
    ...(summary === undefined ? {} : { staticSummary: summary }),
    ...(details === undefined ? {} : { staticDetails: details }),
  };
}

export async function waitForEnd<Outcome>(
  handle: WorkflowHandle,
  signal?: AbortSignal,
): Promise<WorkflowEnd<Outcome>> {
  const aborted = rejectOnAbort(signal);
  for (;;) {
    const end = await Promise.race([oneWait<Outcome>(handle), aborted]);
    if (end !== 'server away') return end;
    await Promise.race([delay(RESULT_RETRY_MS), aborted]);
  }
}

async function oneWait<Outcome>(
  handle: WorkflowHandle,
): Promise<WorkflowEnd<Outcome> | 'server away'> {
  try {
    // The workflow of that type returns nothing else.
    return { kind: 'completed', outcome: (await handle.result()) as Outcome };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw notFound(handle.workflowId);
    if (isServerAway(error)) return 'server away';
    return endOfFailure(error, () => leftInMemo<Outcome>(handle));
  }
}

async function leftInMemo<Outcome>(handle: WorkflowHandle): Promise<LeftInMemo<Outcome>> {
  const description = await handle.describe().catch(() => null);
  // Only the workflow writes those keys.
  return {
    outcome: (description?.memo?.[MEMO_OUTCOME] as Outcome | undefined) ?? null,
    kept: (description?.memo?.[MEMO_KEPT] as KeptRuns | undefined) ?? null,
  };
}

async function progressOf(
  client: Client,
  handle: WorkflowHandle,
  bounded: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<LiveProgress> {
  const description = await bounded(() => handle.describe());
  const progress = await client.connection
    .withDeadline(Date.now() + QUERY_TIMEOUT_MS, () =>
      handle.query<BenchmarkProgress>(PROGRESS_QUERY),
    )
    .catch(() => null);
  return {
    state: stateOf(description),
    progress,
    live: liveRunOf(description),
    pending: pendingStepOf(description),
  };
}

async function describe(description: WorkflowExecutionDescription): Promise<BenchmarkDescription> {
  return {
    ...listItemOf(description),
    summary: (await description.staticSummary()) ?? memoText(description, MEMO_SUMMARY),
    configHash: memoText(description, MEMO_CONFIG_HASH),
    historyEvents: description.historyLength,
    pending: pendingStepOf(description),
  };
}

async function listBenchmarks(client: Client, limit: number): Promise<BenchmarkListItem[]> {
  const items: BenchmarkListItem[] = [];
  const query = `WorkflowType IN ('${BENCHMARK_WORKFLOW_TYPE}', '${SUITE_WORKFLOW_TYPE}', '${CAPACITY_WORKFLOW_TYPE}')`;
  for await (const info of client.workflow.list({ query, pageSize: Math.min(limit, 200) })) {
    items.push(listItemOf(info));
    if (items.length >= limit) break;
  }
  return items;
}

export function translated<T>(work: () => Promise<T>): Promise<T> {
  return translatingOutages(() =>
    work().catch((error: unknown) => {
      throw error instanceof WorkflowNotFoundError ? notFound(error.workflowId) : error;
    }),
  );
}

export function notFound(benchmarkId: string): BenchmarkError {
  return new BenchmarkError(
    'benchmark-not-found',
    `There is no benchmark ${benchmarkId}. \`loombench list\` shows those there are.`,
    { details: { benchmarkId } },
  );
}

function rejectOnAbort(signal: AbortSignal | undefined): Promise<never> {
  const aborted = new Promise<never>((_, reject) => {
    const fail = (): void =>
      reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
    if (signal?.aborted === true) fail();
    signal?.addEventListener('abort', fail, { once: true });
  });
  aborted.catch(() => undefined);
  return aborted;
}
