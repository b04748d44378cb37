// What every step of a suite's workflow, or of a capacity search's, needs to know of it.

import { proxyActivities, type ActivityInterfaceFor } from '@temporalio/workflow';
import type { PreparedSuite, SuiteActivities } from '../activities/suite/interface.ts';
import type { HostPolicy } from '../contract/host-policy.ts';
import { hostTaskQueue } from '../contract/ids.ts';
import type { RegressionWatch } from '../contract/regression-watch.ts';
import type { RunKey } from '../contract/run-plan.ts';
import type { LevelResult, SuitePlan } from '../contract/suite.ts';
import { DEFAULT_HEARTBEAT_TIMEOUT_MS, LIGHT } from './activity-options.ts';
import type { Deadline } from './deadline.ts';
import { hostAnswers, wasNotTaken } from './host-presence.ts';
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
  /** How long a lost host is waited for. */
  readonly hosts: HostPolicy;
  /** Where the latest level was measured; its disk has what was measured. */
  host: string | null;
}

/** A step that is not taken at once may lie behind another one, or its host may be gone. */
const FIRST_LOOK_MS = 5_000;
const LONGEST_LOOK_MS = 300_000;

/**
 * Does a step on the host that measures; before anything was measured, on any. A host that is busy is waited for, one whose
 * worker is gone for as long as the suite's benchmarks wait for theirs: then whoever is there does it, who lacks its files.
 */
export async function nearTheData<T>(
  suite: Suite,
  work: (near: ActivityInterfaceFor<SuiteActivities>) => Promise<T>,
): Promise<T> {
  const { host } = suite;
  if (host === null) return work(anywhere);
  for (
    let scheduleToStartTimeout = FIRST_LOOK_MS;
    ;
    scheduleToStartTimeout = Math.min(2 * scheduleToStartTimeout, LONGEST_LOOK_MS)
  ) {
    const taskQueue = hostTaskQueue(host);
    try {
      return await work(
        proxyActivities<SuiteActivities>({ ...LIGHT, taskQueue, scheduleToStartTimeout }),
      );
    } catch (error) {
      if (!wasNotTaken(error)) throw error;
    }
    if (!(await hostAnswers(host, patienceMs(suite.hosts)))) break;
  }
  suite.host = null;
  return work(anywhere);
}

/** undefined: without limit. */
function patienceMs({ onLoss, lossLimitMs }: HostPolicy): number | undefined {
  if (onLoss !== 'wait') return DEFAULT_HEARTBEAT_TIMEOUT_MS;
  return lossLimitMs === 0 ? undefined : lossLimitMs;
}
