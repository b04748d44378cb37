// A worker's part of a large benchmark, in a process of its own, as it is built: the run that record.ts stored, as five of
// them, with a million latencies each, to statistics and report. Argument: the directory. Sends the most memory it took, in kB.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRawLatencies } from '../../../dist/harness/raw-latency-file.js';
import { summarizeRuns } from '../../../dist/harness/summarize-runs.js';
import { reportPieces } from '../../../dist/report/to-json.js';
import { writeTextAtomically } from '../../../dist/runtime/atomic-file.js';

const RUNS = 5;

const [directory = '.'] = process.argv.slice(2);
const { run, benchmark } = JSON.parse(await readFile(join(directory, 'recorded.json'), 'utf8'));
const runs = [];
for (let index = 1; index <= RUNS; index += 1) {
  const rawLatenciesUs = await readRawLatencies(run.measurement);
  runs.push({ ...run, key: { ...run.key, index }, rawLatenciesUs });
}
const config = { ...benchmark.config, runs: RUNS };
const summary = summarizeRuns({ config, runs, failedRuns: [], expectedRuns: RUNS });
const report = { ...benchmark, ...summary, config, runs };
await writeTextAtomically(join(directory, 'report.json'), () => reportPieces(report));
process.send?.(process.resourceUsage().maxRSS);
