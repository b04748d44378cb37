// The plan of a dry run: with what a run is known to cost this machine, measured now when nothing is known yet.

import { defaultBenchmarkConfig } from '../../config/defaults.ts';
import type { RunCost, SuitePlan, SuiteRequest } from '../../contract/suite.ts';
import { executeRun } from '../../harness/execute-run.ts';
import { nullFloorIn } from '../../harness/null-floor.ts';
import { keepRunCost, knownRunCost, measureRunCost } from '../../harness/run-cost.ts';
import { acquireHostLock, hostLockName } from '../../runtime/host-lock.ts';
import { planSuite } from '../../suite/plan-suite.ts';
import { say, type CliContext } from '../context.ts';
import { watchInterruption } from '../interruption.ts';
import { stateDirectoryOf } from '../state-directory.ts';

/** @param plan of that request, without such knowledge. */
export async function estimatedPlan(
  context: CliContext,
  { request, plan }: { readonly request: SuiteRequest; readonly plan: SuitePlan },
): Promise<SuitePlan> {
  const stateDirectory = stateDirectoryOf(context.env, context.cwd);
  const known = await knownRunCost(stateDirectory);
  const cost = known ?? (await measuredNow(context, stateDirectory));
  const planned = cost === null ? null : planSuite(request, cost);
  return planned?.kind === 'ok' ? planned.plan : plan;
}

/** A machine on which no run succeeds gets its plan all the same: why it does not is another command's matter. */
async function measuredNow(context: CliContext, stateDirectory: string): Promise<RunCost | null> {
  const { signal } = watchInterruption();
  const note = (text: string): void => say(context, text);
  try {
    const lock = await acquireHostLock(hostLockName(context.env), signal, () =>
      note('Another run is being measured on this host; waiting for its end.'),
    );
    try {
      note('Measuring what a run costs this machine: some seconds, once.');
      const nullFloor = nullFloorIn(stateDirectory, context.env);
      const cost = await measureRunCost(defaultBenchmarkConfig(), (small, directory) =>
        executeRun(small, { directory, signal, nullFloor, onProgress: () => undefined }),
      );
      await keepRunCost(stateDirectory, cost);
      return cost;
    } finally {
      await lock.release();
    }
  } catch (error) {
    if (signal.aborted) throw error;
    note(`That could not be measured: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}
