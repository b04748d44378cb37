// Reports to compare, with just the figures of their runs that a test is about.

import type { BenchmarkReport } from '../../src/contract/benchmark-report.ts';
import type { JsonReport } from '../../src/contract/report.ts';
import type { NamedReport } from '../../src/statistics/compare-reports.ts';
import { toJson } from '../../src/report/to-json.ts';
import { sampleReport } from '../report/sample-report.ts';
import { latencyAround, storedRun } from './run-measurements.ts';

/** Every latency percentile follows the median; throughput is that of ten workers. */
export function reportOf(
  name: string,
  medianUs: readonly number[],
  changes: Partial<BenchmarkReport> = {},
): NamedReport {
  const runs = medianUs.map((us, index) =>
    storedRun(index + 1, { latency: latencyAround(us), throughputRps: 1e7 / us }),
  );
  return { name, report: toJson(sampleReport({ runs, benchmarkId: name, ...changes })) };
}

export function withEnvironment(
  { name, report }: NamedReport,
  changes: Partial<JsonReport['environment']>,
): NamedReport {
  return { name, report: { ...report, environment: { ...report.environment, ...changes } } };
}
