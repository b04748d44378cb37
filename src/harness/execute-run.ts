// One run, whole: a target of its own when none is named, a generator, the measurement, and no process left behind
// however it ends. Knows nothing of Temporal: activities and BenchmarkRunner call it alike.

import type { HostFingerprint } from '../contract/environment.ts';
import { progressWithoutCalls, type RunPlan, type RunProgress } from '../contract/run-plan.ts';
import type { NullFloor, RunMeasurement } from '../contract/run-result.ts';
import { verdictOf } from '../contract/warning.ts';
import {
  startEmbeddedTarget,
  type EmbeddedTarget,
  type TargetConfig,
} from '../target/embedded-target.ts';
import { readFingerprint } from './environment.ts';
import { hostGate } from './gates/host-gate.ts';
import { measureOnTarget, runCancelled, type RunTarget } from './measure-on-target.ts';
import type { NullFloorSource } from './null-floor.ts';
import type { HarnessConfig } from '../contract/config.ts';
import { makeDirectory } from '../runtime/make-directory.ts';

export interface RunHooks {
  /** Where the run's files go; made when it is not there. */
  readonly directory: string;
  /** Aborting kills the run's processes; executeRun then throws 'run-cancelled'. */
  readonly signal: AbortSignal;
  /** Where the floor of this machine comes from; absent: it is not looked for. */
  readonly nullFloor?: NullFloorSource;
  /** Load ends when this process stands still for so long, with 'run-superseded'; absent: it never does. */
  readonly fenceMs?: number;
  onProgress(progress: RunProgress): void;
}

/**
 * Throws BenchmarkError: 'target-unreachable', 'target-refused-plan', 'target-start-failed', 'target-died',
 * 'generator-died', 'generator-failed', 'config-invalid', 'not-supported', 'disk-full', 'run-superseded' or 'run-cancelled'.
 */
export async function executeRun(plan: RunPlan, hooks: RunHooks): Promise<RunMeasurement> {
  if (hooks.signal.aborted) throw runCancelled();
  await makeDirectory(hooks.directory);
  const nullFloor = await floorOf(plan, hooks);
  const before = await readFingerprint();
  const originNs = process.hrtime.bigint();
  const measure = async (target: RunTarget | null): Promise<RunMeasurement> => {
    const options = { plan, target, originNs, wantsRecording: false, ...hooks, nullFloor };
    const { measurement } = await measureOnTarget({
      ...options,
      onProgress: (progress) => hooks.onProgress(progress),
    });
    return onHost(measurement, plan, [before, await readFingerprint()]);
  };
  if (plan.harness.serverAddr !== '') return measure(null);
  hooks.onProgress(progressWithoutCalls(plan.key, 'starting-target', 0));
  const sampleResources = plan.collect.resources || plan.collect.gcCorrelation;
  const { signal } = hooks;
  const options = { originNs, signal, sampleResources };
  const target = await startEmbeddedTarget(targetConfig(plan.harness), options);
  try {
    return await measure(asRunTarget(target));
  } finally {
    target.kill();
    await target.exited;
  }
}

/** The generator is a process of the same host, so the host is looked at here. */
function onHost(
  measurement: RunMeasurement,
  { hostReference }: RunPlan,
  seen: readonly [HostFingerprint, HostFingerprint],
): RunMeasurement {
  const gates = [...measurement.gates, hostGate(hostReference, seen)];
  return { ...measurement, hostFingerprint: seen[0], gates, verdict: verdictOf(gates) };
}

/** The run that measures the floor tells nobody of its progress and has no floor itself. */
async function floorOf(plan: RunPlan, { nullFloor, signal }: RunHooks): Promise<NullFloor | null> {
  if (nullFloor === undefined) return null;
  return nullFloor(plan.harness, (nullPlan, directory) =>
    executeRun(nullPlan, { directory, signal, onProgress: () => undefined }),
  );
}

/** What the embedded target must be for this load. */
export function targetConfig(harness: HarnessConfig): TargetConfig {
  const { llm, llmConcurrencyLimit, numAgents, seed } = harness;
  return { llm, llmConcurrencyLimit, numAgents, seed };
}

function asRunTarget(target: EmbeddedTarget): RunTarget {
  return {
    address: target.address,
    exited: target.exited,
    settings: () => target.settings(),
    final: () => target.stop(),
  };
}
