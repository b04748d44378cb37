// One run, whole: a target of its own when none is named, a generator, the measurement, and no process left behind
// however it ends. Knows nothing of Temporal: activities and BenchmarkRunner call it alike.

import { mkdir } from 'node:fs/promises';
import type { HarnessConfig } from '../contract/config.ts';
import { BenchmarkError } from '../contract/failure.ts';
import type { RunPlan, RunProgress } from '../contract/run-plan.ts';
import type { RunMeasurement } from '../contract/run-result.ts';
import { createMonotonicClock } from '../runtime/monotonic-clock.ts';
import { startEmbeddedTarget, type EmbeddedTarget } from '../target/embedded-target.ts';
import { progressBefore } from './generate-load.ts';
import { GeneratorProcess } from './generator-process.ts';

export interface RunHooks {
  /** Where the run's files go; made when it is not there. */
  readonly directory: string;
  /** Aborting kills the run's processes; executeRun then throws 'run-cancelled'. */
  readonly signal: AbortSignal;
  onProgress(progress: RunProgress): void;
}

/**
 * Throws BenchmarkError: 'target-unreachable', 'target-refused-plan', 'target-start-failed', 'target-died',
 * 'generator-died', 'generator-failed', 'config-invalid', 'not-supported', 'disk-full' or 'run-cancelled'.
 */
export async function executeRun(plan: RunPlan, hooks: RunHooks): Promise<RunMeasurement> {
  if (hooks.signal.aborted) throw cancelled();
  await mkdir(hooks.directory, { recursive: true });
  const originNs = process.hrtime.bigint();
  if (plan.harness.serverAddr !== '') {
    const measured = await generate({ plan, hooks, originNs, target: null });
    return measured;
  }
  hooks.onProgress(progressBefore(plan, 'starting-target', createMonotonicClock(originNs)));
  const target = await startTarget(plan, hooks.signal, originNs);
  try {
    return await generate({ plan, hooks, originNs, target });
  } finally {
    target.kill();
    await target.exited;
  }
}

interface GenerateInput {
  readonly plan: RunPlan;
  readonly hooks: RunHooks;
  readonly originNs: bigint;
  readonly target: EmbeddedTarget | null;
}

async function generate(input: GenerateInput): Promise<RunMeasurement> {
  const { plan, hooks, originNs, target } = input;
  const harness: HarnessConfig =
    target === null ? plan.harness : { ...plan.harness, serverAddr: target.address };
  const generator = new GeneratorProcess(
    {
      key: plan.key,
      harness,
      collect: plan.collect,
      perRunWarmupMs: plan.perRunWarmupMs,
      embedded: target !== null,
      originNs,
      directory: hooks.directory,
      wantsRecording: false,
    },
    hooks,
  );
  try {
    await Promise.race([generator.loaded(), deathOf(target, hooks.signal)]);
    const final = target === null ? null : await target.stop();
    const { measurement } = await generator.finish(final);
    return measurement;
  } finally {
    await generator.stop();
  }
}

function startTarget(
  plan: RunPlan,
  signal: AbortSignal,
  originNs: bigint,
): Promise<EmbeddedTarget> {
  const { llm, llmConcurrencyLimit, numAgents, seed } = plan.harness;
  const sampleResources = plan.collect.resources || plan.collect.gcCorrelation;
  return startEmbeddedTarget(
    { llm, llmConcurrencyLimit, numAgents, seed },
    { originNs, signal, sampleResources },
  );
}

/** Rejects when the target dies; for ever pending when it is not ours. */
async function deathOf(target: EmbeddedTarget | null, signal: AbortSignal): Promise<never> {
  if (target === null) return new Promise<never>(() => undefined);
  const { exitCode, signal: killer } = await target.exited;
  if (signal.aborted) throw cancelled();
  const how = killer ?? `exit code ${exitCode}`;
  throw new BenchmarkError(
    'target-died',
    `The embedded target ended (${how}) in the middle of the run; the run can be tried again.`,
    { details: { how } },
  );
}

function cancelled(): BenchmarkError {
  return new BenchmarkError('run-cancelled', 'The run was cancelled.');
}
