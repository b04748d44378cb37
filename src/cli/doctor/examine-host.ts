// Reads this machine. What cannot be read is said to be unknown, never guessed.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { availableParallelism, freemem, loadavg } from 'node:os';
import { freeBytes } from '../../runtime/disk-space.ts';
import { runCommand } from '../../runtime/run-command.ts';
import { fail, ok, warn, type Finding } from './finding.ts';
import {
  judgeClock,
  judgeCores,
  judgeCpuLimit,
  judgeDisk,
  judgeGovernor,
  judgeLibc,
  judgeLoad,
  judgeMemory,
  judgeNodeVersion,
  judgeOpenFiles,
} from './host-judgement.ts';
import { makeDirectory } from '../../runtime/make-directory.ts';

const CLOCK_READINGS = 10_000;
const DOCKER_TIMEOUT_MS = 5_000;

export async function examineHost(stateDirectory: string): Promise<Finding[]> {
  const cores = availableParallelism();
  return [
    judgeNodeVersion(process.versions.node),
    judgeLibc(process.platform, glibcVersion()),
    await examineStateDirectory(stateDirectory),
    judgeMemory(await availableMemoryBytes()),
    judgeCores(cores),
    judgeLoad(loadavg()[0] ?? 0, cores),
    judgeGovernor(await firstLine('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor')),
    judgeCpuLimit(await firstLine('/sys/fs/cgroup/cpu.max')),
    judgeClock(
      await firstLine('/sys/devices/system/clocksource/clocksource0/current_clocksource'),
      smallestClockStepNs(),
    ),
    judgeOpenFiles(await openFileLimit()),
    await examinePort('port-grpc', 60_051),
    await examinePort('port-http', 8080),
    await examineDocker(),
  ];
}

async function examineStateDirectory(directory: string): Promise<Finding> {
  try {
    await makeDirectory(directory);
    return judgeDisk(directory, await freeBytes(directory));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail(
      'disk',
      `no state directory: ${reason}`,
      'Set LOOMBENCH_HOME to a directory of yours',
    );
  }
}

/** Only the standalone target wants these two; the ports of a benchmark are free ones. */
async function examinePort(name: string, port: number): Promise<Finding> {
  return (await isFree(port))
    ? ok(name, `${port} is free`)
    : warn(
        name,
        `${port} is taken`,
        'It matters for `loombench target` only, which has --port and --http-port',
      );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

async function examineDocker(): Promise<Finding> {
  const result = await runCommand('docker', ['version', '--format', '{{.Server.Version}}'], {
    timeoutMs: DOCKER_TIMEOUT_MS,
  });
  return result.kind === 'exited' && result.exitCode === 0
    ? ok('docker', `server ${result.stdout.trim()}`)
    : ok('docker', 'not running; only docker-compose.yml needs it');
}

function smallestClockStepNs(): number {
  let smallest = Number.POSITIVE_INFINITY;
  let before = process.hrtime.bigint();
  for (let reading = 0; reading < CLOCK_READINGS; reading += 1) {
    const now = process.hrtime.bigint();
    if (now > before) smallest = Math.min(smallest, Number(now - before));
    before = now;
  }
  return smallest;
}

async function availableMemoryBytes(): Promise<number> {
  const meminfo = await readText('/proc/meminfo');
  const kib = /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo ?? '')?.[1];
  return kib === undefined ? freemem() : Number(kib) * 1024;
}

async function openFileLimit(): Promise<number | null> {
  const limits = await readText('/proc/self/limits');
  const soft = /^Max open files\s+(\d+)/m.exec(limits ?? '')?.[1];
  return soft === undefined ? null : Number(soft);
}

/** Node reports the C library that it runs on. */
function glibcVersion(): string | null {
  const report: unknown = process.report.getReport();
  if (typeof report !== 'object' || report === null || !('header' in report)) return null;
  const { header } = report;
  return typeof header === 'object' && header !== null && 'glibcVersionRuntime' in header
    ? String(header.glibcVersionRuntime)
    : null;
}

async function firstLine(path: string): Promise<string | null> {
  return (await readText(path))?.split('\n')[0]?.trim() ?? null;
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
}
