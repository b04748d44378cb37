// Whether a worker lives and whether it takes work, as an orchestrator asks it: while its server is away, while its process
// stands still or is dead, and while it ends.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startCli, temporalCliPath, temporaryDirectory } from '../support/cli-process.ts';
import { DevServer } from '../support/dev-server.ts';
import { descendantsOf, processesOf } from '../support/process-tree.ts';
import { waitFor } from '../support/wait-for.ts';

const OPTIONS = { skip: process.platform === 'linux' ? false : 'reads /proc', timeout: 180_000 };
const PATIENCE_MS = 60_000;

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

test(
  'A worker says that it lives, and whether it takes work or why not, whatever happens around it',
  OPTIONS,
  async (t) => {
    const { directory: home, remove } = await temporaryDirectory();
    t.after(remove);
    // Known by its address, and not there yet.
    const server = await DevServer.start(await temporalCliPath(), home);
    t.after(() => server.kill());
    await server.kill();
    const env = { TEMPORAL_ADDRESS: server.address, LOOMBENCH_HOST_NAME: 'health-host' };
    const worker = startCli(['worker', '--health-port', '0'], { cwd: home, env });
    t.after(() => worker.kill('SIGKILL'));
    const [, url = ''] = await worker.said(/Health: (\S+)\/health/);
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
    const ask = async (path: string, method = 'GET'): Promise<Answer> => {
      const response = await fetch(`${url}${path}`, { method });
      return { status: response.status, body: (await response.json()) as Answer['body'] };
    };
    const becomesReady = (): Promise<unknown> =>
      waitFor('it is ready', async () => (await ask('/ready')).status === 200, PATIENCE_MS);
    const becomesUnready = (reason: RegExp): Promise<unknown> =>
      waitFor(
        `it is not ready: ${String(reason)}`,
        async () => {
          const { status, body } = await ask('/ready');
          return status === 503 && reason.test(String(body['reason']));
        },
        PATIENCE_MS,
      );
    const workerPid = (): number => {
      const [child] = descendantsOf(worker.pid).filter(({ commandLine }) =>
        commandLine.includes('worker-main'),
      );
      assert.ok(child !== undefined);
      return child.pid;
    };

    await t.test('before its server is there', async () => {
      const { status, body } = await ask('/health');
      assert.equal(status, 200);
      assert.deepEqual([body['status'], body['host']], ['ok', 'health-host']);
      await becomesUnready(new RegExp(`No Temporal server answers at ${server.address}`));
      await server.start();
      await becomesReady();
      await worker.said(/Worker of health-host is up/);
    });

    await t.test('while its server is away, and after', async () => {
      await server.kill();
      await becomesUnready(/the Temporal server does not answer/);
      assert.equal((await ask('/health')).status, 200);
      await server.start();
      await becomesReady();
    });

    await t.test('while its process stands still, and when that was killed', async () => {
      const pid = workerPid();
      process.kill(pid, 'SIGSTOP');
      await becomesUnready(/its process has not answered for 3 s/);
      assert.equal((await ask('/health')).status, 200);
      process.kill(pid, 'SIGCONT');
      await becomesReady();
      process.kill(pid, 'SIGKILL');
      await becomesUnready(/its process has ended|it is starting|has not answered/);
      await becomesReady();
      assert.notEqual(workerPid(), pid);
    });

    await t.test('to whoever asks for something else', async () => {
      const unknown = await ask('/healthz');
      assert.equal(unknown.status, 404);
      assert.match(String(unknown.body['error']), /\/health, \/ready/);
      assert.equal((await ask('/ready', 'POST')).status, 405);
      const port = url.split(':').at(-1) ?? '';
      const second = startCli(['worker', '--health-port', port], { cwd: home, env });
      const { exitCode, stderr } = await second.ended;
      assert.equal(exitCode, 1);
      assert.match(stderr, /Another process listens on 127\.0\.0\.1:\d+ already/);
      const astray = await startCli(['worker', '--health-host', '0.0.0.0'], { cwd: home, env })
        .ended;
      assert.equal(astray.exitCode, 2);
      assert.match(astray.stderr, /--health-host.*--health-port/);
    });

    await t.test('while a run under way may finish after SIGTERM', async () => {
      const args = ['run', '--no-worker', '--id', 'last', '--runs', '1', '--warmup-runs', '0'];
      const load = ['--duration', '3s', '--per-run-warmup', '0s', '--llm-base-latency', '5ms'];
      const run = startCli([...args, ...load], { cwd: home, env });
      t.after(() => run.kill('SIGKILL'));
      await waitFor('its generator runs', () =>
        descendantsOf(worker.pid).some(({ commandLine }) => commandLine.includes('generator-main')),
      );
      worker.kill('SIGTERM');
      await becomesUnready(/it is shutting down/);
      assert.equal((await ask('/health')).status, 200);
      assert.equal((await worker.ended).exitCode, 0);
      await assert.rejects(ask('/health'));
      run.kill('SIGKILL');
      await server.kill();
      await waitFor('no process is left', () => processesOf(home).length === 0);
    });
  },
);
