// Names from elsewhere in messages: a terminal shows them and obeys nothing that is in them.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import type { JsonReport } from '../../src/contract/report.ts';
import { runCli } from '../support/cli-process.ts';
import { reportOf } from '../support/comparison-reports.ts';

/** An escape sequence, its one-byte form, a bell, a change of reading direction, a return to the start of the line. */
const HOSTILE = '\u001b[31mred\u009b31m\u0007\u202e\rnever';
const OBEYED = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

let cwd = '';
before(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'loombench-names-'));
});
after(() => rm(cwd, { recursive: true, force: true }));

const runs = [10_000, 10_010, 10_020, 10_030, 10_040, 10_050];
const base = reportOf('a.json', runs).report;

async function complaint(report: JsonReport, file: string): Promise<string> {
  await writeFile(join(cwd, 'a.json'), JSON.stringify(base));
  await writeFile(join(cwd, file), JSON.stringify(report));
  const { exitCode, stderr } = await runCli(['compare', 'a.json', file], { cwd });
  assert.equal(exitCode, 2, stderr);
  return stderr;
}

const { loombench, environment } = base;
for (const [what, report, file] of [
  ['a scenario', { ...base, scenario: HOSTILE }, 'b.json'],
  ['a scenario with a line end', { ...base, scenario: `x\nerror: ${HOSTILE}` }, 'b.json'],
  ['a CPU model', { ...base, environment: { ...environment, cpu_model: HOSTILE } }, 'b.json'],
  [
    'a query',
    { ...base, loombench: { ...loombench, config: { ...loombench.config, query: HOSTILE } } },
    'b.json',
  ],
  [
    'the name of a file',
    { ...base, loombench: { ...loombench, verdict: 'INVALID' as const } },
    `${HOSTILE}.json`,
  ],
] as const) {
  it(`${what} is text in the refusal of a comparison`, async () => {
    const stderr = await complaint(report, file);
    assert.doesNotMatch(stderr, OBEYED);
    assert.match(stderr, /red/);
    assert.doesNotMatch(stderr, /^error: .*red/m);
  });
}

it('the name of a command, option or missing report is text in its refusal', async () => {
  for (const args of [
    [HOSTILE],
    ['run', `--${HOSTILE}`],
    ['report', `missing-${HOSTILE}.json`],
    ['report', 'a.json', '--format', HOSTILE],
    ['baseline', 'set', HOSTILE, '--dir', '.'],
  ]) {
    const { exitCode, stderr } = await runCli(args, { cwd });
    assert.equal(exitCode, 2, stderr);
    assert.match(stderr, /red/);
    assert.doesNotMatch(stderr, OBEYED, args[0]);
  }
});
