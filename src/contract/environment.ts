// Where a benchmark ran. The snake_case half is the seed's `EnvironmentInfo`, name for name; ours is apart.

export interface EnvironmentInfo {
  /** Always "": no Go took part. The runtime is named in RuntimeEnvironment. */
  readonly go_version: string;
  readonly goos: string;
  readonly goarch: string;
  readonly num_cpu: number;
  /** Generator threads. */
  readonly gomaxprocs: number;
  readonly grpc_version: string;
  readonly commit_sha: string;
  readonly race_detector: boolean;
  readonly timestamp_utc: string;
  readonly node_name?: string;
  readonly pod_name?: string;
  readonly k8s_version?: string;
  readonly vm_size?: string;
  readonly region?: string;
  readonly kernel_version?: string;
  readonly cpu_model?: string;
  readonly ram_total_mb?: number;
}

/** null where the platform does not say. */
export interface RuntimeEnvironment {
  readonly hostname: string;
  readonly nodeVersion: string;
  readonly v8Version: string;
  readonly loombenchVersion: string;
  readonly packageVersions: Readonly<Record<string, string>>;
  readonly cpuGovernor: string | null;
  readonly cgroupCpuLimitCores: number | null;
  readonly cgroupMemoryLimitBytes: number | null;
  readonly virtualization: string | null;
  readonly container: boolean | null;
  readonly swapTotalBytes: number | null;
  readonly loadAverage1m: number;
  readonly commitDirty: boolean | null;
}

/** What of a host shapes every figure, and must stay what it was while a benchmark is measured. null where unknown. */
export interface HostFingerprint {
  readonly cpuModel: string | null;
  /** That this process may use. */
  readonly cores: number;
  /** CPU quota of the container, cores. */
  readonly cpuLimitCores: number | null;
  readonly cpuGovernor: string | null;
}

export function fingerprintOf({ seed, runtime }: CapturedEnvironment): HostFingerprint {
  return {
    cpuModel: seed.cpu_model ?? null,
    cores: seed.num_cpu,
    cpuLimitCores: runtime.cgroupCpuLimitCores,
    cpuGovernor: runtime.cpuGovernor,
  };
}

export interface CapturedEnvironment {
  readonly seed: EnvironmentInfo;
  readonly runtime: RuntimeEnvironment;
}
