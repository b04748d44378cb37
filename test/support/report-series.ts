// Reports of a made-up history: the same benchmark night after night, with figures that the test chooses.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BenchmarkReport } from '../../src/contract/benchmark-report.ts';
import type { HistoryEntry } from '../../src/contract/history.ts';
import { readEntry } from '../../src/history/read-entry.ts';
import { reportText } from '../../src/report/to-json.ts';
import { mulberry32 } from '../../src/statistics/seeded-random.ts';
import { latency, sampleReport, stats, storedRun } from '../report/sample-report.ts';
import { gaussian } from './random-variates.ts';

const NIGHT_MS = 86_400_000;

/** `length` values about `level` with that coefficient of variation; from `at` on moved by `shift`. */
export function noisySeries(spec: {
  readonly seed: number;
  readonly length: number;
  readonly cv: number;
  readonly at?: number;
  readonly shift?: number;
}): number[] {
  const normal = gaussian(mulberry32(spec.seed));
  const { at = spec.length, shift = 0 } = spec;
  return Array.from(
    { length: spec.length },
    (_, index) => 1000 * (index >= at ? 1 + shift : 1) * (1 + spec.cv * normal()),
  );
}

/** The night's report, with a throughput of that many calls a second and latencies that follow from it. */
export function nightlyReport(
  night: number,
  throughputRps: number,
  changes: Partial<BenchmarkReport> = {},
): BenchmarkReport {
  const startedAtUtc = new Date(Date.UTC(2026, 0, 1) + night * NIGHT_MS).toISOString();
  const base = sampleReport();
  const us = (factor: number): number => Math.round((factor * 1e7) / throughputRps);
  const run = { throughputRps, latency: latency(900, us(1)) };
  return sampleReport({
    benchmarkId: `nightly-${String(night)}`,
    startedAtUtc,
    environment: {
      ...base.environment,
      seed: { ...base.environment.seed, commit_sha: `c${String(night).padStart(3, '0')}` },
    },
    runs: [1, 2, 3, 4].map((index) =>
      storedRun(index, { ...run, throughputRps: throughputRps + index / 10 }),
    ),
    aggregate: {
      throughput_rps: stats(throughputRps, 1),
      latency_p50_us: stats(us(1), 1),
      latency_p90_us: stats(us(1.5), 1),
      latency_p95_us: stats(us(1.7), 1),
      latency_p99_us: stats(us(2), 1),
    },
    ...changes,
  });
}

export function entryOf(
  report: BenchmarkReport,
  path = `/${report.benchmarkId}.json`,
): HistoryEntry {
  const read = readEntry(reportText(report), path);
  if (read.kind !== 'entry') throw new Error(`no entry: ${read.kind}`);
  return read.entry;
}

export interface ReportDirectory {
  readonly path: string;
  write(report: BenchmarkReport, file?: string): Promise<string>;
  remove(): Promise<void>;
}

export async function reportDirectory(): Promise<ReportDirectory> {
  const path = await mkdtemp(join(tmpdir(), 'loombench-history-'));
  return {
    path,
    write: async (report, file = join(report.benchmarkId, 'report.json')) => {
      const target = join(path, file);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, reportText(report));
      return target;
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}
