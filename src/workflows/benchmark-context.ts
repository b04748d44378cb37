// What every step of one benchmark's workflow needs to know of it.

import type { PreparedBenchmark } from '../activities/interface.ts';
import type { RunKey } from '../contract/run-plan.ts';
import type { ProgressBoard } from './benchmark-progress.ts';
import type { RunAgenda } from './run-agenda.ts';

export interface BenchmarkContext {
  readonly key: Pick<RunKey, 'workflowId' | 'firstExecutionRunId'>;
  readonly prepared: PreparedBenchmark;
  readonly board: ProgressBoard;
  /** Which run comes next; whoever wants more runs adds them here. */
  readonly agenda: RunAgenda;
  readonly startedAtUtc: string;
}
