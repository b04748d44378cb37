// The command line without Temporal, on a real target: results on stdout, numbers for scripts, and a report always.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, it } from 'node:test';
import type { JsonReport } from '../../src/contract/report.ts';
import { acquireHostLock } from '../../src/runtime/host-lock.ts';
import { runCli, startCli, type CliOptions } from '../support/cli-process.ts';

let cwd = '';
before(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'loombench-cli-'));
});
after(() => rm(cwd, { recursive: true, force: true }));

const at = (): CliOptions => ({ cwd });
const SHORT = ['run', '--local', '--runs', '2', '--warmup-runs', '0', '-n', '60', '-c', '3'];
const FAST_LLM = ['--llm-base-latency', '2ms', '--llm-jitter', '0ms'];

// Our own report, whose shape other tests check.
const parsed = (text: string): JsonReport => JSON.parse(text) as JsonReport;

it('ends with 99 and a full report with error rate 1 and no latency when every call fails', async () => {
  const { exitCode, stdout } = await runCli(
    [
      ...SHORT,
      ...FAST_LLM,
      '--llm-error-rate',
      '1',
      '--llm-error-mode',
      'status',
      '--threshold',
      'error_rate<1%',
      '--threshold',
      'latency_p99<1s',
      '-o',
      'a/b/failed.json',
    ],
    at(),
  );
  // Counted errors stand, whatever a busy host does to the gates.
  assert.equal(exitCode, 99);
  assert.match(stdout, /^error_rate<1% +100\.0 % +FAIL /m);
  assert.match(stdout, /^latency_p99<1s +– +FAIL: no data /m);
  assert.match(stdout, /INTERNAL 108 \(100\.0 %\) of all calls/);
  const report = parsed(await readFile(join(cwd, 'a/b/failed.json'), 'utf8'));
  assert.deepEqual(
    report.runs.map(({ error_rate, latency_p50_us }) => ({ error_rate, latency_p50_us })),
    [
      { error_rate: 1, latency_p50_us: null },
      { error_rate: 1, latency_p50_us: null },
    ],
  );
  assert.deepEqual(
    report.loombench.thresholds?.map(({ observed, status, ok }) => [observed, status, ok]),
    [
      [1, 'fail', false],
      [null, 'no-data', false],
    ],
  );
});

it('ends with 99 for a rate that could not be sent when asked to fail on that, and not for one that was', async () => {
  const open = ['run', '--local', '--runs', '1', '--warmup-runs', '0', '-z', '500ms'];
  const slow = ['--llm-base-latency', '50ms', '--llm-jitter', '0ms', '--per-run-warmup', '0s'];
  // One call at a time, each of 50 ms: of the 250 that are due, some 12 can be sent in time and some 10 more in the grace.
  const missing = ['--rate', '500', '--max-in-flight', '1', '--grace', '500ms'];
  const asked = ['--fail-on-rate-miss', '--json'];
  const missed = await runCli([...open, ...slow, ...missing, ...asked], at());
  assert.equal(missed.exitCode, 99);
  const [rule] = parsed(missed.stdout).loombench.thresholds ?? [];
  assert.equal(rule?.status, 'fail');
  assert.ok((rule.observed ?? 1) < 0.2);
  const kept = await runCli([...open, ...slow, '--rate', '20', ...asked], at());
  assert.deepEqual(
    parsed(kept.stdout).loombench.thresholds?.map(({ observed, status }) => [observed, status]),
    [[1, 'pass']],
  );
  assert.notEqual(kept.exitCode, 99);
});

it('prints nothing but the report on stdout when that is where it goes', async () => {
  const { stdout, stderr } = await runCli([...SHORT, ...FAST_LLM, '--output-path', '-'], at());
  assert.equal(parsed(stdout).runs.length, 2);
  assert.match(stderr, /run 2 of 2 started/);
});

it('fails with 1 within the connect timeout on a server that is not there, whatever its thresholds, and says what was tried', async () => {
  const { exitCode, stderr } = await runCli(
    [
      ...[...SHORT, '--server-addr', '127.0.0.1:1', '--connect-timeout', '1s'],
      ...['--threshold', 'error_rate<1%'],
    ],
    at(),
  );
  assert.equal(exitCode, 1);
  assert.match(stderr, /127\.0\.0\.1:1 within 1000 ms/);
});

it('shows a stored report again, as it was shown at first', async () => {
  const first = await runCli([...SHORT, ...FAST_LLM, '-o', 'again.json'], at());
  const again = await runCli(['report', 'again.json'], at());
  assert.equal(again.exitCode, 0);
  assert.equal(again.stdout, first.stdout);
});

it('ends with 130 and a partial report when it is interrupted', async () => {
  const running = startCli(
    [
      'run',
      '--local',
      '--runs',
      '3',
      '--warmup-runs',
      '0',
      '-z',
      '2s',
      '--per-run-warmup',
      '0s',
      ...FAST_LLM,
      '-o',
      'part.json',
    ],
    at(),
  );
  await running.said(/run 2 of 3 started/);
  running.kill('SIGINT');
  assert.equal((await running.ended).exitCode, 130);
  const report = parsed(await readFile(join(cwd, 'part.json'), 'utf8'));
  assert.equal(report.loombench.status, 'interrupted');
  assert.equal(report.runs.length, 1);
});

it('serves the target for another benchmark until it is told to end', async () => {
  const target = startCli(['target', '--port', '0', '--http-port', '0', ...FAST_LLM], at());
  const [, address = ''] = await target.printed(/gRPC: (\S+)/);
  const [, controlPlane = ''] = await target.printed(/Control plane: (\S+)/);
  const benchmark = await runCli([...SHORT, '--server-addr', address, '--json'], at());
  assert.equal(parsed(benchmark.stdout).runs.length, 2);
  assert.equal((await fetch(`${controlPlane}/health`)).status, 200);
  target.kill('SIGTERM');
  assert.equal((await target.ended).exitCode, 0);
});

it('says which port of the target is taken and what to do, and leaves nothing running', async () => {
  const stranger = createServer().listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  // A listening TCP server has an AddressInfo, never a path.
  const { port } = stranger.address() as AddressInfo;
  try {
    for (const flag of ['--port', '--http-port']) {
      const other = flag === '--port' ? '--http-port' : '--port';
      const { exitCode, stderr } = await runCli(['target', flag, `${port}`, other, '0'], at());
      assert.equal(exitCode, 1);
      assert.match(
        stderr,
        new RegExp(`127\\.0\\.0\\.1:${port} already: stop it, or choose another (HTTP )?port`),
      );
    }
  } finally {
    stranger.close();
  }
});

it('waits for a run that is being measured on the host, and lets itself be interrupted meanwhile', async () => {
  const lock = await acquireHostLock(basename(cwd), new AbortController().signal);
  const waiting = startCli([...SHORT, ...FAST_LLM], at());
  const patient = startCli([...SHORT, ...FAST_LLM, '--json'], at());
  await waiting.said(/Another run is being measured on this host/);
  await patient.said(/Another run is being measured on this host/);
  waiting.kill('SIGINT');
  assert.equal((await waiting.ended).exitCode, 130);
  await lock.release();
  const { stdout, stderr } = await patient.ended;
  assert.match(stderr, /run 2 of 2 started/);
  assert.equal(parsed(stdout).runs.length, 2);
});
