// Two real workers on one machine that call themselves two hosts: never two measured runs at a time; and when one of them is
// killed for good, its benchmark begins anew on the other and says what was discarded.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { JsonReport } from '../../src/contract/report.ts';
import { createBenchmarkClient } from '../../src/temporal/benchmark-client.ts';
import { connectToTemporal, embeddedTemporal } from '../../src/temporal/connection.ts';
import {
  startCli,
  temporalCliPath,
  temporaryDirectory,
  type CliProcess,
} from '../support/cli-process.ts';
import { DevServer } from '../support/dev-server.ts';
import { processesOf } from '../support/process-tree.ts';
import { waitFor } from '../support/wait-for.ts';

const OPTIONS = { skip: process.platform === 'linux' ? false : 'reads /proc', timeout: 180_000 };
const HEARTBEAT_TIMEOUT_MS = 2_000;
const LOAD = [
  ...['--warmup-runs', '0', '--duration', '1s', '--per-run-warmup', '0s', '--concurrency', '2'],
  ...['--llm-base-latency', '5ms', '--llm-jitter', '0ms'],
];

test(
  'Of two workers on one machine one measures at a time, each run at attempt 1; a worker that is killed is missed within two heartbeat timeouts, and for good loses its benchmark to the other',
  OPTIONS,
  async (t) => {
    const { directory: home, remove } = await temporaryDirectory();
    t.after(remove);
    const server = await DevServer.start(await temporalCliPath(), home);
    t.after(() => server.kill());
    const cli = (args: readonly string[], env: Readonly<Record<string, string>> = {}): CliProcess =>
      startCli(args, { cwd: home, env: { TEMPORAL_ADDRESS: server.address, ...env } });
    const worker = async (
      host: string,
      env: Readonly<Record<string, string>> = {},
    ): Promise<CliProcess> => {
      const started = cli(['worker'], {
        LOOMBENCH_HOST_NAME: host,
        LOOMBENCH_HOME: join(home, host),
        ...env,
      });
      t.after(() => started.kill('SIGKILL'));
      await started.said(new RegExp(`Worker of ${host} is up`));
      return started;
    };
    const run = (id: string, flags: readonly string[]): CliProcess =>
      cli([
        ...['run', '--no-worker', '--id', id, ...LOAD, ...flags],
        ...['--output-path', join(home, `${id}.json`)],
      ]);
    const reportOf = async (id: string): Promise<JsonReport> =>
      JSON.parse(await readFile(join(home, `${id}.json`), 'utf8')) as JsonReport;

    // Only of the host that is killed: a busy machine may keep a heartbeat back for as long as that.
    const first = await worker('first-host', {
      LOOMBENCH_HEARTBEAT_TIMEOUT: String(HEARTBEAT_TIMEOUT_MS / 1000),
    });
    const moving = run('moving', ['--runs', '3', '--host-loss-limit', '1s']);
    // It is at home there now.
    await moving.said(/run 1 of 3 started/);
    const second = await worker('second-host');
    const staying = run('staying', ['--runs', '2', '--host', 'second-host']);
    await moving.said(/run 2 of 3 started/);
    first.kill('SIGKILL');
    const killedMs = performance.now();
    const temporal = await connectToTemporal(embeddedTemporal(server.address));
    t.after(() => temporal.close());
    const benchmarks = createBenchmarkClient(temporal.client);
    await waitFor(
      'the run is to be tried again',
      async () => ((await benchmarks.describe('moving')).pending?.attempt ?? 0) >= 2,
    );
    const noticedMs = performance.now() - killedMs;
    assert.ok(noticedMs < 2 * HEARTBEAT_TIMEOUT_MS, `${noticedMs} ms until it was noticed`);

    await moving.said(/waiting for host first-host, whose worker does not answer, until/, 60_000);
    // On a busy machine the second host was up, or the first one killed, only after a run more.
    await moving.said(
      /discarded: series 1 on first-host, 0 warm-up runs, [12] measured runs?, because/,
    );
    for (const benchmark of [moving, staying]) {
      const { exitCode, stderr } = await benchmark.ended;
      assert.ok(exitCode === 0 || exitCode === 3, stderr);
    }

    const moved = await reportOf('moving');
    assert.deepEqual(
      moved.runs.map(({ run_number, loombench: { host } }) => [run_number, host]),
      [1, 2, 3].map((index) => [index, 'second-host']),
    );
    const [discarded, ...others] = moved.loombench.discarded ?? [];
    assert.deepEqual(others, []);
    assert.equal(discarded?.host, 'first-host');
    assert.deepEqual(
      discarded.runs.map(({ phase, index }) => [phase, index]),
      [1, 2].slice(0, discarded.runs.length).map((index) => ['measured', index]),
    );
    assert.ok(discarded.runs.length > 0);
    const stayed = await reportOf('staying');
    assert.deepEqual(
      stayed.runs.map(({ loombench: { host, attempt } }) => [host, attempt.attempt]),
      [1, 2].map(() => ['second-host', 1]),
    );
    const spans = [...moved.runs, ...stayed.runs]
      .map(({ loombench: { startedAtUtc, wallTimeMs } }) => {
        const fromMs = Date.parse(startedAtUtc);
        return { fromMs, toMs: fromMs + wallTimeMs };
      })
      .sort((a, b) => a.fromMs - b.fromMs);
    assert.equal(spans.length, 5);
    for (const [index, { fromMs }] of spans.entries()) {
      assert.ok(fromMs >= (spans[index - 1]?.toMs ?? 0), JSON.stringify(spans));
    }
    second.kill('SIGKILL');
    await server.kill();
    await waitFor('no process is left', () => processesOf(home).length === 0);
  },
);
