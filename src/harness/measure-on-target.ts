// A generator against a target that is there: what executeRun does with a target of its own per run, and Harness with one
// that outlives its runs.

import { BenchmarkError } from '../contract/failure.ts';
import type { RunPlan, RunProgress } from '../contract/run-plan.ts';
import type { NullFloor } from '../contract/run-result.ts';
import type { ExitInfo } from '../runtime/child-process.ts';
import type { TargetFinal, TargetSettings } from '../target/embedded-target.ts';
import { GeneratorProcess } from './generator-process.ts';
import { runIdentity } from './run-identity.ts';
import type { GeneratorResult } from './generator-protocol.ts';

/** An embedded target as a run sees it. */
export interface RunTarget {
  readonly address: string;
  readonly exited: Promise<ExitInfo>;
  settings(): Promise<TargetSettings>;
  /** What it did in this run; asked once, when no call is in flight any more. */
  final(): Promise<TargetFinal>;
}

export interface MeasureOptions {
  readonly plan: RunPlan;
  /** null: the plan's own address. */
  readonly target: RunTarget | null;
  /** CLOCK_MONOTONIC at the run's origin. */
  readonly originNs: bigint;
  readonly directory: string;
  /** Aborting kills the generator; throws 'run-cancelled'. */
  readonly signal: AbortSignal;
  /** Aborting stops issuing calls; the result is then an interrupted run. */
  readonly interruption?: AbortSignal;
  readonly wantsRecording: boolean;
  readonly nullFloor?: NullFloor | null;
  /** Load ends when this process stands still for so long; absent: it never does. */
  readonly fenceMs?: number;
  onProgress(progress: RunProgress): void;
}

/** Throws what executeRun throws. The generator is gone when this settles; the target is not touched. */
export async function measureOnTarget(options: MeasureOptions): Promise<GeneratorResult> {
  const { plan, target, originNs, directory, signal, interruption } = options;
  const { harness, key, collect, perRunWarmupMs } = plan;
  const before = target === null ? null : await target.settings();
  const generator = new GeneratorProcess(
    {
      key,
      harness: target === null ? harness : { ...harness, serverAddr: target.address },
      collect,
      perRunWarmupMs,
      embedded: target !== null,
      originNs,
      directory,
      wantsRecording: options.wantsRecording,
      identity: runIdentity(harness),
      nullFloor: options.nullFloor ?? null,
      ...(options.fenceMs === undefined ? {} : { fenceMs: options.fenceMs }),
    },
    { signal, onProgress: (progress) => options.onProgress(progress) },
  );
  const interrupt = (): void => generator.interrupt();
  interruption?.addEventListener('abort', interrupt, { once: true });
  if (interruption?.aborted === true) interrupt();
  try {
    if (target === null) await generator.loaded();
    else await Promise.race([orDead(generator.loaded()), deathOf(target, signal)]);
    if (target === null || before === null) return await generator.finish(null);
    const echo = { before, after: await target.settings() };
    return await generator.finish({ ...(await target.final()), echo });
  } finally {
    interruption?.removeEventListener('abort', interrupt);
    await generator.stop();
  }
}

/** An embedded target was there a moment ago: one that cannot be reached has died, and the run can be tried again. */
async function orDead(loaded: Promise<void>): Promise<void> {
  try {
    await loaded;
  } catch (error) {
    const isGone = error instanceof BenchmarkError && error.code === 'target-unreachable';
    throw isGone ? targetDied(error.message, error) : error;
  }
}

async function deathOf(target: RunTarget, signal: AbortSignal): Promise<never> {
  const { exitCode, signal: killer } = await target.exited;
  if (signal.aborted) throw runCancelled();
  const how = killer ?? `exit code ${exitCode}`;
  throw targetDied(how);
}

function targetDied(how: string, cause?: unknown): BenchmarkError {
  return new BenchmarkError(
    'target-died',
    `The embedded target ended (${how}) in the middle of the run; the run can be tried again.`,
    { details: { how }, cause },
  );
}

export function runCancelled(): BenchmarkError {
  return new BenchmarkError('run-cancelled', 'The run was cancelled.');
}
