// The command line with the embedded Temporal server: interrupted in the middle, the same command goes on
// where it was, measures no finished run again, and leaves no process.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import type { JsonReport } from '../../src/contract/report.ts';
import { startDevServer } from '../../src/temporal/dev-server-process.ts';
import { claimPort } from '../../src/temporal/free-port.ts';
import { runCli, startCli, temporalCliPath } from '../support/cli-process.ts';
import { waitFor } from '../support/wait-for.ts';

let cwd = '';
before(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'loombench-cli-'));
});
after(async () => {
  await untilNoProcessNames(cwd);
  await rm(cwd, { recursive: true, force: true });
});

const onLinux = { skip: process.platform !== 'linux' && 'looks into /proc' };
const LEFTOVER_PATIENCE_MS = 30_000;
const command = (id: string) =>
  `run --id ${id} --runs 3 --warmup-runs 0 -z 2s --per-run-warmup 200ms -c 2 --llm-base-latency 5ms`.split(
    ' ',
  );

it('waits, and says so, for a Temporal server that comes up after the command', async () => {
  const frontend = await claimPort([]);
  const ui = await claimPort([]);
  const address = `127.0.0.1:${frontend.port}`;
  const listing = startCli(['list'], { cwd, env: { TEMPORAL_ADDRESS: address } });
  await listing.said(new RegExp(`No Temporal server answers at ${address}; trying for 30 s`));
  const server = startDevServer({
    cliPath: await temporalCliPath(),
    port: frontend.port,
    uiPort: ui.port,
    databasePath: join(cwd, 'late.db'),
    onOutput: () => undefined,
  });
  try {
    const { exitCode, stderr } = await listing.ended;
    assert.equal(exitCode, 0, stderr);
  } finally {
    await server.stop(10_000);
    await frontend.release();
    await ui.release();
  }
});

it(
  'goes on after Ctrl-C in run 2 of 3 by the same command',
  { ...onLinux, timeout: 180_000 },
  async () => {
    const id = 'stopped';
    const env = { LOOMBENCH_TEMPORAL_CLI: await temporalCliPath() };
    const at = { cwd, env };
    const first = startCli(command(id), at);
    await first.said(/run 2 of 3 started/);
    first.kill('SIGINT');
    const stopped = await first.ended;
    assert.equal(stopped.exitCode, 130);
    assert.match(stopped.stderr, new RegExp(`loombench run .*--id ${id}`));
    const runOne = await storedRun(id, 1);
    await untilNoProcessNames(cwd);

    const second = await runCli([...command(id), '--json'], at);
    // Our own report, whose shape other tests check.
    const report = JSON.parse(second.stdout) as JsonReport;
    assert.deepEqual(
      report.runs.map(({ run_number, loombench }) => [run_number, loombench.attempt.attempt]),
      [
        [1, 1],
        [2, 2],
        [3, 1],
      ],
    );
    assert.equal(await storedRun(id, 1), runOne);

    const third = await runCli(command(id), at);
    assert.match(third.stderr, /Joined/);
    assert.match(third.stdout, /run 2 took 2 attempts/);
    const refused = await runCli(['pause', id], at);
    assert.equal(refused.exitCode, 2);
    assert.match(refused.stderr, /has ended \(completed\).*loombench status stopped/s);
    await untilNoProcessNames(cwd);
  },
);

it(
  'ends at once at a second Ctrl-C, which the first one had begun to do, and leaves nothing running',
  { ...onLinux, timeout: 180_000 },
  async () => {
    const env = { LOOMBENCH_TEMPORAL_CLI: await temporalCliPath() };
    // Longer than the first Ctrl-C lets a run under way go on.
    const args = ['run', '--id', 'twice', '--runs', '1', '--warmup-runs', '0', '-z', '60s'];
    const running = startCli([...args, '--llm-base-latency', '5ms'], { cwd, env });
    await running.said(/run 1 of 1 started/);
    running.kill('SIGINT');
    await running.said(/Interrupted\. Benchmark twice rests/);
    const secondMs = performance.now();
    running.kill('SIGINT');
    assert.equal((await running.ended).exitCode, 130);
    const tookMs = performance.now() - secondMs;
    assert.ok(tookMs < 2_000, `${tookMs} ms after the second`);
    await untilNoProcessNames(cwd);
  },
);

async function storedRun(id: string, index: number): Promise<string> {
  const root = join(cwd, '.loombench', 'artifacts');
  const directory = (await readdir(root)).find((name) => name.startsWith(id));
  return readFile(join(root, directory ?? '', `measured-000${index}`, 'run.json'), 'utf8');
}

/** Server, keeper and workers have the state directory on their command line. */
async function untilNoProcessNames(text: string): Promise<void> {
  const none = async (): Promise<boolean> => (await processesNaming(text)).length === 0;
  await waitFor(`no process names ${text}`, none, LEFTOVER_PATIENCE_MS);
}

async function processesNaming(text: string): Promise<string[]> {
  const lines = await Promise.all(
    (await readdir('/proc'))
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
      .map(async (pid) => {
        const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
        return line.includes(text) ? `${pid} ${line.replaceAll('\0', ' ')}` : '';
      }),
  );
  return lines.filter((line) => line !== '');
}
