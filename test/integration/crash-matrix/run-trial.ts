// Carries out one trial: begins a benchmark, strikes at the moment, begins the same command again where it ended, and judges.

import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { attemptsOf, runDirectory } from '../../support/benchmark-files.ts';
import { temporaryDirectory, type CliProcess } from '../../support/cli-process.ts';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { judge, printsOf, type Account } from './invariants.ts';
import { watchLoads } from './load-watch.ts';
import { MomentMissed, Scene } from './scene.ts';
import { cutsRun, STRUCK_RUN, trialName, type Blow, type Trial } from './trial.ts';

export interface TrialResult extends Account {
  readonly trial: Trial;
  readonly name: string;
  /** From the blow to the begin of the attempt that replaced the struck one; null when none had to. */
  readonly detectionMs: number | null;
  readonly wallMs: number;
}

/** Twice the heartbeat timeout of a run. */
const STOPPED_MS = 20_000;
const MAX_BEGINNINGS = 4;
/** Ended well, or with a gate's word about a machine that was busy. */
const GOOD_ENDS: readonly (number | null)[] = [0, 3];

const MAX_TRIES = 3;
const SOONER = 8;

/** Rejects when the moment was never seen. Where the blow came too late and struck nothing, the next one comes sooner. */
export async function runTrial(trial: Trial, temporalCli: string): Promise<TrialResult> {
  let { delayMs } = trial;
  for (let tries = 1; ; tries += 1) {
    try {
      return await tryTrial({ ...trial, delayMs }, temporalCli);
    } catch (error) {
      if (!(error instanceof MomentMissed) || tries === MAX_TRIES) throw error;
      delayMs = Math.floor(delayMs / SOONER);
    }
  }
}

async function tryTrial(trial: Trial, temporalCli: string): Promise<TrialResult> {
  const beganMs = performance.now();
  const { directory, remove } = await temporaryDirectory();
  const scene = new Scene(directory, temporalCli, trial);
  const watch = watchLoads(scene);
  try {
    const command = scene.begin();
    await scene.reach(trial.moment, command);
    await delay(trial.delayMs);
    const before = await printsOf(scene, await scene.stored());
    const struckAtMs = Date.now();
    await strike(trial, scene.pidsOf(trial.victim, command));
    const end = await untilCompleted(scene, command);
    if (end === null && cutsRun(trial) && !(await wasRepeated(scene)))
      throw new MomentMissed(`run ${STRUCK_RUN} cut by the ${trial.blow} of the ${trial.victim}`);
    const mostLoads = await watch.stop();
    const account =
      end === null
        ? await judge(scene, { before, mostLoads })
        : { violations: [end], attempts: 0, lostMs: 0 };
    return {
      trial,
      name: trialName(trial),
      ...account,
      detectionMs: await detectionMs(scene, struckAtMs),
      wallMs: performance.now() - beganMs,
    };
  } finally {
    await watch.stop();
    // Only after a failure is anything left; it must not outlive the trial all the same.
    for (const { pid } of scene.processes()) send(pid, 'SIGKILL');
    await remove();
  }
}

async function strike({ victim, blow }: Trial, pids: readonly number[]): Promise<void> {
  const struck = pids.filter((pid) => send(pid, blow));
  if (struck.length === 0) throw new MomentMissed(`the ${victim}`);
  if (blow !== 'SIGSTOP') return;
  await delay(STOPPED_MS);
  for (const pid of pids) send(pid, 'SIGCONT');
}

/** False when it has ended by itself meanwhile. */
function send(pid: number, signal: Blow | 'SIGCONT'): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

async function wasRepeated(scene: Scene): Promise<boolean> {
  return (await attemptsOf(scene.home, STRUCK_RUN)).length > 1;
}

/** null when the benchmark completed, else what went wrong. */
async function untilCompleted(scene: Scene, first: CliProcess): Promise<string | null> {
  let command = first;
  for (let beginnings = 1; ; beginnings += 1) {
    const { exitCode, signal, stderr } = await command.ended;
    if (GOOD_ENDS.includes(exitCode)) return null;
    if (beginnings >= MAX_BEGINNINGS) {
      return `begun ${beginnings} times, ended with ${exitCode ?? signal ?? 'nothing'}: ${stderr}`;
    }
    command = scene.begin();
  }
}

/** Of the earliest attempt that began after the blow in a run that had been begun before. */
async function detectionMs(scene: Scene, struckAtMs: number): Promise<number | null> {
  const starts = await Promise.all(
    scene.runs.map(async (run) => {
      const directory = (await runDirectory(scene.home, run)) ?? scene.home;
      const text = await readFile(join(directory, 'attempts.json'), 'utf8').catch(() => '[]');
      const records = JSON.parse(text) as { attempt: number; startedAtUtc: string }[]; // ours
      return records
        .filter((record) => record.attempt > 1)
        .map((record) => Date.parse(record.startedAtUtc) - struckAtMs);
    }),
  );
  const after = starts.flat().filter((ms) => ms > 0);
  return after.length === 0 ? null : Math.min(...after);
}
