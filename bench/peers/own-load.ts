// One load by one of our engines in this process, exactly as the generator runs it (everything decoded, checked and
// recorded, its rows written to a file), with what it cost. Another load warms the process up first: in a real benchmark
// it runs for minutes. Started by run.ts; prints one line of JSON that peer-output.ts reads.

import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { harnessConfigOf, type OwnLoad } from './own-load-config.ts';
import type { ToolReport } from './peer-output.ts';
import { WARM_UP_CONCURRENCY } from './plan.ts';
import { generateLoad, type LoadOutcome } from '../../src/harness/generate-load.ts';
import { callCounts } from '../../src/harness/recording/recorded-run.ts';
import { summarizeRecording } from '../../src/harness/recording/summarize-recording.ts';
import { loadPlan } from '../../test/support/run-plans.ts';

Error.stackTraceLimit = 0;
// Only run.ts starts this.
const {
  warmUpCalls,
  directory: parent,
  ...load
} = JSON.parse(process.argv[2] ?? '{}') as OwnLoad & {
  readonly warmUpCalls: number;
  readonly directory: string;
};
const directory = mkdtempSync(join(parent, 'run-'));
await generate({ ...load, calls: warmUpCalls, concurrency: WARM_UP_CONCURRENCY });
const cpuBefore = process.cpuUsage();
const { recorded, drive } = await generate(load);
const cpu = process.cpuUsage(cpuBefore);
rmSync(directory, { recursive: true });
const { latency } = summarizeRecording(recorded, { latencyKind: 'service', timeSeries: true });
const report: ToolReport = {
  calls: drive.issued,
  ok: callCounts(recorded.callsByClass, recorded.sawLlmOutput).ok,
  seconds: (drive.endNs - drive.loadStartNs) / 1e9,
  p50Us: latency.p50Us,
  p99Us: latency.p99Us,
  loadCpuUs: cpu.user + cpu.system,
};
console.log(JSON.stringify(report));

function generate(load: OwnLoad): Promise<LoadOutcome> {
  const collect = { timeSeries: true, histogram: true, resources: true, gcCorrelation: true };
  return generateLoad(loadPlan(harnessConfigOf(load), { collect, directory }), {
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
}
