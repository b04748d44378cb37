// A report file → what history knows of it. Only the keys that history needs are asked for, so that reports of earlier and
// later versions are read alike.

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { experimentText, measurementText } from '../contract/experiment.ts';
import type { HistoryEntry } from '../contract/history.ts';
import { VERDICTS } from '../contract/warning.ts';

const figure = z.number().nullable();
const median = z.object({ median: figure });

const reportSchema = z.object({
  scenario: z.string(),
  loom_version: z.string(),
  environment: z.object({
    goos: z.string(),
    goarch: z.string(),
    num_cpu: z.number(),
    commit_sha: z.string(),
    cpu_model: z.string().optional(),
    ram_total_mb: z.number().optional(),
    vm_size: z.string().optional(),
  }),
  aggregate: z.object({
    throughput_rps: median,
    latency_p50_us: median,
    latency_p95_us: median,
    latency_p99_us: median,
  }),
  runs: z.array(
    z.object({
      throughput_rps: figure,
      latency_p50_us: figure,
      latency_p95_us: figure,
      latency_p99_us: figure,
      error_rate: figure,
      loombench: z.object({ verdict: z.enum(VERDICTS), interrupted: z.boolean() }),
    }),
  ),
  loombench: z.object({
    benchmarkId: z.string(),
    configHash: z.string(),
    loombenchVersion: z.string(),
    config: z.looseObject({ serverAddr: z.string() }),
    environment: z.object({ hostname: z.string(), cgroupCpuLimitCores: figure }),
    status: z.enum(['completed', 'cancelled', 'interrupted']),
    verdict: z.enum(VERDICTS),
    errorRate: z.object({ mean: figure }),
    startedAtUtc: z.iso.datetime(),
  }),
});

type Report = z.infer<typeof reportSchema>;

export type ReadEntry =
  | { readonly kind: 'entry'; readonly entry: HistoryEntry }
  /** JSON of something else: passed over without a word. */
  | { readonly kind: 'other' }
  | { readonly kind: 'unreadable'; readonly reason: string };

export function readEntry(text: string, path: string): ReadEntry {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {
      kind: 'unreadable',
      reason: 'it is no JSON; it was not written to its end or was damaged',
    };
  }
  if (!looksLikeReport(value)) return { kind: 'other' };
  const read = reportSchema.safeParse(value);
  if (read.success) return { kind: 'entry', entry: entryOf(read.data, path) };
  const [issue] = read.error.issues;
  return {
    kind: 'unreadable',
    reason: issue === undefined ? 'it is no report' : `${issue.path.join('.')}: ${issue.message}`,
  };
}

function looksLikeReport(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'runs' in value && 'aggregate' in value;
}

function entryOf(report: Report, path: string): HistoryEntry {
  const { aggregate, environment, loombench } = report;
  return {
    path,
    benchmarkId: loombench.benchmarkId,
    scenario: report.scenario,
    configHash: hashOf(loombench),
    measurementHash: sha256(measurementText(loombench.config)),
    target: loombench.config.serverAddr === '' ? 'embedded' : loombench.config.serverAddr,
    startedAtUtc: loombench.startedAtUtc,
    status: loombench.status,
    verdict: loombench.verdict,
    hardware: hardwareOf(report),
    hostname: loombench.environment.hostname,
    commit: environment.commit_sha,
    serverVersion: report.loom_version,
    loombenchVersion: loombench.loombenchVersion,
    values: {
      throughputRps: aggregate.throughput_rps.median,
      latencyP50Us: aggregate.latency_p50_us.median,
      latencyP95Us: aggregate.latency_p95_us.median,
      latencyP99Us: aggregate.latency_p99_us.median,
      errorRate: loombench.errorRate.mean,
    },
    runs: {
      throughputRps: runValues(report, 'throughput_rps'),
      latencyP50Us: runValues(report, 'latency_p50_us'),
      latencyP95Us: runValues(report, 'latency_p95_us'),
      latencyP99Us: runValues(report, 'latency_p99_us'),
      errorRate: runValues(report, 'error_rate'),
    },
  };
}

/** Reports of the library once had none, and "" would put all of them into one series, whatever they measured. */
function hashOf({ configHash, config }: Report['loombench']): string {
  return configHash === '' ? sha256(experimentText(config)) : configHash;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

type RunFigure = Exclude<keyof Report['runs'][number], 'loombench'>;

function runValues({ runs }: Report, figureName: RunFigure): number[] {
  return runs
    .filter((run) => run.loombench.verdict !== 'INVALID' && !run.loombench.interrupted)
    .map((run) => run[figureName])
    .filter((value) => value !== null);
}

/** No host name: machines come and go, and equal ones continue each other's series. Memory in whole GB: it differs by boot. */
function hardwareOf({ environment, loombench }: Report): string {
  const { cgroupCpuLimitCores } = loombench.environment;
  const limit = cgroupCpuLimitCores === null ? '' : ` (limited to ${cgroupCpuLimitCores})`;
  const memory =
    environment.ram_total_mb === undefined
      ? []
      : [`${Math.round(environment.ram_total_mb / 1024)} GB`];
  return [
    environment.cpu_model ?? 'unknown CPU',
    `${environment.num_cpu} cores${limit}`,
    ...memory,
    ...(environment.vm_size === undefined ? [] : [environment.vm_size]),
    `${environment.goos}/${environment.goarch}`,
  ].join(', ');
}
