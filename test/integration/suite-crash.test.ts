// The promise of a suite, tried with real processes: its worker is killed in the middle of a run of the second level, and
// it goes on; no finished run is measured again, and every level is in the report.

import assert from 'node:assert/strict';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { SuiteReport } from '../../src/contract/suite.ts';
import { connectToTemporal, embeddedTemporal } from '../../src/temporal/connection.ts';
import { readServerRecord, serverPaths } from '../../src/temporal/server-state.ts';
import { startCli, temporalCliPath, temporaryDirectory } from '../support/cli-process.ts';
import { descendantsOf, processesOf } from '../support/process-tree.ts';
import { waitFor } from '../support/wait-for.ts';

const PATIENCE_MS = 120_000;
const OPTIONS = { skip: process.platform === 'linux' ? false : 'reads /proc', timeout: 240_000 };
const SCENARIO = {
  id: 'own',
  factor: 'workers',
  settings: {
    duration: '1s',
    perRunWarmup: '100ms',
    llmBaseLatency: '5ms',
    llmJitter: '0ms',
    llmConcurrencyLimit: 100,
  },
  levels: [1, 2].map((value) => ({ name: `w${value}`, value, settings: { concurrency: value } })),
};

/** Attempts of each measured run, by level and run, such as `w1/1`. */
async function attempts(home: string): Promise<Record<string, number>> {
  const artifacts = join(home, 'artifacts');
  const counts: Record<string, number> = {};
  for (const benchmark of await readdir(artifacts).catch(() => [])) {
    const level = /--own--(w\d)\./.exec(benchmark)?.[1];
    if (level === undefined) continue;
    for (const run of await readdir(join(artifacts, benchmark))) {
      const index = /^measured-0*(\d+)$/.exec(run)?.[1];
      if (index === undefined) continue;
      const text = await readFile(join(artifacts, benchmark, run, 'attempts.json'), 'utf8').catch(
        () => '[]',
      );
      counts[`${level}/${index}`] = (JSON.parse(text) as unknown[]).length; // written atomically
    }
  }
  return counts;
}

/** When the runs that are finished were written. */
async function writtenAt(home: string, level: string): Promise<number[]> {
  const artifacts = join(home, 'artifacts');
  const [benchmark = ''] = (await readdir(artifacts)).filter((name) =>
    name.includes(`--${level}.`),
  );
  const runs = (await readdir(join(artifacts, benchmark))).filter((name) =>
    name.startsWith('measured'),
  );
  const files = runs.sort().map((run) => stat(join(artifacts, benchmark, run, 'run.json')));
  return (await Promise.all(files)).map(({ mtimeMs }) => mtimeMs);
}

/** 0: none. */
async function executionTimeoutS(home: string, suiteId: string): Promise<number> {
  const record = await readServerRecord(serverPaths(home).record);
  const connection = await connectToTemporal(embeddedTemporal(record?.address ?? ''));
  const { raw } = await connection.client.workflow.getHandle(suiteId).describe();
  await connection.close();
  return Number(raw.executionConfig?.workflowExecutionTimeout?.seconds ?? 0);
}

test(
  'A suite whose worker is killed in its second level goes on, repeats no finished run, and reports every level',
  OPTIONS,
  async (t) => {
    const { directory: home, remove } = await temporaryDirectory();
    t.after(async () => {
      for (const { pid } of processesOf(home)) process.kill(pid, 'SIGKILL');
      await remove();
    });
    const scenario = join(home, 'own.json');
    await writeFile(scenario, JSON.stringify(SCENARIO));
    const cli = startCli(
      [
        ...['suite', '--scenario-file', scenario, '--id', 'crash', '--order', 'ascending'],
        ...['--runs', '2', '--warmup-runs', '0'],
      ],
      {
        cwd: home,
        env: { LOOMBENCH_HOME: home, LOOMBENCH_TEMPORAL_CLI: await temporalCliPath() },
      },
    );
    await cli.said(/level 1 of 2: own\/w1/, PATIENCE_MS);
    await waitFor(
      'the second run of the second level',
      async () => (await attempts(home))['w2/2'] === 1,
      PATIENCE_MS,
    );
    const first = await writtenAt(home, 'w1');
    const worker = descendantsOf(cli.pid).find(({ commandLine }) =>
      commandLine.includes('worker-main'),
    );
    assert.ok(worker !== undefined);
    process.kill(worker.pid, 'SIGKILL');
    // A suite that nobody moves on any more is ended by the server: by its plan, not never.
    assert.ok((await executionTimeoutS(home, 'crash')) > 0);

    const { exitCode, stderr, stdout } = await cli.ended;
    // 3: a level is INVALID by a gate, which a busy machine may cause.
    assert.ok(exitCode === 0 || exitCode === 3, `${String(exitCode)}\n${stderr}`);
    assert.deepEqual(await attempts(home), { 'w1/1': 1, 'w1/2': 1, 'w2/1': 1, 'w2/2': 2 });
    assert.deepEqual(await writtenAt(home, 'w1'), first);
    const path = /\S+index\.json/.exec(stdout)?.[0] ?? '';
    const report = JSON.parse(await readFile(path, 'utf8')) as SuiteReport; // ours, and tested elsewhere
    assert.deepEqual(
      report.levels.map(({ level, outcome }) => [level, outcome.kind]),
      [
        ['w1', 'measured'],
        ['w2', 'measured'],
      ],
    );
  },
);
