import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { captureEnvironment } from '../../src/harness/environment.ts';
import type { EnvironmentSources } from '../../src/harness/environment.ts';

const CPU_INFO = `processor\t: 0
model name\t: AMD EPYC 7763 64-Core Processor
flags\t\t: fpu vme hypervisor lahf_lm

processor\t: 1
model name\t: another
`;

/** A Linux machine that consists of these files. */
function machine(files: Record<string, string>, rest: EnvironmentSources = {}): EnvironmentSources {
  return {
    platform: 'linux',
    architecture: 'x64',
    env: {},
    readText: (path) => Promise.resolve(files[path] ?? null),
    git: () => Promise.resolve(null),
    ...rest,
  };
}

describe('captureEnvironment', () => {
  it('fills every field of the seed on Linux, in Go’s spelling and units', async () => {
    const { seed } = await captureEnvironment(
      machine(
        {
          '/proc/cpuinfo': CPU_INFO,
          '/proc/meminfo': 'MemTotal:       24684096 kB\nSwapTotal:       2048 kB\n',
        },
        {
          threads: 3,
          now: () => new Date('2026-11-25T02:58:06.789Z'),
          env: {
            NODE_NAME: 'node-7',
            POD_NAME: 'bench-0',
            K8S_VERSION: 'v1.31.2',
            VM_SIZE: 'Standard_D8s_v5',
            BENCH_LOCATION: 'westeurope',
            GIT_COMMIT: '8acbb1d',
          },
        },
      ),
    );
    const { num_cpu, kernel_version, grpc_version, ...fixed } = seed;
    assert.deepEqual(fixed, {
      go_version: '',
      goos: 'linux',
      goarch: 'amd64',
      gomaxprocs: 3,
      commit_sha: '8acbb1d',
      race_detector: false,
      timestamp_utc: '2026-11-25T02:58:06Z',
      node_name: 'node-7',
      pod_name: 'bench-0',
      k8s_version: 'v1.31.2',
      vm_size: 'Standard_D8s_v5',
      region: 'westeurope',
      cpu_model: 'AMD EPYC 7763 64-Core Processor',
      ram_total_mb: 24105,
    });
    assert.ok(num_cpu >= 1);
    assert.ok(kernel_version !== undefined && kernel_version !== '');
    assert.equal(grpc_version, '');
  });

  it('leaves the fields of a pod out when there is none', async () => {
    const { seed } = await captureEnvironment(machine({}, { env: { NODE_NAME: '' } }));
    for (const key of ['node_name', 'pod_name', 'k8s_version', 'vm_size', 'region']) {
      assert.ok(!(key in seed), key);
    }
  });

  it('takes the region from REGION when BENCH_LOCATION is not set', async () => {
    const { seed } = await captureEnvironment(machine({}, { env: { REGION: 'eu-north-1' } }));
    assert.equal(seed.region, 'eu-north-1');
  });

  it('reads the versions that are really installed', async () => {
    const { seed, runtime } = await captureEnvironment();
    const manifest = (path: string): { version: string } =>
      JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { version: string }; // a package.json has one
    assert.equal(runtime.loombenchVersion, manifest('../../package.json').version);
    const grpc = manifest('../../node_modules/@grpc/grpc-js/package.json').version;
    assert.equal(seed.grpc_version, grpc);
    assert.equal(runtime.packageVersions['@grpc/grpc-js'], grpc);
    assert.equal(runtime.nodeVersion, process.versions.node);
  });

  it('prefers our own commit variable and then does not ask git', async () => {
    const { seed, runtime } = await captureEnvironment(
      machine(
        {},
        {
          env: { LOOMBENCH_COMMIT_SHA: 'aaa', GIT_COMMIT: 'bbb', GITHUB_SHA: 'ccc' },
          git: () => Promise.reject(new Error('asked')),
        },
      ),
    );
    assert.equal(seed.commit_sha, 'aaa');
    assert.equal(runtime.commitDirty, null);
  });

  it('asks git for the commit and whether tracked files were changed', async () => {
    const git = (changes: string) => (args: readonly string[]) =>
      Promise.resolve(args[0] === 'rev-parse' ? '0123abc\n' : changes);
    const clean = await captureEnvironment(machine({}, { git: git('') }));
    assert.equal(clean.seed.commit_sha, '0123abc');
    assert.equal(clean.runtime.commitDirty, false);
    const changed = await captureEnvironment(machine({}, { git: git(' M src/index.ts\n') }));
    assert.equal(changed.runtime.commitDirty, true);
  });

  it('takes the tightest limit of a version 2 control group and its parents', async () => {
    const { runtime } = await captureEnvironment(
      machine({
        '/proc/self/cgroup': '0::/kube/pod1\n',
        '/sys/fs/cgroup/kube/pod1/cpu.max': '250000 100000\n',
        '/sys/fs/cgroup/kube/cpu.max': '150000 100000\n',
        '/sys/fs/cgroup/kube/pod1/memory.max': 'max\n',
        '/sys/fs/cgroup/kube/memory.max': '1073741824\n',
      }),
    );
    assert.equal(runtime.cgroupCpuLimitCores, 1.5);
    assert.equal(runtime.cgroupMemoryLimitBytes, 1073741824);
  });

  it('reads version 1 limits and knows its word for none', async () => {
    const groups = { '/proc/self/cgroup': '4:memory:/a\n1:cpu,cpuacct:/a\n' };
    const limited = await captureEnvironment(
      machine({
        ...groups,
        '/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us': '50000\n',
        '/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us': '100000\n',
        '/sys/fs/cgroup/memory/a/memory.limit_in_bytes': '536870912\n',
      }),
    );
    assert.equal(limited.runtime.cgroupCpuLimitCores, 0.5);
    assert.equal(limited.runtime.cgroupMemoryLimitBytes, 536870912);
    const free = await captureEnvironment(
      machine({
        ...groups,
        '/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us': '-1\n',
        '/sys/fs/cgroup/cpu/a/cpu.cfs_period_us': '100000\n',
        '/sys/fs/cgroup/memory/a/memory.limit_in_bytes': '9223372036854771712\n',
      }),
    );
    assert.equal(free.runtime.cgroupCpuLimitCores, null);
    assert.equal(free.runtime.cgroupMemoryLimitBytes, null);
  });

  it('knows a container by its mark, its orchestrator or its control group', async () => {
    const container = async (files: Record<string, string>, env = {}) =>
      (await captureEnvironment(machine(files, { env }))).runtime.container;
    assert.equal(await container({ '/.dockerenv': '' }), true);
    assert.equal(await container({}, { KUBERNETES_SERVICE_HOST: '10.0.0.1' }), true);
    assert.equal(await container({ '/proc/1/cgroup': '1:cpu:/docker/abc' }), true);
    assert.equal(await container({ '/proc/1/cgroup': '0::/init.scope' }), false);
    assert.equal(await container({}), null);
  });

  it('names the hypervisor where the firmware does', async () => {
    const named = await captureEnvironment(
      machine({
        '/proc/cpuinfo': CPU_INFO,
        '/sys/class/dmi/id/sys_vendor': 'Amazon EC2\n',
        '/sys/class/dmi/id/product_name': 'm6i.large\n',
        '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor': 'performance\n',
      }),
    );
    assert.equal(named.runtime.virtualization, 'Amazon EC2 m6i.large');
    assert.equal(named.runtime.cpuGovernor, 'performance');
    const metal = await captureEnvironment(machine({ '/proc/cpuinfo': 'flags : fpu vme\n' }));
    assert.equal(metal.runtime.virtualization, 'none');
  });

  it('never rejects, whatever cannot be read', async () => {
    const { seed, runtime } = await captureEnvironment({
      platform: 'linux',
      env: {},
      readText: () => Promise.reject(new Error('no')),
      git: () => Promise.reject(new Error('no git')),
    });
    assert.equal(seed.commit_sha, '');
    assert.equal(runtime.swapTotalBytes, null);
    assert.equal(runtime.loombenchVersion, 'unknown');
    const garbage = await captureEnvironment(
      machine(
        Object.fromEntries(
          ['/proc/cpuinfo', '/proc/meminfo', '/proc/self/cgroup', '/sys/fs/cgroup/cpu.max'].map(
            (path) => [path, ':::\n\0 ??? 1:\n'],
          ),
        ),
      ),
    );
    assert.equal(garbage.runtime.cgroupCpuLimitCores, null);
  });

  it('writes platforms and architectures as Go does', async () => {
    const go = async (platform: string, architecture: string) => {
      const { seed } = await captureEnvironment(machine({}, { platform, architecture }));
      return `${seed.goos}/${seed.goarch}`;
    };
    assert.equal(await go('win32', 'x64'), 'windows/amd64');
    assert.equal(await go('darwin', 'arm64'), 'darwin/arm64');
    assert.equal(await go('linux', 'ia32'), 'linux/386');
    assert.equal(await go('linux', 'ppc64'), 'linux/ppc64le');
  });
});
