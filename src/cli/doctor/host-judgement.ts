// What figures of this machine mean for a benchmark: pure functions from a reading to a finding.

import { fail, ok, warn, type Finding } from './finding.ts';

const GIB = 1024 ** 3;

export function judgeNodeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 20 || (major === 20 && minor >= 19)
    ? ok('node', `Node.js ${version}`)
    : fail('node', `Node.js ${version} is too old`, 'Install Node.js 20.19 or newer');
}

/** @param glibcVersion null where the platform has none. */
export function judgeLibc(platform: string, glibcVersion: string | null): Finding {
  if (platform !== 'linux') return ok('libc', `not Linux (${platform})`);
  return glibcVersion === null
    ? fail(
        'libc',
        "no glibc here, and Temporal's native core needs it",
        'Use a Debian, Ubuntu or Red Hat based system or image, not Alpine',
      )
    : ok('libc', `glibc ${glibcVersion}`);
}

export function judgeDisk(directory: string, freeBytes: number): Finding {
  const message = `${gib(freeBytes)} free for ${directory}`;
  if (freeBytes < 0.2 * GIB) return fail('disk', message, 'Free some space or set LOOMBENCH_HOME');
  return freeBytes < 2 * GIB
    ? warn(
        'disk',
        message,
        'Free some space or set LOOMBENCH_HOME; raw latencies take megabytes a run',
      )
    : ok('disk', message);
}

export function judgeMemory(availableBytes: number): Finding {
  const message = `${gib(availableBytes)} available`;
  return availableBytes < GIB
    ? warn('memory', message, 'Close other programs: swapping shows up as latency')
    : ok('memory', message);
}

export function judgeCores(cores: number): Finding {
  return cores < 4
    ? warn(
        'cores',
        `${cores} ${cores === 1 ? 'core' : 'cores'} for generator, target, worker and Temporal`,
        'Expect noise at high rates, or measure a server on another machine',
      )
    : ok('cores', `${cores} cores`);
}

/** @param governor null where it cannot be read, as in most virtual machines. */
export function judgeGovernor(governor: string | null): Finding {
  if (governor === null) return ok('cpu-governor', 'not readable here');
  return governor === 'performance'
    ? ok('cpu-governor', governor)
    : warn(
        'cpu-governor',
        `${governor} changes the clock rate while measuring`,
        'Set it to performance, such as by: cpupower frequency-set -g performance',
      );
}

export function judgeLoad(loadAverage1m: number, cores: number): Finding {
  const message = `load average ${loadAverage1m.toFixed(2)} on ${cores} cores`;
  return loadAverage1m > cores / 2
    ? warn('load', message, 'Wait until the machine is idle: other work shows up as latency')
    : ok('load', message);
}

/** @param source null where it cannot be read. @param stepNs smallest step of the monotonic clock that was seen. */
export function judgeClock(source: string | null, stepNs: number): Finding {
  const message = `${source ?? 'unknown source'}, smallest step seen ${stepNs} ns`;
  return stepNs > 10_000
    ? warn(
        'clock',
        message,
        'Times below a millisecond are coarse here; choose the tsc clock source',
      )
    : ok('clock', message);
}

/** @param cpuMax content of the cgroup's cpu.max, null without one. */
export function judgeCpuLimit(cpuMax: string | null): Finding {
  const [quota, period] = (cpuMax ?? 'max').trim().split(/\s+/);
  if (quota === undefined || quota === 'max') return ok('cpu-limit', 'none');
  const cores = Number(quota) / Number(period ?? '100000');
  return warn(
    'cpu-limit',
    `this group of processes may use ${cores.toFixed(2)} cores and is stopped when it used them up`,
    'Raise the limit: throttling shows up as latency',
  );
}

/** @param limit null where it cannot be read. */
export function judgeOpenFiles(limit: number | null): Finding {
  if (limit === null) return ok('open-files', 'limit not readable here');
  return limit < 1024
    ? warn('open-files', `at most ${limit} open files`, 'Raise it: ulimit -n 4096')
    : ok('open-files', `at most ${limit} open files`);
}

function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}
