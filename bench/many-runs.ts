// What many short runs cost beside their load: `npm run bench:runs -- [RUNS] [MS]` (default 1000 of 50 ms; needs `npm run build`).
// Prints the worker's greatest memory, the length of each history, what lies between two runs (from the stored result of
// one to the beginning of the next: all that Temporal does), and the start-up of generator and target. Best on a machine that does nothing else.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectToTemporal, embeddedTemporal } from '../src/temporal/connection.ts';
import { ensureEmbeddedServer } from '../src/temporal/embedded-server.ts';

const ID = 'many';
const SAMPLE_MS = 500;
const root = join(import.meta.dirname, '..');
const [runs = 1000, runMs = 50] = process.argv.slice(2).map(Number);

const home = mkdtempSync(join(tmpdir(), 'loombench-runs-'));
const server = await ensureEmbeddedServer(home);
try {
  const { exitCode, workerMiB, tookS } = await benchmark();
  const { gapsMs, startsMs, found } = storedRuns();
  const events = await historyLengths();
  console.log(
    `runs            ${found} of ${runs}, exit code ${exitCode}, ${tookS.toFixed(0)} s in all`,
  );
  console.log(`worker memory   ${workerMiB.toFixed(0)} MiB at most (resident)`);
  console.log(`history         ${events.join(', ')} events in its ${events.length} executions`);
  console.log(`between runs    ${quantiles(gapsMs)}`);
  console.log(`start-up        ${quantiles(startsMs)}`);
} finally {
  await server.close();
  rmSync(home, { recursive: true, force: true });
}

async function benchmark(): Promise<{ exitCode: number; workerMiB: number; tookS: number }> {
  const args = [
    ...['run', '--id', ID, '--runs', String(runs), '--warmup-runs', '0', '-z', `${runMs}ms`],
    ...['--per-run-warmup', '0s', '-c', '2', '--llm-base-latency', '5ms', '--llm-jitter', '0ms'],
  ];
  const startedMs = performance.now();
  const child = spawn(process.execPath, [join(root, 'dist/cli/main.js'), ...args], {
    env: { ...process.env, LOOMBENCH_HOME: home, LOOMBENCH_NULL_FLOOR: 'off' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let workerMiB = 0;
  const timer = setInterval(() => {
    workerMiB = Math.max(workerMiB, residentMiB('worker-main'));
  }, SAMPLE_MS);
  const exitCode = await new Promise<number>((resolve) => {
    child.once('exit', (code) => resolve(code ?? -1));
  });
  clearInterval(timer);
  return { exitCode, workerMiB, tookS: (performance.now() - startedMs) / 1000 };
}

/** Of our process of that name; 0 when there is none. Linux only. */
function residentMiB(name: string): number {
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const commandLine = textOf(`/proc/${pid}/cmdline`);
    if (!commandLine.includes(name) || !commandLine.includes(home)) continue;
    const [, kib = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(textOf(`/proc/${pid}/status`)) ?? [];
    return Number(kib) / 1024;
  }
  return 0;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it has ended since
  }
}

interface StoredTimes {
  readonly gapsMs: readonly number[];
  readonly startsMs: readonly number[];
  readonly found: number;
}

function storedRuns(): StoredTimes {
  const artifacts = join(home, 'artifacts');
  const [benchmarkName = ''] = readdirSync(artifacts).filter((name) => name.startsWith(ID));
  const directory = join(artifacts, benchmarkName);
  const seen = readdirSync(directory)
    // One that failed for good has no result, and is missing among those that are counted.
    .filter((name) => name.startsWith('measured-') && existsSync(join(directory, name, 'run.json')))
    .sort()
    .map((name) => {
      const [attempt] = JSON.parse(
        readFileSync(join(directory, name, 'attempts.json'), 'utf8'),
      ) as [{ startedAtUtc: string }];
      const [, load = ''] =
        /"startedAtUtc":"([^"]+)"/.exec(readFileSync(join(directory, name, 'run.json'), 'utf8')) ??
        [];
      return {
        beganMs: Date.parse(attempt.startedAtUtc),
        loadMs: Date.parse(load),
        storedMs: statSync(join(directory, name, 'run.json')).mtimeMs,
      };
    });
  return {
    found: seen.length,
    gapsMs: seen.slice(1).map(({ beganMs }, index) => beganMs - (seen[index]?.storedMs ?? NaN)),
    startsMs: seen.map(({ beganMs, loadMs }) => loadMs - beganMs),
  };
}

async function historyLengths(): Promise<number[]> {
  const connection = await connectToTemporal(embeddedTemporal(server.address));
  try {
    const lengths: number[] = [];
    const query = `WorkflowId = '${ID}'`;
    for await (const { runId } of connection.client.workflow.list({ query })) {
      const { historyLength } = await connection.client.workflow.getHandle(ID, runId).describe();
      lengths.unshift(historyLength);
    }
    return lengths;
  } finally {
    await connection.close();
  }
}

function quantiles(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.ceil(share * sorted.length) - 1] ?? NaN).toFixed(0);
  return `median ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(1)} ms of ${sorted.length}`;
}
