// What surrounds the load of a run on this machine, for estimates: measured once by a few runs of next to nothing, then
// learnt anew from every suite. Kept in the state directory, per machine and version, as the null floor is.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { cpus, hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { HarnessConfig } from '../contract/config.ts';
import type { RunMeasurement } from '../contract/run-result.ts';
import type { RunPlan } from '../contract/run-plan.ts';
import type { RunCost } from '../contract/suite.ts';
import { writeTextAtomically } from '../runtime/atomic-file.ts';
import { packageVersion } from '../runtime/package-version.ts';

const FILE = 'run-cost.json';
/** The first one finds nothing in the caches, and is left out. */
const RUNS = 4;
const CALLS = 50;

/** Null when none is known. */
export async function knownRunCost(stateDirectory: string): Promise<RunCost | null> {
  return (await readCosts(stateDirectory))[costKey()] ?? null;
}

export async function keepRunCost(stateDirectory: string, cost: RunCost): Promise<void> {
  const known = await readCosts(stateDirectory);
  const text = JSON.stringify({ ...known, [costKey()]: cost }, null, 2);
  await writeTextAtomically(join(stateDirectory, FILE), `${text}\n`);
}

/** @param measure one run; throws what executeRun throws. */
export async function measureRunCost(
  harness: HarnessConfig,
  measure: (plan: RunPlan, directory: string) => Promise<RunMeasurement>,
): Promise<RunCost> {
  const directory = await mkdtemp(join(tmpdir(), 'loombench-cost-'));
  try {
    const startUps: number[] = [];
    for (let index = 1; index <= RUNS; index += 1) {
      const startedMs = performance.now();
      const { wallTimeMs } = await measure(smallPlan(harness, index), directory);
      startUps.push(performance.now() - startedMs - wallTimeMs);
    }
    return { startUpMs: Math.round(middleOf(startUps.slice(1))), from: 'measured' };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Of an odd number. One run that met somebody else's work does not count. */
function middleOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[(values.length - 1) / 2] ?? NaN;
}

function costKey(): string {
  const cpu = cpus()[0]?.model ?? 'unknown CPU';
  return [hostname(), cpu, process.version, packageVersion()].join(' | ');
}

/** A file that is missing or not ours says nothing. */
async function readCosts(stateDirectory: string): Promise<Readonly<Record<string, RunCost>>> {
  try {
    const parsed: unknown = JSON.parse(await readFile(join(stateDirectory, FILE), 'utf8'));
    // Only this module writes the file, and a half-written one cannot be.
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, RunCost>) : {};
  } catch {
    return {};
  }
}

function smallPlan(harness: HarnessConfig, index: number): RunPlan {
  return {
    key: { workflowId: 'run-cost', firstExecutionRunId: 'local', phase: 'warmup', index },
    harness: {
      ...harness,
      concurrency: 1,
      totalRequests: CALLS,
      durationMs: 0,
      arrival: { kind: 'closed' },
      llm: { ...harness.llm, baseLatencyMs: 0, jitterMs: 0, errorRate: 0 },
    },
    collect: { timeSeries: true, histogram: true, resources: true, gcCorrelation: true },
    perRunWarmupMs: 0,
  };
}
