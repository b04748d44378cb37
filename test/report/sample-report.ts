// Reports to format: three quiet runs by hand, with round numbers whose text can be worked out on paper.

import type { BenchmarkReport } from '../../src/contract/benchmark-report.ts';
import type { CapturedEnvironment } from '../../src/contract/environment.ts';
import type { Stats } from '../../src/contract/report.ts';
import type { ProcessSample } from '../../src/contract/resources.ts';
import type {
  LatencySummary,
  RunMeasurement,
  StoredRun,
  StreamSummary,
} from '../../src/contract/run-result.ts';
import type { ThresholdResult } from '../../src/contract/threshold.ts';
import { defaultBenchmarkConfig } from '../../src/config/defaults.ts';
import { measurement as plainMeasurement, noLatency } from '../support/run-measurements.ts';

export const NO_STATS: Stats = {
  median: null,
  mean: null,
  stddev: null,
  ci95_low: null,
  ci95_high: null,
  cv_pct: null,
  min: null,
  max: null,
};

export const NO_LATENCY = noLatency;

export function stats(median: number, spread: number): Stats {
  return {
    median,
    mean: median,
    stddev: spread,
    ci95_low: median - 2 * spread,
    ci95_high: median + 2 * spread,
    cv_pct: (100 * spread) / median,
    min: median - spread,
    max: median + spread,
  };
}

export function latency(n: number, p50Us: number): LatencySummary {
  return {
    n,
    minUs: 10_240,
    meanUs: p50Us + 0.5,
    p50Us,
    p90Us: 15_505,
    p95Us: 16_029,
    p99Us: 17_054,
    p999Us: 19_000,
    p9999Us: 20_000,
    maxUs: 20_177,
  };
}

export const STREAMS: StreamSummary = {
  streams: 900,
  messages: 18_900,
  tokens: 27_000,
  emptyStreams: 0,
  timeToFirstMessage: latency(900, 11_000),
  timeToFirstToken: { ...latency(900, 30_250), p99Us: 33_100, maxUs: 34_000 },
  messageGap: { ...latency(18_000, 5_010), p99Us: 6_200 },
  maxGapPerStream: latency(900, 12_000),
  lastMessageToStatus: latency(900, 1_200),
  failedTimeToFirstToken: NO_LATENCY,
  failedMessages: 0,
  failedBytes: 0,
};

function sample(second: number): ProcessSample {
  return {
    second,
    goroutines: 12,
    heap_alloc_mb: 10.5,
    heap_sys_mb: 20.25,
    num_gc: 3,
    gc_pause_total_us: 1500,
    rssBytes: 50_000_000,
    cpuUserUs: 200_000,
    cpuSystemUs: 50_000,
    cpuUtilisation: 0.25,
    eventLoopUtilisation: 0.3,
    eventLoopDelayP99Us: null,
    eventLoopDelayMaxUs: null,
  };
}

export function measurement(changes: Partial<RunMeasurement> = {}): RunMeasurement {
  const counts = { issued: 900, ok: 900, degraded: 0, errors: 0, incomplete: 0 };
  return plainMeasurement({
    startedAtUtc: '2026-01-02T03:04:05.000Z',
    wallTimeMs: 1360.4,
    window: { startMs: 140.5, endMs: 1360.4, trimmedBy: 'count' },
    calls: { ...counts, issued: 1000, ok: 1000 },
    windowCalls: counts,
    throughputRps: 661.5,
    okThroughputRps: 661.5,
    latency: latency(900, 13_502),
    serviceTime: latency(900, 13_502),
    responseTime: latency(900, 13_502),
    sendLateness: latency(900, 13_502),
    statusCounts: [{ status: 'OK', count: 1000 }],
    timeline: [
      {
        second: 0,
        requests: 645,
        errors: 0,
        p50_us: 13_514,
        p99_us: 17_317,
        mean_us: 13_534.59,
        starts: 655,
        inFlightAtEnd: 10,
      },
      {
        second: 1,
        requests: 255,
        errors: 0,
        p50_us: null,
        p99_us: null,
        mean_us: null,
        starts: 245,
        inFlightAtEnd: 0,
      },
    ],
    resources: { generator: [sample(0)], target: [{ ...sample(0), goroutines: 33 }] },
    gc: [
      {
        role: 'target',
        correlation: {
          total_p95_requests: 46,
          gc_attributed_requests: 13,
          gc_attribution_pct: 28.26,
          total_gc_pauses: 16,
          max_gc_pause_us: 3799,
          avg_gc_pause_us: 709.31,
          total_gc_pause_us: 11_349,
        },
        tailTimeShare: 0.1,
        observedOverlapShare: 0.28,
        chanceOverlapShare: 0.2,
        lift: 1.4,
        liftLow: 0.8,
        liftHigh: 2.1,
        pValue: 0.12,
        shifts: 1000,
        seed: 1,
        note: '',
      },
    ],
    littlesLaw: {
      meanInFlight: 9.9,
      throughputRps: 661.5,
      meanResponseUs: 13_502.5,
      edgeTerm: 0.1,
      relativeError: 0.001,
    },
    connection: {
      address: '127.0.0.1:60051',
      connections: 1,
      reconnects: 0,
      maxConcurrentStreams: null,
      engine: 'grpc-js',
      threads: 1,
    },
    ...changes,
  });
}

export function storedRun(index: number, changes: Partial<RunMeasurement> = {}): StoredRun {
  return {
    version: 1,
    key: { workflowId: 'sample', firstExecutionRunId: 'first', phase: 'measured', index },
    attempt: { attempt: 1, lostMs: 0, reason: null },
    host: 'bench-1',
    measurement: measurement(changes),
  };
}

export const ENVIRONMENT: CapturedEnvironment = {
  seed: {
    go_version: '',
    goos: 'linux',
    goarch: 'amd64',
    num_cpu: 2,
    gomaxprocs: 1,
    grpc_version: '1.14.7',
    commit_sha: '',
    race_detector: false,
    timestamp_utc: '2026-01-02T03:04:05Z',
    kernel_version: '6.1.0',
    cpu_model: 'Some CPU',
    ram_total_mb: 24_105,
  },
  runtime: {
    hostname: 'bench-1',
    nodeVersion: '20.19.0',
    v8Version: '11.3',
    loombenchVersion: '0.1.0',
    packageVersions: { '@grpc/grpc-js': '1.14.7' },
    cpuGovernor: null,
    cgroupCpuLimitCores: null,
    cgroupMemoryLimitBytes: null,
    virtualization: null,
    container: null,
    swapTotalBytes: null,
    loadAverage1m: 0.5,
    commitDirty: null,
  },
};

export function sampleReport(changes: Partial<BenchmarkReport> = {}): BenchmarkReport {
  const defaults = defaultBenchmarkConfig();
  return {
    benchmarkId: 'sample',
    config: {
      ...defaults,
      llm: { ...defaults.llm, baseLatencyMs: 10, jitterMs: 5 },
      llmConcurrencyLimit: 10_000,
      runs: 3,
      warmupRuns: 1,
      scenarioName: 'inproc_c10_n1000_10ms_j5',
    },
    configHash: 'a'.repeat(64),
    environment: ENVIRONMENT,
    loombenchVersion: '0.1.0',
    loomVersion: '1.4.0',
    startedAtUtc: '2026-01-02T03:04:05.000Z',
    finishedAtUtc: '2026-01-02T03:05:05.000Z',
    status: 'completed',
    durable: true,
    warmups: [storedRun(1)],
    runs: [1, 2, 3].map((index) => ({
      ...storedRun(index),
      rawLatenciesUs: [10_240, 10_310, 20_177],
    })),
    failedRuns: [],
    aggregate: {
      throughput_rps: stats(661.5, 7.3),
      latency_p50_us: stats(13_502, 212),
      latency_p90_us: stats(15_505, 188),
      latency_p95_us: stats(16_029, 231),
      latency_p99_us: stats(17_054, 600),
    },
    errorRate: { ...stats(0, 0), cv_pct: null },
    verdict: 'VALID',
    reasons: [],
    warnings: [],
    lostMs: 0,
    ...changes,
  };
}

/** Every call failed, one run was lost. */
export const ALL_FAILED: Partial<BenchmarkReport> = {
  verdict: 'INVALID',
  reasons: ['No run had a successful call.'],
  runs: [1, 2].map((index) =>
    storedRun(index, {
      calls: { issued: 1000, ok: 0, degraded: 0, errors: 1000, incomplete: 0 },
      windowCalls: { issued: 900, ok: 0, degraded: 0, errors: 900, incomplete: 0 },
      latency: NO_LATENCY,
      statusCounts: [
        { status: 'UNAVAILABLE', count: 999 },
        { status: 'DEADLINE_EXCEEDED', count: 1 },
      ],
      topErrors: [{ status: 'UNAVAILABLE', message: 'connection refused', count: 999 }],
      verdict: 'INVALID',
    }),
  ),
  failedRuns: [
    {
      key: { workflowId: 'sample', firstExecutionRunId: 'first', phase: 'measured', index: 3 },
      code: 'target-died',
      message: 'the target ended with SIGKILL',
      attempts: 4,
    },
  ],
  aggregate: {
    throughput_rps: NO_STATS,
    latency_p50_us: NO_STATS,
    latency_p90_us: NO_STATS,
    latency_p95_us: NO_STATS,
    latency_p99_us: NO_STATS,
  },
  errorRate: NO_STATS,
};

/** Streams with a doubt, one run repeated, and no Temporal. */
export function streamingChanges(): Partial<BenchmarkReport> {
  const config = {
    ...sampleReport().config,
    totalRequests: 0,
    durationMs: 90_000,
    perRunWarmupMs: 500,
    useStreaming: true,
    scenarioName: '',
  };
  const warning = { code: 'cpu-busy', message: 'the machine was 97 % busy' };
  const run = (index: number) =>
    storedRun(index, { streams: STREAMS, overhead: latency(900, 850), warnings: [warning] });
  const killed = { ...run(2), attempt: { attempt: 2, lostMs: 3200, reason: 'worker lost' } };
  const runs = [run(1), killed, run(3)];
  const reasons = ['The measured windows are shorter than 10 s.'];
  return { config, runs, durable: false, verdict: 'WARN', reasons };
}

/** As it is judged: missed. */
export const P99_THRESHOLD: ThresholdResult = {
  metric: 'latency_p99',
  comparison: '<',
  limit: 15_000,
  unit: 'us',
  text: 'latency_p99<15ms',
  observed: 17_054,
  status: 'fail',
  message: 'The median over the valid runs is beyond the limit.',
};
