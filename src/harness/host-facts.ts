// What Linux says about the machine below: memory, CPU, limits, container, hypervisor. Every fact is best effort:
// a file that is missing, unreadable or odd makes its fact null and nothing else.

/** The text of a file; null when it cannot be read. Never rejects. */
export type TextReader = (path: string) => Promise<string | null>;

export interface HostFacts {
  readonly cpuModel: string | null;
  readonly ramTotalBytes: number | null;
  readonly swapTotalBytes: number | null;
  readonly cpuGovernor: string | null;
  readonly cgroupCpuLimitCores: number | null;
  readonly cgroupMemoryLimitBytes: number | null;
  readonly container: boolean | null;
  readonly virtualization: string | null;
}

const CPU_GOVERNOR = '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor';
const CONTAINER_MARKS = ['/.dockerenv', '/run/.containerenv'];
/** Version 1 writes "no limit" as the greatest page-aligned number; nothing has an exabyte of memory. */
const NO_MEMORY_LIMIT_FROM = 2 ** 60;

export async function readHostFacts(
  read: TextReader,
  env: Readonly<Record<string, string | undefined>>,
): Promise<HostFacts> {
  const [cpuInfo, memInfo, governor, ownCgroup] = await Promise.all(
    ['/proc/cpuinfo', '/proc/meminfo', CPU_GOVERNOR, '/proc/self/cgroup'].map(read),
  );
  const groups = parseCgroups(ownCgroup ?? '');
  const [cores, memoryBytes, container, virtualization] = await Promise.all([
    cpuLimitCores(read, groups),
    memoryLimitBytes(read, groups),
    inContainer(read, env),
    virtualizationOf(read, cpuInfo ?? null),
  ]);
  return {
    cpuModel: firstField(cpuInfo ?? '', 'model name'),
    ramTotalBytes: memoryField(memInfo ?? '', 'MemTotal'),
    swapTotalBytes: memoryField(memInfo ?? '', 'SwapTotal'),
    cpuGovernor: governor?.trim() ?? null,
    cgroupCpuLimitCores: cores,
    cgroupMemoryLimitBytes: memoryBytes,
    container,
    virtualization,
  };
}

/** `name : value` of the first line that has it, as in /proc/cpuinfo. */
function firstField(text: string, name: string): string | null {
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0 && line.slice(0, colon).trim() === name)
      return line.slice(colon + 1).trim() || null;
  }
  return null;
}

/** /proc/meminfo is in KiB. */
function memoryField(text: string, name: string): number | null {
  const match = /^(\d+) kB$/.exec(firstField(text, name) ?? '');
  return match === null ? null : Number(match[1]) * 1024;
}

/** Path of this process below each controller's mount; '' names version 2's only hierarchy. */
function parseCgroups(text: string): Map<string, string> {
  const groups = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    for (const controller of controllers.split(',')) groups.set(controller, path);
  }
  return groups;
}

/** The group's own directory first, then its parents, then the mount: a limit anywhere above binds too. */
function directoriesUpwards(mount: string, path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '..');
  return Array.from({ length: parts.length + 1 }, (_, dropped) =>
    [mount, ...parts.slice(0, parts.length - dropped)].join('/'),
  );
}

async function tightest(limits: readonly Promise<number | null>[]): Promise<number | null> {
  const known = (await Promise.all(limits)).filter((limit) => limit !== null);
  return known.length === 0 ? null : Math.min(...known);
}

async function cpuLimitCores(
  read: TextReader,
  groups: Map<string, string>,
): Promise<number | null> {
  const unified = directoriesUpwards('/sys/fs/cgroup', groups.get('') ?? '/');
  const split = ['/sys/fs/cgroup/cpu', '/sys/fs/cgroup/cpu,cpuacct'].flatMap((mount) =>
    directoriesUpwards(mount, groups.get('cpu') ?? '/'),
  );
  return tightest([
    ...unified.map(async (directory) => {
      const [quota, period] = (await read(`${directory}/cpu.max`))?.trim().split(' ') ?? [];
      return coresOf(quota, period);
    }),
    ...split.map(async (directory) => {
      const quota = await read(`${directory}/cpu.cfs_quota_us`);
      return quota === null ? null : coresOf(quota, await read(`${directory}/cpu.cfs_period_us`));
    }),
  ]);
}

function coresOf(
  quota: string | null | undefined,
  period: string | null | undefined,
): number | null {
  const cores = Number(quota ?? NaN) / Number(period ?? NaN);
  return Number.isFinite(cores) && cores > 0 ? cores : null;
}

async function memoryLimitBytes(
  read: TextReader,
  groups: Map<string, string>,
): Promise<number | null> {
  const files = [
    ...directoriesUpwards('/sys/fs/cgroup', groups.get('') ?? '/').map((at) => `${at}/memory.max`),
    ...directoriesUpwards('/sys/fs/cgroup/memory', groups.get('memory') ?? '/').map(
      (at) => `${at}/memory.limit_in_bytes`,
    ),
  ];
  return tightest(
    files.map(async (file) => {
      const text = (await read(file))?.trim() ?? '';
      if (!/^\d+$/.test(text)) return null;
      const bytes = Number(text);
      return bytes >= NO_MEMORY_LIMIT_FROM ? null : bytes;
    }),
  );
}

async function inContainer(
  read: TextReader,
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean | null> {
  if (env['KUBERNETES_SERVICE_HOST'] !== undefined || env['container'] !== undefined) return true;
  const marks = await Promise.all(CONTAINER_MARKS.map(read));
  if (marks.some((mark) => mark !== null)) return true;
  const initGroup = await read('/proc/1/cgroup');
  if (initGroup === null) return null;
  return /docker|containerd|kubepods|libpod|lxc/.test(initGroup);
}

/** The hypervisor's own name where the firmware tells it; 'none' on bare metal; null where nobody says. */
async function virtualizationOf(read: TextReader, cpuInfo: string | null): Promise<string | null> {
  const flags = firstField(cpuInfo ?? '', 'flags')?.split(' ') ?? null;
  if (flags === null) return null;
  if (!flags.includes('hypervisor')) return 'none';
  const names = await Promise.all(
    ['/sys/class/dmi/id/sys_vendor', '/sys/class/dmi/id/product_name', '/sys/hypervisor/type'].map(
      read,
    ),
  );
  const known = names.map((name) => name?.trim() ?? '').filter((name) => name !== '');
  return known.length === 0 ? 'unnamed hypervisor' : known.join(' ');
}
