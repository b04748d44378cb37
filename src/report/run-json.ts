// One stored run in the seed's JSON names, with the whole measurement beside it under `loombench`.

import type { BenchmarkReport } from '../contract/benchmark-report.ts';
import type { JsonRunResult } from '../contract/report.ts';
import type {
  GcAssociation,
  GcCorrelation,
  ProcessSample,
  ResourceSample,
  Role,
} from '../contract/resources.ts';
import type {
  LittlesLaw,
  RunMeasurement,
  TimelineBucket,
  ThroughputBucket,
} from '../contract/run-result.ts';

type Run = BenchmarkReport['runs'][number];

/** The seed's single timeline describes the target when it is ours, else what we can see: the generator. */
export function publishedRole(config: Pick<BenchmarkReport['config'], 'serverAddr'>): Role {
  return config.serverAddr === '' ? 'target' : 'generator';
}

export function runJson(run: Run, role: Role): JsonRunResult {
  const measurement = finiteMeasurement(run.measurement);
  return {
    run_number: run.key.index,
    ...figures(measurement),
    ...(measurement.timeline?.length
      ? { throughput_timeline: measurement.timeline.map(bucket) }
      : {}),
    ...latencyHistogram(run.rawLatenciesUs ?? []),
    ...resourceTimeline(measurement, role),
    ...gcCorrelation(measurement, role),
    loombench: { ...measurement, attempt: run.attempt, host: run.host },
  };
}

type Figures = Omit<
  JsonRunResult,
  | 'run_number'
  | 'throughput_timeline'
  | 'latency_histogram'
  | 'resource_timeline'
  | 'gc_correlation'
  | 'loombench'
>;

/** A degraded answer is not a success, so the seed's error figures count it; incomplete calls are in neither. */
function figures({ windowCalls, latency, throughputRps, wallTimeMs }: RunMeasurement): Figures {
  const errorCount = windowCalls.errors + windowCalls.degraded;
  const total = windowCalls.ok + errorCount;
  return {
    throughput_rps: throughputRps,
    latency_p50_us: whole(latency.p50Us),
    latency_p90_us: whole(latency.p90Us),
    latency_p95_us: whole(latency.p95Us),
    latency_p99_us: whole(latency.p99Us),
    latency_min_us: whole(latency.minUs),
    latency_max_us: whole(latency.maxUs),
    latency_avg_us: latency.meanUs,
    error_count: errorCount,
    error_rate: total === 0 ? null : errorCount / total,
    total_requests: total,
    wall_time_ms: Math.round(wallTimeMs),
  };
}

/** The seed's name for the raw values. */
function latencyHistogram(
  rawLatenciesUs: readonly number[],
): Pick<JsonRunResult, 'latency_histogram'> {
  const values = rawLatenciesUs.every(Number.isSafeInteger)
    ? rawLatenciesUs
    : rawLatenciesUs.filter(Number.isFinite).map(Math.round);
  return values.length === 0 ? {} : { latency_histogram: values };
}

function bucket(second: TimelineBucket): ThroughputBucket {
  return {
    second: second.second,
    requests: second.requests,
    errors: second.errors,
    p50_us: whole(second.p50_us),
    p99_us: whole(second.p99_us),
    mean_us: second.mean_us,
  };
}

function resourceTimeline(
  { resources }: RunMeasurement,
  role: Role,
): Pick<JsonRunResult, 'resource_timeline'> {
  const samples = resources?.[role] ?? [];
  return samples.length === 0 ? {} : { resource_timeline: samples.map(seedSample) };
}

function seedSample(sample: ProcessSample): ResourceSample {
  return {
    second: sample.second,
    goroutines: sample.goroutines,
    heap_alloc_mb: sample.heap_alloc_mb,
    heap_sys_mb: sample.heap_sys_mb,
    num_gc: sample.num_gc,
    gc_pause_total_us: Math.round(sample.gc_pause_total_us),
  };
}

function gcCorrelation({ gc }: RunMeasurement, role: Role): Pick<JsonRunResult, 'gc_correlation'> {
  const correlation = gc?.find((association) => association.role === role)?.correlation;
  if (correlation === null || correlation === undefined) return {};
  return {
    gc_correlation: {
      ...correlation,
      max_gc_pause_us: Math.round(correlation.max_gc_pause_us),
      total_gc_pause_us: Math.round(correlation.total_gc_pause_us),
    },
  };
}

function whole(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}

/** A derived group with a figure that is not finite says nothing as a whole: null, or the sample left out. */
function finiteMeasurement(measurement: RunMeasurement): RunMeasurement {
  const { resources, littlesLaw, gc } = measurement;
  return {
    ...measurement,
    littlesLaw: isFinite(littlesLaw) ? littlesLaw : null,
    gc: gc === null ? null : gc.map(finiteAssociation),
    resources:
      resources === null
        ? null
        : {
            generator: resources.generator.filter(isFinite),
            target: resources.target === null ? null : resources.target.filter(isFinite),
          },
  };
}

function finiteAssociation(association: GcAssociation): GcAssociation {
  return isFinite(association.correlation) ? association : { ...association, correlation: null };
}

/** True when every number of the group is finite; null groups have none. */
function isFinite(group: LittlesLaw | GcCorrelation | ProcessSample | null): boolean {
  const numbers: readonly unknown[] = group === null ? [] : Object.values(group);
  return numbers.every((value) => typeof value !== 'number' || Number.isFinite(value));
}
