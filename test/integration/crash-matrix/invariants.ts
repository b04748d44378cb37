// What must hold after every trial, whatever was struck. Read from files and processes, by no code of the product.

import { attemptsOf, printOfRun, type FilePrint } from '../../support/benchmark-files.ts';
import { RUN_MS, type Scene } from './scene.ts';

export interface Prints {
  readonly byRun: ReadonlyMap<number, FilePrint>;
}

interface SeenRun {
  readonly run_number: number;
  readonly loombench: {
    readonly attempt: {
      readonly attempt: number;
      readonly lostMs: number;
      readonly reason: string | null;
    };
  };
}

interface SeenReport {
  readonly runs: readonly SeenRun[];
  readonly loombench: { readonly lostMs: number; readonly failedRuns: readonly unknown[] };
}

/**
 * Until somebody notices: a heartbeat that stays out (10 s), or a stopped process that goes on (20 s); then a worker, and
 * perhaps a server, that start on a busy machine, and the host that is let go.
 */
const DETECTION_MS = 60_000;
/** Starting and ending a run, beside its load. */
const RUN_OVERHEAD_MS = 15_000;
const LEFTOVER_MS = 15_000;

export interface Account {
  readonly violations: readonly string[];
  readonly attempts: number;
  readonly lostMs: number;
}

/** What is stored now, so that it can be told later whether it is still the same. */
export async function printsOf(scene: Scene, runs: readonly number[]): Promise<Prints> {
  const prints = await Promise.all(
    runs.map(async (run) => [run, await printOfRun(scene.home, run)] as const),
  );
  return { byRun: new Map(prints) };
}

export async function judge(
  scene: Scene,
  seen: { readonly before: Prints; readonly mostLoads: number },
): Promise<Account> {
  const report = (await scene.report()) as SeenReport; // its schema is tested elsewhere
  const violations: string[] = [];
  const must = (holds: boolean, sentence: string): void => {
    if (!holds) violations.push(sentence);
  };
  const numbers = report.runs.map((run) => run.run_number);
  must(
    String(numbers) === String(scene.runs),
    `runs ${String(numbers)} instead of ${String(scene.runs)}, once each`,
  );
  must(report.loombench.failedRuns.length === 0, 'a run failed for good');
  must(seen.mostLoads <= 1, `${seen.mostLoads} generators at once`);
  for (const { run_number: run, loombench } of report.runs) {
    const journal = await attemptsOf(scene.home, run);
    const last = journal.at(-1)?.attempt;
    const { attempt, lostMs, reason } = loombench.attempt;
    must(last === attempt, `run ${run} is not of its last attempt`);
    must(
      attempt === 1 || (lostMs > 0 && reason !== null && reason !== ''),
      `run ${run} was repeated and does not say why and what it cost`,
    );
  }
  for (const [run, print] of seen.before.byRun) {
    const now = await printOfRun(scene.home, run);
    must(now.sha256 === print.sha256 && now.mtimeMs === print.mtimeMs, `run ${run} was rewritten`);
  }
  const { lostMs } = report.loombench;
  const most = RUN_MS + RUN_OVERHEAD_MS + DETECTION_MS;
  must(lostMs <= most, `${lostMs} ms lost, more than one run and its detection`);
  const suspects = await scene.suspectFiles();
  must(suspects.length === 0, `damaged files: ${suspects.join(', ')}`);
  const left = await scene.leftovers(LEFTOVER_MS);
  must(left.length === 0, `left behind: ${left.join('; ')}`);
  const attempts = Math.max(...report.runs.map((run) => run.loombench.attempt.attempt));
  return { violations, attempts, lostMs };
}
