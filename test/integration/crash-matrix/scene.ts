// The stage of one trial: a directory of its own, the command that is crashed and begun again, and its processes by role.

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { attemptsOf, runDirectory } from '../../support/benchmark-files.ts';
import { startCli, type CliProcess } from '../../support/cli-process.ts';
import { processesOf, type SeenProcess } from '../../support/process-tree.ts';
import { waitFor } from '../../support/wait-for.ts';
import { STRUCK_RUN, type Moment, type Trial, type Victim } from './trial.ts';

export const RUN_MS = 1_000;
const PATIENCE_MS = 120_000;

/** A look came too late for a moment that is short; nothing was struck, and the trial may be tried again. */
export class MomentMissed extends Error {
  constructor(what: string) {
    super(`the benchmark ended before ${what} was seen`);
    this.name = 'MomentMissed';
  }
}

/** Some moments are short and need many looks; the rest of a trial needs few, and looks are dear. */
const LOOK_MS = { short: 5, long: 100 } as const;

/** What stands on the command line of each. */
const MODULES: Readonly<Record<Exclude<Victim, 'command' | 'machine'>, string>> = {
  worker: 'worker-main',
  generator: 'generator-main',
  target: 'target-main',
  server: 'start-dev',
};

export class Scene {
  readonly home: string;
  /** Numbers of the measured runs. */
  readonly runs: readonly number[];
  readonly reportPath: string;
  readonly #temporalCli: string;

  constructor(home: string, temporalCli: string, { runs }: Pick<Trial, 'runs'>) {
    this.home = home;
    this.runs = Array.from({ length: runs }, (_, index) => index + 1);
    this.reportPath = join(home, 'report.json');
    this.#temporalCli = temporalCli;
  }

  /** The same command each time, as its user would type it again. */
  begin(): CliProcess {
    const args = [
      ...['run', '--id', 'crash', '--runs', String(this.runs.length), '--warmup-runs', '1'],
      ...['--duration', `${RUN_MS}ms`, '--per-run-warmup', '0s', '--concurrency', '2'],
      ...['--llm-base-latency', '20ms', '--llm-jitter', '0ms', '--output-path', this.reportPath],
    ];
    return startCli(args, {
      cwd: this.home,
      env: { LOOMBENCH_HOME: this.home, LOOMBENCH_TEMPORAL_CLI: this.#temporalCli },
    });
  }

  processes(): SeenProcess[] {
    return processesOf(this.home);
  }

  pidsOf(victim: Victim, command: CliProcess): number[] {
    if (victim === 'command') return [command.pid];
    const all = this.processes();
    if (victim === 'machine') return all.map(({ pid }) => pid);
    const module = MODULES[victim];
    return all.filter(({ commandLine }) => commandLine.includes(module)).map(({ pid }) => pid);
  }

  async reach(moment: Moment, command: CliProcess): Promise<void> {
    switch (moment) {
      case 'start':
        await this.#until(command, 'a worker', () => this.#lives('worker', command));
        return;
      case 'warm-up':
        await this.#until(command, 'the warm-up run', () => this.#lives('generator', command));
        return;
      case 'mid-run':
        await this.#untilBegun(command, STRUCK_RUN);
        await this.#until(command, 'its load', () => this.#lives('generator', command));
        return;
      case 'stored':
        await this.#untilBegun(command, STRUCK_RUN);
        await this.#until(
          command,
          'the result of run 2',
          () => this.#isStored(STRUCK_RUN),
          'short',
        );
        return;
      case 'summarize':
        await this.#untilBegun(command, this.runs.length);
        await this.#until(command, 'all results', () => this.#isStored(this.runs.length), 'short');
        return;
      case 'report':
        await this.#untilBegun(command, this.runs.length);
        await this.#until(command, 'a report being written', () => this.#writesReport(), 'short');
        return;
    }
  }

  /** Indexes of the measured runs that are stored. */
  async stored(): Promise<number[]> {
    const found = await Promise.all(this.runs.map((run) => this.#isStored(run)));
    return this.runs.filter((_, position) => found[position] === true);
  }

  /** Files that no reader may trust, or that a writer left. */
  async suspectFiles(): Promise<string[]> {
    const names = await readdir(join(this.home, 'artifacts'), { recursive: true }).catch(() => []);
    return names.filter((name) => name.endsWith('.corrupt'));
  }

  async report(): Promise<unknown> {
    return JSON.parse(await readFile(this.reportPath, 'utf8'));
  }

  #untilBegun(command: CliProcess, run: number): Promise<void> {
    return this.#until(command, `run ${run}`, async () => {
      return (await attemptsOf(this.home, run)).length > 0;
    });
  }

  async #until(
    command: CliProcess,
    what: string,
    check: () => boolean | Promise<boolean>,
    moment: keyof typeof LOOK_MS = 'long',
  ): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    const over = new AbortController();
    void command.ended.finally(() => over.abort()).catch(() => undefined);
    while (!(await check())) {
      if (over.signal.aborted) throw new MomentMissed(what);
      await delay(LOOK_MS[moment]);
      if (performance.now() > deadline) {
        throw new Error(`never came to ${what}:\n${(await command.said(/^/)).input}`);
      }
    }
  }

  #lives(victim: Victim, command: CliProcess): boolean {
    return this.pidsOf(victim, command).length > 0;
  }

  async #isStored(run: number): Promise<boolean> {
    const directory = await runDirectory(this.home, run);
    if (directory === null) return false;
    return (await stat(join(directory, 'run.json')).catch(() => null)) !== null;
  }

  async #writesReport(): Promise<boolean> {
    const root = join(this.home, 'artifacts');
    const [benchmark] = await readdir(root).catch(() => []);
    if (benchmark === undefined) return false;
    const names = await readdir(join(root, benchmark)).catch(() => []);
    return names.some((name) => name.includes('report.json') && !name.includes('probe'));
  }

  /** Empty when nothing of it lives any more, else who does. */
  async leftovers(withinMs: number): Promise<string[]> {
    let left: SeenProcess[] = [];
    await waitFor(
      'the end of every process',
      () => {
        left = this.processes();
        return left.length === 0;
      },
      withinMs,
    ).catch(() => undefined);
    return left.map(({ pid, commandLine }) => `${pid} ${commandLine}`);
  }
}
