// Makes a server given by address what a level needs, as far as it lets itself be made, and believes only what it sees.

import { join } from 'node:path';
import { resolveConfig } from '../../config/resolve.ts';
import type { BenchmarkConfig } from '../../contract/config.ts';
import { BenchmarkError } from '../../contract/failure.ts';
import type { RunKey, RunPlan } from '../../contract/run-plan.ts';
import type { RunMeasurement } from '../../contract/run-result.ts';
import {
  agentsDifference,
  calibrationCalls,
  crowdForLimit,
  differenceFromCrowd,
  differencesFromSerial,
} from '../../suite/target-check.ts';
import { ControlPlaneClient } from '../../target/control-plane-client.ts';
import type { ControlSettings } from '../../target/control-settings.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { TargetQuestion, TargetState } from './interface.ts';

export type CalibrationDependencies = Pick<
  ActivityDependencies,
  'store' | 'executeRun' | 'lockHost' | 'shutdown'
>;

export async function prepareTarget(
  deps: CalibrationDependencies,
  question: TargetQuestion,
  signal: AbortSignal,
): Promise<TargetState> {
  const { controlPlane, trustServer, suite, settings } = question;
  const resolved = resolveConfig(settings);
  if (resolved.kind === 'invalid') throw new Error('the plan was checked, and so its settings');
  const { config } = resolved;
  const obeys = controlPlane !== null && (await applied(controlPlane, config, signal));
  if (trustServer) return { kind: 'ready' };
  const directory = join(deps.store.benchmarkDirectory(suite), 'calibration');
  const calibrate = calibration(deps, { suite, directory, config, signal });
  const lock = await deps.lockHost(signal);
  let differences: readonly string[];
  try {
    differences = await differencesSeen(config, calibrate);
  } finally {
    await lock.release();
  }
  if (differences.length === 0) return { kind: 'ready' };
  return obeys
    ? { kind: 'invalid', reasons: differences }
    : {
        kind: 'skip',
        reason: `the server has no control plane to set it, and runs otherwise: ${differences.join('; ')}`,
      };
}

/** False when there is no such thing at that address. */
async function applied(
  controlPlane: string,
  config: BenchmarkConfig,
  signal: AbortSignal,
): Promise<boolean> {
  const client = new ControlPlaneClient(controlPlane, { signal });
  try {
    await client.reconfigure(controlSettings(config));
    await client.reset();
    return true;
  } catch (error) {
    const { status } = error instanceof BenchmarkError ? error.details : {};
    if (status === 404 || status === 405 || status === 501) return false;
    throw error;
  }
}

function controlSettings({
  llm,
  llmConcurrencyLimit,
  numAgents,
}: BenchmarkConfig): ControlSettings {
  return {
    llm_latency_ms: llm.baseLatencyMs,
    llm_jitter_ms: llm.jitterMs,
    llm_error_rate: llm.errorRate,
    num_agents: Math.max(1, numAgents),
    llm_concurrency_limit: llmConcurrencyLimit,
    stream_chunk_size: llm.streamChunkSize,
    stream_chunk_delay_ms: llm.streamChunkDelayMs,
  };
}

type Calibrate = (load: { calls: number; workers: number }) => Promise<RunMeasurement>;

async function differencesSeen(
  config: BenchmarkConfig,
  calibrate: Calibrate,
): Promise<readonly string[]> {
  try {
    const serial = await calibrate({ calls: calibrationCalls(config), workers: 1 });
    const differences = differencesFromSerial(config, serial);
    const crowd = crowdForLimit(config);
    // With a latency that is not in force the limiter cannot be seen either.
    if (differences.length > 0 || crowd === null) return differences;
    const together = await calibrate({ calls: crowd, workers: crowd });
    return differenceFromCrowd(config, crowd, together);
  } catch (error) {
    const { agents, asked } = error instanceof BenchmarkError ? error.details : {};
    if (typeof agents === 'number' && typeof asked === 'number') {
      return [agentsDifference(asked, agents)];
    }
    throw error;
  }
}

interface CalibrationPlace {
  readonly suite: TargetQuestion['suite'];
  readonly directory: string;
  readonly config: BenchmarkConfig;
  readonly signal: AbortSignal;
}

function calibration(
  deps: CalibrationDependencies,
  { suite, directory, config, signal }: CalibrationPlace,
): Calibrate {
  const key: RunKey = { ...suite, phase: 'warmup', index: 1 };
  return ({ calls, workers }) => {
    const plan: RunPlan = {
      key,
      perRunWarmupMs: 0,
      collect: { timeSeries: false, histogram: false, resources: false, gcCorrelation: false },
      harness: {
        ...config,
        concurrency: workers,
        totalRequests: calls,
        durationMs: 0,
        rampUpMs: 0,
        sessionId: '',
        arrival: { kind: 'closed' },
      },
    };
    const stop = AbortSignal.any([signal, deps.shutdown]);
    return deps.executeRun(plan, { directory, signal: stop, onProgress: () => undefined });
  };
}
