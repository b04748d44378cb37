// The leases on targets through the client: asked for, looked after, and checked at the moment of loading. All of it goes to
// the server alone, so that a check needs no worker.

import {
  WorkflowNotFoundError,
  type Client,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import { MAIN_TASK_QUEUE } from '../contract/ids.ts';
import type { RunKey } from '../contract/run-plan.ts';
import {
  LEASE_REQUEST_SIGNAL,
  LEASE_WORKFLOW_TYPE,
  leaseUserKey,
  MEMO_LEASE_USERS,
  type LeaseParty,
} from '../contract/target-lease.ts';
import { translated } from './benchmark-client.ts';

type WorkflowKey = Pick<RunKey, 'workflowId' | 'firstExecutionRunId'>;

export interface TargetLeases {
  /** Starts the lease if there is none. Asking twice is asking once. */
  readonly request: (leaseId: string, party: LeaseParty) => Promise<void>;
  /** Those of them that run no more. */
  readonly ended: (parties: readonly LeaseParty[]) => Promise<LeaseParty[]>;
  /** Whether that benchmark may load the target now. */
  readonly isHeld: (leaseId: string, key: WorkflowKey) => Promise<boolean>;
}

const CALL_TIMEOUT_MS = 10_000;

/** All methods throw BenchmarkError 'temporal-unreachable'. */
export function targetLeases(client: Client): TargetLeases {
  const bounded = <T>(work: () => Promise<T>): Promise<T> =>
    translated(() => client.connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, work));
  return {
    request: (leaseId, party) =>
      bounded(async () => {
        await client.workflow.signalWithStart(LEASE_WORKFLOW_TYPE, {
          workflowId: leaseId,
          taskQueue: MAIN_TASK_QUEUE,
          signal: LEASE_REQUEST_SIGNAL,
          signalArgs: [party],
          staticSummary: 'who may load this target',
        });
      }),
    ended: async (parties) => {
      const ended: LeaseParty[] = [];
      for (const party of parties) {
        const description = await bounded(() => described(client, party.workflowId));
        if (description === null || !isUnderWay(description, party)) ended.push(party);
      }
      return ended;
    },
    isHeld: async (leaseId, key) => {
      const lease = await bounded(() => described(client, leaseId));
      if (lease === null || lease.closeTime !== undefined) return false;
      const users = lease.memo?.[MEMO_LEASE_USERS];
      return Array.isArray(users) && users.includes(leaseUserKey(key));
    },
  };
}

async function described(
  client: Client,
  workflowId: string,
): Promise<WorkflowExecutionDescription | null> {
  try {
    return await client.workflow.getHandle(workflowId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/** An id that was started again since is somebody else. */
function isUnderWay(description: WorkflowExecutionDescription, key: WorkflowKey): boolean {
  const first = description.raw.workflowExecutionInfo?.firstRunId ?? '';
  return description.closeTime === undefined && (first === '' || first === key.firstExecutionRunId);
}
