// What the workflows of suites have in common around their work: their board, their failures, their start.

import { isCancellation, TemporalFailure, workflowInfo } from '@temporalio/workflow';
import type { PreparedSuite } from '../activities/suite/interface.ts';
import { asWorkflowFailure } from './failures.ts';
import { LeaseHold } from './lease-hold.ts';
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
  const { plan, searchAttributes } = prepared;
  board.plan(plan);
  const address = plan.request.settings['serverAddr'];
  setSearchAttributes(searchAttributes, {
    BenchmarkScenario: name,
    BenchmarkTarget: typeof address === 'string' && address !== '' ? address : 'embedded',
  });
  return {
    key: { workflowId, firstExecutionRunId },
    searchAttributes,
    board,
    lease,
    startedAtMs: startTime.getTime(),
    results: [],
    plan,
    slo,
    host: null,
  };
}
