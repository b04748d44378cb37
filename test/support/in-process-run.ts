// A real run against a target that runs already, in this process: a generator process of its own per run costs more than
// a second, and is not what is looked at. The worker shares the event loop with it, so its figures are coarse.

import type { RunHooks } from '../../src/activities/dependencies.ts';
import type { RunPlan } from '../../src/contract/run-plan.ts';
import type { RunMeasurement } from '../../src/contract/run-result.ts';
import { assembleMeasurement } from '../../src/harness/assemble-measurement.ts';
import { generateLoad } from '../../src/harness/generate-load.ts';
import { runIdentity } from '../../src/harness/run-identity.ts';

/** What the gates say of it is set aside: they judge how quiet this machine was. */
export async function inProcessRun(run: RunPlan, hooks: RunHooks): Promise<RunMeasurement> {
  return { ...(await judgedInProcessRun(run, hooks)), gates: [], verdict: 'VALID' };
}

/** With what the gates say of it. */
export async function judgedInProcessRun(run: RunPlan, hooks: RunHooks): Promise<RunMeasurement> {
  const plan = {
    ...run,
    embedded: false,
    originNs: process.hrtime.bigint(),
    directory: hooks.directory,
    wantsRecording: false,
    identity: runIdentity(run.harness),
    nullFloor: null,
  };
  const outcome = await generateLoad(plan, hooks);
  return assembleMeasurement({ plan, outcome, target: null, raw: null });
}
