// One load at a time on a target, whichever host, worker or user it comes from: the names and messages of the lease that
// a benchmark holds on the address it measures. An embedded target is a run's own and needs none.

import type { RunKey } from './run-plan.ts';

export const LEASE_WORKFLOW_TYPE = 'targetLease';
/** To the lease: a party wants the target, or is done with it (or with waiting for it). */
export const LEASE_REQUEST_SIGNAL = 'request';
export const LEASE_RELEASE_SIGNAL = 'release';
/** From the lease to a party. */
export const LEASE_TURN_SIGNAL = 'leaseTurn';
/** Memo of the lease: keys of those that may load the target now. Readable without a worker. */
export const MEMO_LEASE_USERS = 'loombenchUsers';

type WorkflowKey = Pick<RunKey, 'workflowId' | 'firstExecutionRunId'>;

/** A benchmark, or a suite of them, that wants to load the target. */
export interface LeaseParty extends WorkflowKey {
  /** A child of the holder loads the target in its name, as the levels of a suite do. */
  readonly parentId: string | null;
}

export interface LeaseTurn {
  readonly leaseId: string;
  /** Of the party that is meant: an id may have been started again since. */
  readonly firstExecutionRunId: string;
  /** Who comes before it, the holder first; null: it is its turn. */
  readonly behind: readonly string[] | null;
}

export interface LeaseRequest {
  readonly address: string;
  /** The measuring host; null: the one that takes the request. */
  readonly host: string | null;
  readonly party: LeaseParty;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\]):(\d+)$/;

/** Workflow id of the lease; null when there is nothing to lease. What only a host itself can reach is leased per host. */
export function leaseIdOf(address: string, host: string): string | null {
  if (address === '') return null;
  const normal = address.startsWith('unix:') ? address : address.toLowerCase();
  const port = LOOPBACK.exec(normal)?.[1];
  if (port !== undefined) return `loombench-target:${host}:${port}`;
  return `loombench-target:${normal.startsWith('unix:') ? `${host}:${normal}` : normal}`;
}

/** For whom somebody waits; `behind`: ids of those before him, the holder first. */
export function waitingForTargetText({
  address,
  behind,
}: {
  readonly address: string;
  readonly behind: readonly string[];
}): string {
  const [holder = 'another benchmark', ...others] = behind;
  const then = others.length === 0 ? '' : `, then ${others.join(', ')}`;
  return `waiting for ${address}: ${holder} measures it${then}`;
}

export function leaseUserKey({ workflowId, firstExecutionRunId }: WorkflowKey): string {
  return `${workflowId}.${firstExecutionRunId}`;
}
