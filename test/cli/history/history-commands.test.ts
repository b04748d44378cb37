// The history commands as a process, on a directory of made-up reports: a slower target from night 12 on.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { HistoryTrend } from '../../../src/contract/history.ts';
import { runCli } from '../../support/cli-process.ts';
import {
  nightlyReport,
  noisySeries,
  reportDirectory,
  type ReportDirectory,
} from '../../support/report-series.ts';

const isSingle = ({ series }: HistoryTrend): boolean => series.entries.length === 1;

const SCENARIO = 'inproc_c10_n1000_10ms_j5';

describe('the history commands', () => {
  let reports: ReportDirectory;
  const run = (...args: string[]) =>
    runCli([...args, '--dir', reports.path], { cwd: reports.path });

  before(async () => {
    reports = await reportDirectory();
    const values = noisySeries({ seed: 1, length: 16, cv: 0.01, at: 12, shift: -0.1 });
    await Promise.all(values.map((value, night) => reports.write(nightlyReport(night, value))));
    await reports.write(nightlyReport(20, 1, { verdict: 'INVALID' }));
    // A suite of two levels, which are two series.
    for (const concurrency of [1, 2]) {
      const { config } = nightlyReport(1, 500);
      const benchmarkId = `weekly-1--own--w${concurrency}`;
      await reports.write(
        nightlyReport(1, 500, { benchmarkId, config: { ...config, concurrency } }),
      );
    }
  });
  after(() => reports.remove());

  it('list the series, show its results, and write the page of its trend', async () => {
    const [list, show, trend] = await Promise.all([
      run('history', 'list'),
      run('history', 'show', '--scenario', SCENARIO),
      run('history', 'trend', '--scenario', SCENARIO, '--html', 'trend.html'),
    ]);
    assert.match(list.stdout, new RegExp(`${SCENARIO} .* 16 +1 +0 +\\d `));
    assert.match(show.stdout, /\* +nightly-12 /);
    assert.match(trend.stdout, /throughput worse: −(9|10)\.\d %/);
    assert.match(trend.stdout, /commit c011 to c012/);
    assert.match(trend.stdout, /Left out as INVALID: 1 \(nightly-20\)/);
    assert.match(await readFile(join(reports.path, 'trend.html'), 'utf8'), /<svg/);
  });

  it('call a result REGRESSED with exit code 99, until the change is acknowledged', async () => {
    const before = await run('baseline', 'compare', 'nightly-15');
    assert.equal(before.exitCode, 99, before.stderr);
    assert.match(before.stdout, /^REGRESSED\n.*since nightly-12/);
    const said = await run('history', 'acknowledge', 'nightly-12', '--note', 'a larger model');
    assert.equal(said.exitCode, 0, said.stderr);
    const after = await run('baseline', 'compare', 'nightly-15');
    assert.equal(after.exitCode, 0, after.stdout);
    const trend = await run('history', 'trend');
    assert.match(trend.stdout, /acknowledged .*: a larger model/);
  });

  it('hold a result against a baseline, and refuse one that is INVALID', async () => {
    assert.equal((await run('baseline', 'set', 'nightly-0')).exitCode, 0);
    const compared = await run('baseline', 'compare', 'nightly-13', '--json');
    assert.equal(compared.exitCode, 99, compared.stderr);
    assert.match(compared.stdout, /^\{.*"against":"baseline"/);
    const itself = await run('baseline', 'compare', 'nightly-0');
    assert.match(itself.stdout, /^NOT JUDGED\n +nightly-0 is the baseline itself/);
    for (const threshold of ['40', '40%']) {
      const limited = await run('baseline', 'compare', 'nightly-13', '--threshold', threshold);
      assert.match(limited.stdout, /^STEADY/, limited.stderr);
    }
    for (const threshold of ['', '-1', '1e1', '5%%', 'x']) {
      const refused = await run('baseline', 'compare', 'nightly-13', `--threshold=${threshold}`);
      assert.equal(refused.exitCode, 2);
      assert.match(refused.stderr, /--threshold must be a percentage such as 5%/);
    }
    const invalid = await run('baseline', 'set', 'nightly-20');
    assert.equal(invalid.exitCode, 2);
    assert.match(invalid.stderr, /INVALID/);
  });

  it('say nothing about change where there are too few results to see any', async () => {
    const { stdout } = await run('history', 'list', '--json');
    const lines = stdout.trim().split('\n');
    const one = lines.map((line) => JSON.parse(line) as HistoryTrend).find(isSingle);
    const trend = await run('history', 'trend', '--series', one?.series.seriesId ?? '');
    assert.match(trend.stdout, /^No change can be seen in 1 result: at least 4 are needed\.$/m);
  });

  it('take a suite by its id for all its levels', async () => {
    const { exitCode, stderr } = await run('baseline', 'set', 'weekly-1');
    assert.equal(exitCode, 0, stderr);
    const set = [...stderr.matchAll(/^weekly-1--own--(w\d) is the baseline of series (\w+)/gm)];
    assert.deepEqual(set.map(([, level]) => level).sort(), ['w1', 'w2']);
    assert.equal(new Set(set.map(([, , series]) => series)).size, 2);
  });

  it('say what is there when the scenario is not', async () => {
    const { exitCode, stderr } = await run('history', 'show', '--scenario', 'nope');
    assert.equal(exitCode, 2);
    assert.match(stderr, new RegExp(SCENARIO));
  });
});
