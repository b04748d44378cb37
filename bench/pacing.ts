// How late an open loop's sends are, what its pacing costs, and whether it holds its rate, against a server that is
// given: `node --import tsx bench/pacing.ts 127.0.0.1:PORT` (needs `npm run build`). Best on an otherwise idle machine, with a fast server.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultHarnessConfig } from '../src/config/defaults.ts';
import type { HarnessConfig } from '../src/contract/config.ts';
import type { RunMeasurement } from '../src/contract/run-result.ts';
import { builtExecuteRun } from './built-harness.ts';

const CASES = [
  ['timer', 200],
  ['timer', 1000],
  ['timer', 5000],
  ['spin', 1000],
  ['spin', 5000],
  ['timer', 20_000],
  ['spin', 20_000],
] as const;
const REPETITIONS = 3;
const RUN_MS = 4000;
const WARM_UP_MS = 1000;

const [serverAddr] = process.argv.slice(2);
if (serverAddr === undefined) throw new Error('name the server: host:port');
const executeRun = await builtExecuteRun();
const directory = mkdtempSync(join(tmpdir(), 'loombench-pacing-'));
try {
  console.log('pacing  rate/s  achieved/s  lateness µs p50/p99/max  service µs p50/p99  cores  G1');
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    for (const [pacing, ratePerS] of CASES) {
      const arrival: HarnessConfig['arrival'] = { kind: 'poisson', ratePerS };
      console.log(row(pacing, ratePerS, await run({ pacing, arrival })));
    }
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function run(changes: Partial<HarnessConfig>): Promise<RunMeasurement> {
  return executeRun(
    {
      key: { workflowId: 'bench', firstExecutionRunId: 'bench', phase: 'measured', index: 1 },
      harness: {
        ...defaultHarnessConfig(),
        totalRequests: 0,
        durationMs: RUN_MS,
        serverAddr: serverAddr ?? '',
        ...changes,
      },
      collect: { timeSeries: false, histogram: false, resources: false, gcCorrelation: false },
      perRunWarmupMs: WARM_UP_MS,
    },
    { directory, signal: new AbortController().signal, onProgress: () => undefined },
  );
}

function row(pacing: string, ratePerS: number, measured: RunMeasurement): string {
  const { sendLateness, serviceTime, window, windowCalls, openLoop, gates } = measured;
  const sentPerS = (1000 * windowCalls.issued) / (window.endMs - window.startMs);
  const g1 = gates.find((gate) => gate.id === 'G1');
  return [
    pacing.padEnd(6),
    String(ratePerS).padStart(7),
    `${sentPerS.toFixed(1)} sent, ${(measured.throughputRps ?? 0).toFixed(1)} done`,
    `${sendLateness.p50Us} / ${sendLateness.p99Us} / ${sendLateness.maxUs}`,
    `${serviceTime.p50Us} / ${serviceTime.p99Us}`,
    (openLoop?.generatorCores ?? 0).toFixed(3),
    g1?.status,
  ].join('  ');
}
