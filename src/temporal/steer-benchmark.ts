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
import { failedBelow, resetPoint } from './reset-point.ts';

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
  const events = history.events ?? [];
  const point = resetPoint(events);
  if (point === null) throw refused(nothingToRetry(handle.workflowId, failedBelow(events)));
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

const MAX_LEVELS_NAMED = 5;

/** A suite goes on after a level that failed, and has its result. */
function nothingToRetry(id: string, levels: readonly string[]): string {
  if (levels.length === 0) return `Nothing of benchmark ${id} failed; there is nothing to retry.`;
  const named = levels.slice(0, MAX_LEVELS_NAMED).map((level) => `loombench retry ${level}`);
  const more = levels.length > named.length ? `, and ${levels.length - named.length} more` : '';
  return `${id} itself has ended in order; its levels that failed are retried one by one: ${named.join(', ')}${more}. The report of ${id} stays what it was.`;
}

function refused(message: string, cause?: unknown): BenchmarkError {
  return new BenchmarkError('steering-refused', message, { cause });
}
