// Where a benchmark ran, so that two reports can be told apart by their machines. Best effort and bounded in time:
// a benchmark must never fail because a machine does not describe itself.
//
// A pod tells what it cannot see itself through variables, named as Loom's harness names them: NODE_NAME and POD_NAME
// (Kubernetes' downward API), K8S_VERSION, VM_SIZE, and BENCH_LOCATION or REGION. The commit comes from
// LOOMBENCH_COMMIT_SHA, GIT_COMMIT or GITHUB_SHA, else from git in the working directory.

import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, hostname, loadavg, release, totalmem } from 'node:os';
import type {
  CapturedEnvironment,
  EnvironmentInfo,
  HostFingerprint,
  RuntimeEnvironment,
} from '../contract/environment.ts';
import { readHostFacts, type HostFacts, type TextReader } from './host-facts.ts';
import { readCommit, readVersions, runGit, type GitRunner } from './provenance.ts';

const READ_TIMEOUT_MS = 1000;
const GRPC_PACKAGE = '@grpc/grpc-js';

/** Everything that comes from outside, replaceable in tests. */
export interface EnvironmentSources {
  /** Generator threads, the report's `gomaxprocs`. */
  readonly threads?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly readText?: TextReader;
  readonly git?: GitRunner;
  readonly platform?: string;
  readonly architecture?: string;
  /** What this host is called; default the operating system's name. */
  readonly hostname?: string;
  readonly now?: () => Date;
}

/** Never rejects; what is not known is null, absent or "" as the contract says. */
export async function captureEnvironment(
  sources: EnvironmentSources = {},
): Promise<CapturedEnvironment> {
  const env = sources.env ?? process.env;
  const read = harmless(sources.readText ?? readSmallFile);
  const platform = sources.platform ?? process.platform;
  const [facts, commit, versions] = await Promise.all([
    platform === 'linux' ? readHostFacts(read, env) : noFacts,
    readCommit(env, harmless(sources.git ?? runGit)),
    readVersions(read),
  ]);
  const { cpuModel, ramTotalBytes, ...limits } = facts;
  return {
    seed: {
      go_version: '',
      goos: goPlatform(platform),
      goarch: goArchitecture(sources.architecture ?? process.arch),
      num_cpu: availableParallelism(),
      gomaxprocs: sources.threads ?? 1,
      grpc_version: versions.packages[GRPC_PACKAGE] ?? '',
      commit_sha: commit.sha,
      race_detector: false,
      timestamp_utc: goTimestamp(sources.now?.() ?? new Date()),
      ...podFacts(env),
      ...machineFacts(cpuModel, ramTotalBytes),
    },
    runtime: {
      ...processFacts(sources.hostname),
      ...limits,
      loombenchVersion: versions.loombench,
      packageVersions: versions.packages,
      commitDirty: commit.dirty,
    },
  };
}

/** As `fingerprintOf` an environment, of now. Never rejects. */
export async function readFingerprint(
  sources: Pick<EnvironmentSources, 'env' | 'readText' | 'platform'> = {},
): Promise<HostFingerprint> {
  const read = harmless(sources.readText ?? readSmallFile);
  const isLinux = (sources.platform ?? process.platform) === 'linux';
  const facts = isLinux ? await readHostFacts(read, sources.env ?? process.env) : noFacts;
  const cpuModel = cpuModelOf(facts.cpuModel);
  return {
    cpuModel: cpuModel === '' ? null : cpuModel,
    cores: availableParallelism(),
    cpuLimitCores: facts.cgroupCpuLimitCores,
    cpuGovernor: facts.cpuGovernor,
  };
}

type ProcessFacts = Pick<
  RuntimeEnvironment,
  'hostname' | 'nodeVersion' | 'v8Version' | 'loadAverage1m'
>;

function processFacts(name = hostname()): ProcessFacts {
  return {
    hostname: name,
    nodeVersion: process.versions.node,
    v8Version: process.versions.v8,
    loadAverage1m: loadavg()[0] ?? 0,
  };
}

/** RFC 3339 to the second. */
function goTimestamp(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, 'Z');
}

const noFacts: HostFacts = {
  cpuModel: null,
  ramTotalBytes: null,
  swapTotalBytes: null,
  cpuGovernor: null,
  cgroupCpuLimitCores: null,
  cgroupMemoryLimitBytes: null,
  container: null,
  virtualization: null,
};

const readSmallFile: TextReader = (path) =>
  readFile(path, { encoding: 'utf8', signal: AbortSignal.timeout(READ_TIMEOUT_MS) });

function harmless<A>(
  ask: (argument: A) => Promise<string | null>,
): (argument: A) => Promise<string | null> {
  return async (argument) => {
    try {
      return await ask(argument);
    } catch {
      return null; // the answer to a question that cannot be asked here
    }
  };
}

type PodFacts = Pick<
  EnvironmentInfo,
  'node_name' | 'pod_name' | 'k8s_version' | 'vm_size' | 'region'
>;

function podFacts(env: Readonly<Record<string, string | undefined>>): PodFacts {
  return {
    ...named('node_name', env['NODE_NAME']),
    ...named('pod_name', env['POD_NAME']),
    ...named('k8s_version', env['K8S_VERSION']),
    ...named('vm_size', env['VM_SIZE']),
    ...named('region', env['BENCH_LOCATION'] ?? env['REGION']),
  };
}

/** The seed leaves out what is empty. */
function named(key: keyof PodFacts, value: string | undefined): PodFacts {
  return value === undefined || value === '' ? {} : { [key]: value };
}

function machineFacts(
  cpuInfoModel: string | null,
  ramTotalBytes: number | null,
): Pick<EnvironmentInfo, 'kernel_version' | 'cpu_model' | 'ram_total_mb'> {
  const cpuModel = cpuModelOf(cpuInfoModel);
  return {
    kernel_version: release(),
    ...(cpuModel === '' ? {} : { cpu_model: cpuModel }),
    ram_total_mb: Math.floor((ramTotalBytes ?? totalmem()) / (1024 * 1024)),
  };
}

function cpuModelOf(cpuInfoModel: string | null): string {
  return cpuInfoModel ?? cpus()[0]?.model.trim() ?? '';
}

function goPlatform(platform: string): string {
  switch (platform) {
    case 'win32':
      return 'windows';
    case 'sunos':
      return 'solaris';
    default:
      return platform;
  }
}

const GO_ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: 'amd64',
  ia32: '386',
  mipsel: 'mipsle',
  // Node runs on the little-endian kind only, but on AIX.
  ppc64: 'ppc64le',
};

function goArchitecture(architecture: string): string {
  return GO_ARCHITECTURES[architecture] ?? architecture;
}
