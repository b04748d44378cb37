// The load of one run, the same in whichever thread it is planned: only the plan decides.

import { readFile } from 'node:fs/promises';
import { BenchmarkError } from '../contract/failure.ts';
import { planLoad, type PlannedLoad } from './arrivals/load-model.ts';
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
export async function replayText(plan: LoadPlan): Promise<string | null> {
  const { arrival } = plan.harness;
  if (arrival.kind !== 'replay') return null;
  return readFile(arrival.path, 'utf8').catch((thrown: unknown) => {
    throw new BenchmarkError(
      'config-invalid',
      `The schedule file ${arrival.path} cannot be read.`,
      { cause: thrown },
    );
  });
}
