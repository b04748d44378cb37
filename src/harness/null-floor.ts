// What the tool itself takes for a call of nothing: one worker against an embedded target without LLM time. Measured once
// per machine, engine and version, and kept, because it belongs beside every latency of this machine.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { cpus, hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineName, HarnessConfig } from '../contract/config.ts';
import type { NullFloor, RunMeasurement } from '../contract/run-result.ts';
import type { RunPlan } from '../contract/run-plan.ts';
import { writeTextAtomically } from '../runtime/atomic-file.ts';
import { packageVersion } from '../runtime/package-version.ts';

const CALLS = 1000;
const FILE = 'null-floor.json';

export type NullFloorSource = (
  harness: HarnessConfig,
  measure: (plan: RunPlan, directory: string) => Promise<RunMeasurement>,
) => Promise<NullFloor | null>;

/** From the file in the state directory, or measured and put there; none when LOOMBENCH_NULL_FLOOR is `off`. */
export function nullFloorIn(
  stateDirectory: string,
  env: Readonly<NodeJS.ProcessEnv> = process.env,
): NullFloorSource {
  const path = join(stateDirectory, FILE);
  return async (harness, measure) => {
    if (env['LOOMBENCH_NULL_FLOOR'] === 'off') return null;
    const key = floorKey(harness.engine);
    const known = await readFloors(path);
    const found = known[key];
    if (found !== undefined) return found;
    const directory = await mkdtemp(join(tmpdir(), 'loombench-floor-'));
    try {
      const { latency, startedAtUtc } = await measure(nullPlan(harness), directory);
      if (latency.p50Us === null || latency.p99Us === null) return null;
      const floor: NullFloor = {
        engine: harness.engine,
        calls: latency.n,
        p50Us: latency.p50Us,
        p99Us: latency.p99Us,
        measuredAtUtc: startedAtUtc,
      };
      await writeTextAtomically(path, `${JSON.stringify({ ...known, [key]: floor }, null, 2)}\n`);
      return floor;
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  };
}

function floorKey(engine: EngineName): string {
  const cpu = cpus()[0]?.model ?? 'unknown CPU';
  return [engine, hostname(), cpu, process.version, packageVersion()].join(' | ');
}

/** A file that is missing or not ours is measured anew. */
async function readFloors(path: string): Promise<Readonly<Record<string, NullFloor>>> {
  try {
    const parsed: unknown = JSON.parse(await readFile(path, 'utf8'));
    // Only this module writes the file, and a half-written one cannot be.
    return typeof parsed === 'object' && parsed !== null
      ? (parsed as Record<string, NullFloor>)
      : {};
  } catch {
    return {};
  }
}

function nullPlan(harness: HarnessConfig): RunPlan {
  return {
    key: { workflowId: 'null-floor', firstExecutionRunId: 'local', phase: 'warmup', index: 1 },
    harness: {
      ...harness,
      initialPhaseMs: undefined,
      concurrency: 1,
      totalRequests: CALLS,
      durationMs: 0,
      arrival: { kind: 'closed' },
      llm: { ...harness.llm, baseLatencyMs: 0, jitterMs: 0, errorRate: 0 },
      useStreaming: false,
      rampUpMs: 0,
      numAgents: 0,
      sessionId: '',
      serverAddr: '',
      tls: null,
      threads: 1,
      connections: 0,
    },
    collect: { timeSeries: false, histogram: false, resources: false, gcCorrelation: false },
    // Cuts the first tenth, in which the code is still cold.
    perRunWarmupMs: 1,
  };
}
