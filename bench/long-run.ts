// Whether the generator's memory grows with its calls, against a server that is given:
// `node --import tsx bench/long-run.ts 127.0.0.1:PORT [CALLS] [CONCURRENCY]` (default 20 million, 200; needs `npm run build`).
// Prints the resident memory of the generator's process at marks, at most, and its slope after the first mark.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultHarnessConfig } from '../src/config/defaults.ts';
import type { ProcessSample } from '../src/contract/resources.ts';
import { builtExecuteRun } from './built-harness.ts';

const MARKS = [100_000, 1_000_000, 5_000_000, 10_000_000, 20_000_000];

interface Point {
  readonly calls: number;
  readonly mib: number;
}

const [serverAddr, ...numbers] = process.argv.slice(2);
if (serverAddr === undefined) throw new Error('name the server: host:port');
const [calls = 20_000_000, concurrency = 200] = numbers.map(Number);
const executeRun = await builtExecuteRun();
const directory = mkdtempSync(join(tmpdir(), 'loombench-long-'));
try {
  print(await run(serverAddr));
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function run(address: string): Promise<Point[]> {
  const collect = { timeSeries: true, histogram: true, resources: true, gcCorrelation: true };
  const key = { workflowId: 'bench', firstExecutionRunId: 'bench', phase: 'measured' } as const;
  const limits = { totalRequests: calls, durationMs: 0, concurrency };
  const harness = { ...defaultHarnessConfig(), ...limits, serverAddr: address };
  const measured = await executeRun(
    { key: { ...key, index: 1 }, harness, collect, perRunWarmupMs: 0 },
    { directory, signal: new AbortController().signal, onProgress: () => undefined },
  );
  console.log(`${measured.calls.ok} of ${calls} calls ok, ${measured.throughputRps?.toFixed(0)}/s`);
  const perSecond = measured.throughputRps ?? 0;
  return (measured.resources?.generator ?? []).map((sample) => pointOf(sample, perSecond));
}

function pointOf({ second, rssBytes }: ProcessSample, callsPerSecond: number): Point {
  return { calls: (second + 1) * callsPerSecond, mib: rssBytes / 2 ** 20 };
}

function print(points: readonly Point[]): void {
  const reached = MARKS.map((mark) => ({ mark, at: points.find((point) => point.calls >= mark) }));
  for (const { mark, at } of reached) {
    if (at !== undefined) console.log(`from ${mark} calls  ${at.mib.toFixed(1)} MiB`);
  }
  console.log(`at most  ${Math.max(...points.map(({ mib }) => mib)).toFixed(1)} MiB`);
  const later = points.filter((point) => point.calls >= 1_000_000);
  console.log(`slope    ${(slope(later) * 1e6).toFixed(3)} MiB per million calls after the first`);
}

/** Least squares. */
function slope(points: readonly Point[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(points.map((point) => point.calls));
  const y = mean(points.map(({ mib }) => mib));
  const covariance = mean(points.map((point) => (point.calls - x) * (point.mib - y)));
  return covariance / mean(points.map((point) => (point.calls - x) ** 2));
}
