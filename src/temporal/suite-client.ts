// What anyone outside the worker may do with a suite. Pausing, resuming and cancelling go by id as for a benchmark.

import type { Client, WorkflowHandle } from '@temporalio/client';
import {
  CAPACITY_WORKFLOW_TYPE,
  MEMO_CONFIG_HASH,
  PROGRESS_QUERY,
  SUITE_WORKFLOW_TYPE,
} from '../contract/ids.ts';
import type { SuiteOutcome, SuiteProgress } from '../contract/suite.ts';
import type {
  BenchmarkState,
  StartedBenchmark,
  StartRequest,
  WorkflowEnd,
} from './benchmark-api.ts';
import { startOrAttach, translated, waitForEnd } from './benchmark-client.ts';
import { stateOf } from './describe-benchmark.ts';

export type SuiteEnd = WorkflowEnd<SuiteOutcome>;

export interface SuiteLook {
  readonly state: BenchmarkState;
  /** null: no worker answered the query. */
  readonly progress: SuiteProgress | null;
}

/** A search for a capacity is watched like a suite whose levels are found as it goes on. */
export type SequenceKind = 'suite' | 'capacity';

const WORKFLOW_TYPES: Readonly<Record<SequenceKind, string>> = {
  suite: SUITE_WORKFLOW_TYPE,
  capacity: CAPACITY_WORKFLOW_TYPE,
};

/** All methods throw BenchmarkError 'temporal-unreachable' or 'benchmark-not-found'. */
export interface SuiteClient {
  /** As `BenchmarkClient.start`: an id that runs or has completed is attached to. */
  readonly start: (request: StartRequest, kind?: SequenceKind) => Promise<StartedBenchmark>;
  /** The id of a suite under way that was started with that hash; null when there is none. */
  readonly findRunning: (configHash: string) => Promise<string | null>;
  readonly progress: (suiteId: string) => Promise<SuiteLook>;
  readonly result: (suiteId: string, signal?: AbortSignal) => Promise<SuiteEnd>;
}

/** A query waits for a worker; a live display must not. */
const QUERY_TIMEOUT_MS = 3_000;
const CALL_TIMEOUT_MS = 10_000;

export function createSuiteClient(client: Client): SuiteClient {
  const handleOf = (id: string): WorkflowHandle => client.workflow.getHandle(id);
  const bounded = <T>(work: () => Promise<T>): Promise<T> =>
    translated(() => client.connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, work));
  return {
    start: (request, kind = 'suite') =>
      bounded(() => startOrAttach(client, WORKFLOW_TYPES[kind], request)),
    findRunning: (hash) => bounded(() => findRunning(client, hash)),
    progress: async (id) => {
      const description = await bounded(() => handleOf(id).describe());
      const progress = await client.connection
        .withDeadline(Date.now() + QUERY_TIMEOUT_MS, () =>
          handleOf(id).query<SuiteProgress>(PROGRESS_QUERY),
        )
        .catch(() => null);
      return { state: stateOf(description), progress };
    },
    result: (id, signal) => waitForEnd<SuiteOutcome>(handleOf(id), signal),
  };
}

async function findRunning(client: Client, hash: string): Promise<string | null> {
  const types = Object.values(WORKFLOW_TYPES).map((type) => `'${type}'`);
  const query = `WorkflowType IN (${types.join(', ')}) AND ExecutionStatus = 'Running'`;
  for await (const info of client.workflow.list({ query })) {
    if (info.memo?.[MEMO_CONFIG_HASH] === hash) return info.workflowId;
  }
  return null;
}
