// What surrounds the load of a run on this machine, for estimates: measured once by a few runs of next to nothing, then
// learnt from every suite. Kept in the state directory, per machine and version, as the null floor is.

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
/** Others on the machine can only lengthen a run: it is at rest when so many runs in a row are not shorter than one before. */
const RUNS_WITHOUT_NEWS = 4;
const NEWS = 0.03;
const MAX_RUNS = 20;
const CALLS = 50;
/** What a run of a suite takes of the least of small ones: as much on a machine at rest, 1.2 to 1.4 times that beside other work. */
const IN_A_SUITE = 1.15;
/** That are remembered. One suite on a busy machine, or two, do not make the next estimate. */
const REMEMBERED = 5;

/** The middle one of those remembered, the lower of two; null when there is none. */
export async function knownRunCost(stateDirectory: string): Promise<RunCost | null> {
  const seen = [...(await seenCosts(stateDirectory))];
  seen.sort((a, b) => a.startUpMs - b.startUpMs);
  return seen[Math.floor((seen.length - 1) / 2)] ?? null;
}

export async function keepRunCost(stateDirectory: string, cost: RunCost): Promise<void> {
  const costs = [...(await seenCosts(stateDirectory)), cost].slice(-REMEMBERED);
  const text = JSON.stringify(
    { ...(await readCosts(stateDirectory)), [costKey()]: costs },
    null,
    2,
  );
  await writeTextAtomically(join(stateDirectory, FILE), `${text}\n`);
}

/** @param measure one run; throws what executeRun throws. */
export async function measureRunCost(
  harness: HarnessConfig,
  measure: (plan: RunPlan, directory: string) => Promise<RunMeasurement>,
): Promise<RunCost> {
  const directory = await mkdtemp(join(tmpdir(), 'loombench-cost-'));
  try {
    let leastMs = Infinity;
    let newsAt = 0;
    for (let run = 1; run <= MAX_RUNS && run - newsAt <= RUNS_WITHOUT_NEWS; run += 1) {
      const startedMs = performance.now();
      const { wallTimeMs } = await measure(smallPlan(harness, run), directory);
      const tookMs = performance.now() - startedMs - wallTimeMs;
      if (tookMs < leastMs * (1 - NEWS)) newsAt = run;
      leastMs = Math.min(leastMs, tookMs);
    }
    return { startUpMs: Math.round(IN_A_SUITE * leastMs), from: 'measured' };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function costKey(): string {
  const cpu = cpus()[0]?.model ?? 'unknown CPU';
  return [hostname(), cpu, process.version, packageVersion()].join(' | ');
}

/** Of this machine and version, the oldest first. */
async function seenCosts(stateDirectory: string): Promise<readonly RunCost[]> {
  return (await readCosts(stateDirectory))[costKey()] ?? [];
}

/** A file that is missing or not ours says nothing. */
async function readCosts(stateDirectory: string): Promise<Readonly<Record<string, RunCost[]>>> {
  try {
    const parsed: unknown = JSON.parse(await readFile(join(stateDirectory, FILE), 'utf8'));
    if (typeof parsed !== 'object' || parsed === null) return {};
    // Only this module writes the file, and a half-written one cannot be; what an earlier version wrote is no list.
    const lists = Object.entries(parsed).filter(([, costs]) => Array.isArray(costs));
    return Object.fromEntries(lists);
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
