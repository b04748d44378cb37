// `npm run crash-matrix -- --trials N --seed S [--at-once K] [--json]`: random trials; exit code 1 on any violation.

import { parseArgs } from 'node:util';
import { temporalCliPath } from '../../support/cli-process.ts';
import type { TrialResult } from './run-trial.ts';
import { runTrials } from './run-trials.ts';
import { FIXED_DOZEN, randomTrials } from './trial.ts';

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '3' },
    fixed: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

function median(numbers: readonly number[]): number | null {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}

function line({ name, violations, attempts, detectionMs, lostMs, wallMs }: TrialResult): string {
  const seconds = (ms: number | null): string => (ms === null ? '-' : (ms / 1000).toFixed(1));
  const verdict = violations.length === 0 ? 'ok' : `VIOLATED: ${violations.join('; ')}`;
  return `| ${name} | ${attempts} | ${seconds(detectionMs)} | ${seconds(lostMs)} | ${seconds(wallMs)} | ${verdict} |`;
}

const trials = values.fixed
  ? FIXED_DOZEN
  : randomTrials(Number(values.trials), Number(values.seed));
if (!values.json) {
  process.stdout.write('| trial | attempts | detection s | lost s | wall s | invariants |\n');
  process.stdout.write('| --- | ---: | ---: | ---: | ---: | --- |\n');
}
const results = await runTrials(trials, {
  temporalCli: await temporalCliPath(),
  atOnce: Number(values['at-once']),
  onResult: (result) => {
    if (!values.json) process.stdout.write(`${line(result)}\n`);
  },
});
const violated = results.filter(({ violations }) => violations.length > 0).length;
const detections = results.flatMap(({ detectionMs }) => detectionMs ?? []);
const losses = results.map(({ lostMs }) => lostMs).filter((ms) => ms > 0);
const summary = {
  trials: results.length,
  violated,
  detectionMs: { median: median(detections), max: Math.max(0, ...detections) },
  lostMs: { median: median(losses), max: Math.max(0, ...losses) },
};
process.stdout.write(
  values.json ? `${JSON.stringify({ ...summary, results })}\n` : `\n${JSON.stringify(summary)}\n`,
);
process.exitCode = violated === 0 ? 0 : 1;
