// Crashes that the crash matrix does not try: a Temporal server that is away for longer than a heartbeat may stay out, and
// what the user is told when the command itself was killed.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { attemptsOf, printOfRun, type FilePrint } from '../support/benchmark-files.ts';
import {
  startCli,
  temporalCliPath,
  temporaryDirectory,
  type CliProcess,
  type CliResult,
} from '../support/cli-process.ts';
import { DevServer } from '../support/dev-server.ts';
import { descendantsOf, processesOf } from '../support/process-tree.ts';
import { waitFor } from '../support/wait-for.ts';

const RUNS = [1, 2, 3, 4];
const CRASHED_RUN = 2;
/** A machine that also does other things may take its time; a benchmark that hangs is caught. */
const PATIENCE_MS = 120_000;
/** The embedded server waits two seconds for somebody to come back before it ends. */
const LEFTOVER_MS = 10_000;
const SERVER_AWAY_MS = 15_000;
const OPTIONS = { skip: process.platform === 'linux' ? false : 'reads /proc', timeout: 240_000 };

interface ReportedRun {
  readonly run_number: number;
  readonly loombench: {
    readonly attempt: { readonly attempt: number; readonly lostMs: number; reason: string | null };
  };
}

interface Report {
  readonly runs: readonly ReportedRun[];
  readonly loombench: { readonly lostMs: number };
}

interface Scene {
  readonly home: string;
  /** The same command each time. */
  begin(temporalAddress?: string): CliProcess;
  report(): Promise<Report>;
}

let temporalCli = '';
before(async () => {
  if (OPTIONS.skip === false) temporalCli = await temporalCliPath();
});

test(
  'A benchmark whose Temporal server is killed during run 2 and comes back later completes, and no run is measured twice',
  OPTIONS,
  async (t) => {
    const scene = await prepare(t);
    const server = await DevServer.start(temporalCli, scene.home);
    t.after(() => server.kill());
    const cli = scene.begin(server.address);
    await underLoad(cli, scene.home);
    const first = await printOfRun(scene.home, 1);
    await server.kill();
    await delay(SERVER_AWAY_MS);
    await server.start();
    await completes(scene, cli);
    await measuredOnce(scene.home, RUNS, first);
    await server.kill();
    await nothingIsLeft(scene.home);
  },
);

test(
  'A command that is killed takes all its processes with it, and the same command again goes on after run 1',
  OPTIONS,
  async (t) => {
    const scene = await prepare(t);
    const killed = scene.begin();
    await underLoad(killed, scene.home);
    const first = await printOfRun(scene.home, 1);
    killed.kill('SIGKILL');
    assert.equal((await killed.ended).signal, 'SIGKILL');
    await nothingIsLeft(scene.home);

    const { stderr, stdout } = await completes(scene, scene.begin());
    assert.match(stderr, /Joined benchmark crash\./);
    await runWasRepeated(scene, stdout);
    await measuredOnce(scene.home, [1, 3, 4], first);
    await nothingIsLeft(scene.home);
  },
);

async function prepare(t: TestContext): Promise<Scene> {
  const { directory: home, remove } = await temporaryDirectory();
  t.after(async () => {
    // Only after a failure is anything left; it must not outlive the test all the same.
    for (const { pid } of processesOf(home)) process.kill(pid, 'SIGKILL');
    await remove();
  });
  const reportPath = join(home, 'report.json');
  const args = [
    ...['run', '--id', 'crash', '--runs', String(RUNS.length), '--warmup-runs', '0'],
    ...['--duration', '2s', '--per-run-warmup', '0s', '--concurrency', '4'],
    ...['--llm-base-latency', '5ms', '--llm-jitter', '0ms', '--output-path', reportPath],
  ];
  return {
    home,
    begin: (temporalAddress) =>
      startCli(args, {
        cwd: home,
        env: {
          LOOMBENCH_HOME: home,
          LOOMBENCH_TEMPORAL_CLI: temporalCli,
          ...(temporalAddress === undefined ? {} : { TEMPORAL_ADDRESS: temporalAddress }),
        },
      }),
    report: async () => JSON.parse(await readFile(reportPath, 'utf8')) as Report, // its schema is tested elsewhere
  };
}

/** Resolves in the midst of run 2: its attempt is noted and its generator and target are up. */
async function underLoad(cli: CliProcess, home: string): Promise<void> {
  await cli.said(new RegExp(`run ${CRASHED_RUN} of ${RUNS.length} started`), PATIENCE_MS);
  await waitFor(
    'an attempt of run 2',
    async () => ((await attemptsOf(home, CRASHED_RUN)).length > 0 ? true : null),
    PATIENCE_MS,
  );
  await pidBelow(cli, 'target-main');
  await pidBelow(cli, 'generator-main');
}

function pidBelow(cli: CliProcess, module: string): Promise<number> {
  return waitFor(
    `a process of ${module}`,
    () => {
      const below = descendantsOf(cli.pid);
      return below.find(({ commandLine }) => commandLine.includes(module))?.pid ?? null;
    },
    PATIENCE_MS,
  );
}

/** The command ends by itself, well or with a gate's word (3), and its report has each run exactly once. */
async function completes(scene: Scene, cli: CliProcess): Promise<CliResult> {
  const result = await cli.ended;
  assert.ok(
    result.exitCode === 0 || result.exitCode === 3,
    `exit code ${result.exitCode ?? 'none'}\n${result.stderr}\n${result.stdout}`,
  );
  const { runs } = await scene.report();
  assert.deepEqual(
    runs.map((run) => run.run_number),
    RUNS,
  );
  return result;
}

/** The run that was cut says so: a second attempt, the time that it cost, and why. */
async function runWasRepeated(scene: Scene, summary: string): Promise<void> {
  const { runs, loombench } = await scene.report();
  const cut = runs.find((run) => run.run_number === CRASHED_RUN)?.loombench.attempt;
  assert.ok(cut !== undefined && cut.attempt >= 2, JSON.stringify(cut));
  assert.ok(cut.lostMs > 0);
  assert.notEqual(cut.reason, null);
  assert.ok(loombench.lostMs >= cut.lostMs);
  assert.match(summary, new RegExp(`repeated +run ${CRASHED_RUN} took ${cut.attempt} attempts`));
}

async function measuredOnce(
  home: string,
  runs: readonly number[],
  first: FilePrint,
): Promise<void> {
  for (const run of runs) assert.equal((await attemptsOf(home, run)).length, 1, `run ${run}`);
  assert.deepEqual(await printOfRun(home, 1), first);
}

/** Nothing with our state directory on its command line or in its environment, which every child inherits. */
async function nothingIsLeft(home: string): Promise<void> {
  let left: string[] = [];
  await waitFor(
    'the end of every process',
    () => {
      const ours = processesOf(home);
      left = ours.map(({ pid, commandLine }) => `${pid} ${commandLine}`);
      return left.length === 0 ? true : null;
    },
    LEFTOVER_MS,
  ).catch(() => undefined);
  assert.deepEqual(left, []);
}
