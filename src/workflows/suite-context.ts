// What every step of a suite's workflow, or of a capacity search's, needs to know of it.

import { proxyActivities, type ActivityInterfaceFor } from '@temporalio/workflow';
import type { PreparedSuite, SuiteActivities } from '../activities/suite/interface.ts';
import { hostTaskQueue } from '../contract/ids.ts';
import type { RegressionWatch } from '../contract/regression-watch.ts';
import type { RunKey } from '../contract/run-plan.ts';
import type { LevelResult, SuitePlan } from '../contract/suite.ts';
import { LIGHT } from './activity-options.ts';
import type { Deadline } from './deadline.ts';
import type { LeaseHold } from './lease-hold.ts';
import type { SuiteBoard } from './suite-board.ts';

export const anywhere = proxyActivities<SuiteActivities>(LIGHT);

export interface Suite {
  readonly key: Pick<RunKey, 'workflowId' | 'firstExecutionRunId'>;
  readonly searchAttributes: PreparedSuite['searchAttributes'];
  readonly board: SuiteBoard;
  readonly lease: LeaseHold;
  /** null: it began under a version without one. */
  readonly deadline: Deadline | null;
  /** null: it is not held against its history. */
  readonly watch: RegressionWatch | null;
  readonly startedAtMs: number;
  readonly results: LevelResult[];
  /** That each level is a trial of; null: none. */
  readonly slo: string | null;
  /** A search adds to it as it goes on. */
  plan: SuitePlan;
  /** Where the latest level was measured; its disk has what was measured. */
  host: string | null;
}

/** On the host that measures; before anything was measured, on any. */
export function nearTheData({ host }: Suite): ActivityInterfaceFor<SuiteActivities> {
  return host === null
    ? anywhere
    : proxyActivities<SuiteActivities>({ ...LIGHT, taskQueue: hostTaskQueue(host) });
}
