// Two real benchmarks of the embedded target, compared by the command line as a user would.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import type { MetricComparison } from '../../src/contract/comparison.ts';
import type { CliResult } from '../support/cli-process.ts';
import { ComparedBenchmarks } from '../support/compared-benchmarks.ts';

/**
 * Each benchmark is one process, all at the same time: whatever disturbs the machine disturbs all of them, and the order of
 * measuring can make no difference. Six runs a side, because then one whole run of the faster benchmark may be slower than
 * two of the other one: U = 2 of 36 has p = .009, with Holm's factor of 4 below .05. And the median of 120 calls moves
 * by 10 ms only when half of them do. Where the machine is too noisy for that, 'inconclusive' is the right answer and
 * its note says what helps: more runs.
 */
const AMOUNT = { runs: 6, calls: 120 };
const ROUNDS_MAX = 4;
const AGAIN_MAX = 3;

let cwd = '';
let benchmarks = new ComparedBenchmarks('', AMOUNT);
before(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'loombench-cli-'));
  benchmarks = new ComparedBenchmarks(cwd, AMOUNT);
  for (let round = 1; round <= ROUNDS_MAX; round++) {
    await Promise.all([
      benchmarks.measure('ten.json', '10ms'),
      benchmarks.measure('ten-again.json', '10ms'),
      benchmarks.measure('twenty.json', '20ms'),
    ]);
    const p50 = await benchmarks.p50('ten.json', 'twenty.json', '--force');
    if (p50.verdict !== 'inconclusive') break;
  }
});
after(() => rm(cwd, { recursive: true, force: true }));

const cli = (...args: string[]): Promise<CliResult> => benchmarks.cli(...args);

it('refuses two configurations without --force and names the setting that differs', async () => {
  const { exitCode, stdout, stderr } = await cli('compare', 'ten.json', 'twenty.json');
  assert.equal(exitCode, 2);
  assert.equal(stdout, '');
  assert.match(stderr, /the configurations differ: llm\.baseLatencyMs 10 and 20/);
});

/**
 * An interval of 95 % misses what is true once in twenty times, and oftener where a neighbour comes and goes: a miss proves
 * nothing and is looked into with new benchmarks. A shift that is wrong by more than the noise is missed each time.
 */
it('finds 10 ms more of base latency: different, worse, with 10 ms in the interval of the shift', async () => {
  const first = await benchmarks.p50('ten.json', 'twenty.json', '--force');
  assert.equal(first.verdict, 'different');
  assert.equal(first.change, 'worse');
  const seen = [first];
  for (let round = 1; round <= AGAIN_MAX && !seen.some(holdsTenMs); round++) {
    const [ten, twenty] = [`ten-${round}.json`, `twenty-${round}.json`];
    await Promise.all([benchmarks.measure(ten, '10ms'), benchmarks.measure(twenty, '20ms')]);
    seen.push(await benchmarks.p50(ten, twenty, '--force'));
  }
  assert.ok(seen.some(holdsTenMs), JSON.stringify(seen.map(({ shift }) => shift)));
});

function holdsTenMs({ shift: { low, high } }: MetricComparison): boolean {
  assert.ok(low !== null && high !== null);
  return low <= 10_000 && high >= 10_000;
}

it('ends with 99 for a regression, in every format, and with 0 for the opposite change', async () => {
  const limit = ['--force', '--fail-on-regression', '3%'];
  const worse = await cli('compare', 'ten.json', 'twenty.json', ...limit);
  assert.equal(worse.exitCode, 99);
  assert.match(worse.stdout, /^REGRESSION: .*latency_p50 \+/);
  const markdown = await cli(
    'compare',
    'ten.json',
    'twenty.json',
    ...limit,
    '--format',
    'markdown',
  );
  assert.equal(markdown.exitCode, 99);
  assert.match(markdown.stdout, /^\*\*REGRESSION: /);
  assert.equal((await cli('compare', 'twenty.json', 'ten.json', ...limit)).exitCode, 0);
});

it('does not find a benchmark different from itself', async () => {
  const { candidates, regressed } = await benchmarks.compare(
    'ten.json',
    'ten.json',
    '--fail-on-regression',
    '3%',
  );
  assert.ok(candidates[0]?.metrics.every(({ verdict }) => verdict !== 'different'));
  assert.equal(regressed, false);
});

/**
 * A test at 5 % has to raise a false alarm now and then: here in less than 5 % of all attempts, since the family is
 * corrected for and a difference must also be larger than the margin. One alarm therefore proves nothing, and is looked into as a user would
 * look into it: with two new benchmarks. The same alarm again by chance is rarer than once in 400.
 */
it('does not find the same benchmark, measured twice, different', async () => {
  const first = await differing('ten.json', 'ten-again.json');
  if (first.length === 0) return;
  await Promise.all([
    benchmarks.measure('third.json', '10ms'),
    benchmarks.measure('fourth.json', '10ms'),
  ]);
  const second = await differing('third.json', 'fourth.json');
  assert.deepEqual(
    second.filter((metric) => first.includes(metric)),
    [],
  );
});

async function differing(baseline: string, candidate: string): Promise<string[]> {
  const { candidates } = await benchmarks.compare(baseline, candidate, '--margin', '10%');
  const metrics = candidates[0]?.metrics ?? assert.fail('nothing was compared');
  assert.ok(metrics.some(({ metric }) => metric === 'latency_p50'));
  return metrics.filter(({ verdict }) => verdict === 'different').map(({ metric }) => metric);
}

it('refuses a report from another CPU model without --force', async () => {
  const report = await benchmarks.read('ten.json');
  const environment = { ...report.environment, cpu_model: 'Another CPU' };
  await benchmarks.write('elsewhere.json', { ...report, environment });
  const refused = await cli('compare', 'ten.json', 'elsewhere.json');
  assert.equal(refused.exitCode, 2);
  assert.match(refused.stderr, /the CPU models differ: .*"Another CPU"/);
  assert.equal((await cli('compare', 'ten.json', 'elsewhere.json', '--force')).exitCode, 0);
});

it('does not let a gate pass that cannot tell: 3 when there are too few runs', async () => {
  const report = await benchmarks.read('ten.json');
  await benchmarks.write('few.json', { ...report, runs: report.runs.slice(0, 3) });
  const { exitCode, stdout } = await cli(
    'compare',
    'ten.json',
    'few.json',
    '--fail-on-regression',
    '3%',
  );
  assert.equal(exitCode, 3);
  assert.match(stdout, /need at least 4 runs a side, there are \d+ and 3/);
});

it('names what is wrong with its arguments', async () => {
  const { exitCode, stderr } = await cli('compare', 'ten.json', 'none.json', '--margin', 'x');
  assert.equal(exitCode, 2);
  assert.match(stderr, /--margin is a share like 3%, not 'x'/);
  const missing = await cli('compare', 'ten.json', 'none.json');
  assert.equal(missing.exitCode, 2);
  assert.match(missing.stderr, /none\.json/);
});
