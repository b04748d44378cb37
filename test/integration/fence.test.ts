// A worker that is stopped in the midst of a run, and comes back when its run was begun again beside it: told from the log
// of the target, which is the test's own.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startCli, temporalCliPath, temporaryDirectory } from '../support/cli-process.ts';
import { attemptsOf } from '../support/benchmark-files.ts';
import { DevServer } from '../support/dev-server.ts';
import { startHandlerServer } from '../support/handler-server.ts';
import { descendantsOf, processesOf } from '../support/process-tree.ts';
import { waitFor } from '../support/wait-for.ts';

const HEARTBEAT_TIMEOUT_S = 4;
const OPTIONS = { skip: process.platform === 'linux' ? false : 'reads /proc', timeout: 120_000 };

interface Call {
  readonly peer: string;
  readonly atMs: number;
}

test(
  'A worker stopped for twice the heartbeat timeout offers no load beside the next attempt, and its late result is refused',
  OPTIONS,
  async (t) => {
    const temporalCli = await temporalCliPath();
    const { directory: home, remove } = await temporaryDirectory();
    t.after(async () => {
      for (const { pid } of processesOf(home)) process.kill(pid, 'SIGKILL');
      await remove();
    });
    const calls: Call[] = [];
    const target = await startHandlerServer({
      weave: (call, answer) => {
        calls.push({ peer: call.getPeer(), atMs: Date.now() });
        setTimeout(() => answer(null, { text: 'an answer', sessionId: 's' }), 10);
      },
    });
    t.after(() => target.kill());
    const server = await DevServer.start(temporalCli, home);
    t.after(() => server.kill());
    const env = {
      LOOMBENCH_HOME: home,
      LOOMBENCH_TEMPORAL_CLI: temporalCli,
      TEMPORAL_ADDRESS: server.address,
      LOOMBENCH_HEARTBEAT_TIMEOUT: String(HEARTBEAT_TIMEOUT_S),
      // The lock of the host would keep the second worker from beginning; without it only the fence does.
      LOOMBENCH_HOST_LOCK: 'off',
    };
    const workers = [1, 2].map(() => startCli(['worker'], { cwd: home, env }));
    await Promise.all(workers.map((worker) => worker.said(/is up/)));

    const run = startCli(
      [
        ...['run', '--id', 'fenced', '--no-worker', '--runs', '1', '--warmup-runs', '0'],
        ...['--server-addr', target.address, '--duration', '6s', '--per-run-warmup', '0s'],
        ...['--concurrency', '2', '--threads', '1', '--output-path', join(home, 'report.json')],
      ],
      { cwd: home, env },
    );
    const supervisor = await waitFor('the run is under load', () => {
      if (calls.length === 0) return null;
      for (const { pid } of workers) {
        const below = descendantsOf(pid);
        if (!below.some(({ commandLine }) => commandLine.includes('generator-main'))) continue;
        return below.find(({ commandLine }) => commandLine.includes('worker-main'))?.pid ?? null;
      }
      return null;
    });
    process.kill(supervisor, 'SIGSTOP');
    const first = new Set(calls.map(({ peer }) => peer));
    await delay(2 * HEARTBEAT_TIMEOUT_S * 1000);
    process.kill(supervisor, 'SIGCONT');
    const { exitCode, stderr } = await run.ended;
    // 3: a gate's word about a busy machine.
    assert.ok(exitCode === 0 || exitCode === 3, stderr);

    const ofFirst = calls.filter(({ peer }) => first.has(peer)).map(({ atMs }) => atMs);
    const ofSecond = calls.filter(({ peer }) => !first.has(peer)).map(({ atMs }) => atMs);
    assert.ok(ofSecond.length > 0, 'a second attempt loaded the target');
    const last = Math.max(...ofFirst);
    const begin = Math.min(...ofSecond);
    assert.ok(last < begin, `the first attempt called ${last - begin} ms after the second began`);
    const [refused, kept] = await waitFor('the refused attempt is noted', async () => {
      const attempts = await attemptsOf(home, 1);
      return attempts[0]?.endedBy === null ? null : attempts;
    });
    assert.match(refused?.endedBy ?? '', /^run-superseded: /);
    assert.equal(kept?.endedBy, null);
    const report = JSON.parse(await readFile(join(home, 'report.json'), 'utf8')) as {
      runs: { loombench: { attempt: { attempt: number; reason: string } } }[];
    };
    assert.deepEqual(
      report.runs.map(({ loombench }) => loombench.attempt.attempt),
      [2],
    );
  },
);
