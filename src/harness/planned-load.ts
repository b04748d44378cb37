// The load of one run, the same in whichever thread it is planned: only the plan decides.

import { readFile, stat } from 'node:fs/promises';
import type { ArrivalModel } from '../contract/config.ts';
import { BenchmarkError } from '../contract/failure.ts';
import { planLoad, replayTimesNs, type PlannedLoad } from './arrivals/load-model.ts';
import type { LoadPlan } from './generator-protocol.ts';

export const PROGRESS_INTERVAL_MS = 500;

export function plannedLoad(plan: LoadPlan, replayText: string | null): PlannedLoad {
  return planLoad({ ...plan.harness, seed: scheduleSeed(plan) }, replayText);
}

/** Each run draws its own schedule: runs of one schedule would hide how much the schedule itself matters. */
function scheduleSeed({ harness, key }: LoadPlan): number {
  const run = 2 * key.index + (key.phase === 'warmup' ? 1 : 0);
  return (harness.seed + Math.imul(run, 0x9e3779b1)) >>> 0;
}

/** Content of the file that a replay names; null for other loads. Throws BenchmarkError 'config-invalid'. */
export async function replayText({
  harness: { arrival },
}: Pick<LoadPlan, 'harness'>): Promise<string | null> {
  if (arrival.kind !== 'replay') return null;
  return readReplay(arrival.path);
}

/** Whether a run would find a schedule to replay, before there is one. Throws BenchmarkError 'config-invalid'. */
export async function checkReplay(arrival: ArrivalModel): Promise<void> {
  if (arrival.kind === 'replay') replayTimesNs(arrival.path, await readReplay(arrival.path));
}

/** Each run reads it anew, which a pipe or a device would not survive. */
async function readReplay(path: string): Promise<string> {
  try {
    if ((await stat(path)).isFile()) return await readFile(path, 'utf8');
  } catch (thrown) {
    throw new BenchmarkError('config-invalid', `The schedule file ${path} cannot be read.`, {
      cause: thrown,
    });
  }
  throw new BenchmarkError('config-invalid', `The schedule file ${path} is not a regular file.`);
}
