// What the workflows of suites have in common around their work: their board, their failures, their start.

import { isCancellation, TemporalFailure, workflowInfo } from '@temporalio/workflow';
import type { PreparedSuite } from '../activities/suite/interface.ts';
import { DEFAULT_HOST_POLICY } from '../contract/host-policy.ts';
import { Deadline, GRACE_MS } from './deadline.ts';
import { asWorkflowFailure } from './failures.ts';
import { LeaseHold } from './lease-hold.ts';
import { isWatched } from './regression-watch.ts';
import { SuiteBoard } from './suite-board.ts';
import type { Suite } from './suite-context.ts';
import { setSearchAttributes } from './visibility.ts';

export type Fittings = Pick<Suite, 'board' | 'lease'>;

/** Whatever leaves a workflow must be a failure in Temporal's terms, or it would run for ever. */
export async function framed<T>(work: (fittings: Fittings) => Promise<T>): Promise<T> {
  const board = new SuiteBoard();
  const lease = new LeaseHold();
  try {
    return await lease.during(() => work({ board, lease }));
  } catch (error) {
    if (isCancellation(error)) throw error;
    if (error instanceof TemporalFailure && error.name === 'ApplicationFailure') throw error;
    throw asWorkflowFailure(error);
  }
}

export function begun(
  prepared: PreparedSuite,
  { board, lease }: Fittings,
  { name, slo }: { readonly name: string; readonly slo: string | null },
): Suite {
  const { workflowId, firstExecutionRunId, startTime } = workflowInfo();
  const { plan, searchAttributes, boundMs, watch, hosts = DEFAULT_HOST_POLICY } = prepared;
  board.plan(plan);
  const address = plan.request.settings['serverAddr'];
  setSearchAttributes(searchAttributes, {
    BenchmarkScenario: name,
    BenchmarkTarget: typeof address === 'string' && address !== '' ? address : 'embedded',
  });
  const deadline = boundMs === undefined ? null : new Deadline(startTime.getTime() + boundMs);
  board.keep(deadline, boundMs ?? 0);
  return {
    key: { workflowId, firstExecutionRunId },
    searchAttributes,
    board,
    lease,
    deadline,
    watch: watch !== undefined && isWatched(watch) ? watch : null,
    startedAtMs: startTime.getTime(),
    results: [],
    plan,
    slo,
    hosts,
    host: null,
  };
}

/** What is not over by its deadline is cancelled, with a report of the finished levels, and has failed. */
export function inTime<T>({ deadline }: Suite, work: () => Promise<T>): Promise<T> {
  if (deadline === null) return work();
  const { runId, firstExecutionRunId } = workflowInfo();
  return deadline.limit(work, {
    what: 'The suite',
    next: 'Its finished levels are reported; the others may be measured by a suite of their scenarios.',
    // Only one that was put back may be told so.
    graceMs: runId === firstExecutionRunId ? 0 : GRACE_MS,
  });
}
