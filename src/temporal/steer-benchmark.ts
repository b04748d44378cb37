// Words to a benchmark that the workflow itself may refuse, and the way back for one that has failed.

import {
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import { BenchmarkError } from '../contract/failure.ts';
import {
  ADD_RUNS_UPDATE,
  EXTEND_TIMEOUT_UPDATE,
  RETRIED_SIGNAL,
  SKIP_RUN_UPDATE,
} from '../contract/ids.ts';
import type { BenchmarkClient } from './benchmark-api.ts';
import { stateOf } from './describe-benchmark.ts';
import { resetPoint } from './reset-point.ts';

type ExcludedType = NonNullable<
  Parameters<Client['workflowService']['resetWorkflowExecution']>[0]['resetReapplyExcludeTypes']
>[number];
type Bounded = <T>(work: () => Promise<T>) => Promise<T>;
type Steering = Pick<BenchmarkClient, 'addRuns' | 'skipRun' | 'extendTimeout' | 'retry'>;

/** temporal.api.enums.v1.ResetReapplyExcludeType: its cancellation must not come again. */
const CANCEL_REQUEST = 4;
const EXCLUDED_TYPES = [CANCEL_REQUEST].filter(
  (type): type is ExcludedType => type === CANCEL_REQUEST,
);

export function steeringOf(
  client: Client,
  handleOf: (benchmarkId: string) => WorkflowHandle,
  bounded: Bounded,
): Steering {
  const update = <T>(benchmarkId: string, name: string, argument: number | null): Promise<T> =>
    bounded(() =>
      asked(handleOf(benchmarkId).executeUpdate<T, [number | null]>(name, { args: [argument] })),
    );
  return {
    addRuns: (id, count) => update(id, ADD_RUNS_UPDATE, count),
    skipRun: (id, index) => update(id, SKIP_RUN_UPDATE, index),
    extendTimeout: (id, byMs) => update(id, EXTEND_TIMEOUT_UPDATE, byMs),
    retry: (id) => bounded(() => retry(client, handleOf(id))),
  };
}

async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) {
      throw refused(error.cause?.message ?? error.message, error);
    }
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
      throw refused(
        'No worker is up to decide about it. Start one, such as `loombench worker`.',
        error,
      );
    }
    throw error;
  }
}

async function retry(client: Client, handle: WorkflowHandle): Promise<void> {
  const description = await handle.describe();
  const state = stateOf(description);
  if (state === 'running' || state === 'paused') {
    throw refused(
      `Benchmark ${handle.workflowId} is ${state}; only one that has ended is retried.`,
    );
  }
  const { runId } = description;
  const history = await client.workflow.getHandle(handle.workflowId, runId).fetchHistory();
  const point = resetPoint(history.events ?? []);
  if (point === null) {
    throw refused(`Nothing of benchmark ${handle.workflowId} failed; there is nothing to retry.`);
  }
  await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId: handle.workflowId, runId },
    reason: 'loombench retry',
    workflowTaskFinishEventId: point,
    // The same word twice, after an answer that was lost, is one reset.
    requestId: `loombench-retry-${runId}`,
    resetReapplyExcludeTypes: EXCLUDED_TYPES,
  });
  // The server cannot send it along with the reset; the workflow waits for it before it holds its deadline for passed.
  await handle.signal(RETRIED_SIGNAL);
}

function refused(message: string, cause?: unknown): BenchmarkError {
  return new BenchmarkError('steering-refused', message, { cause });
}
