import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { BenchmarkError } from '../../src/contract/failure.ts';
import { chooseSeries } from '../../src/history/choose-series.ts';
import { readHistory } from '../../src/history/read-history.ts';
import { NO_STATS } from '../report/sample-report.ts';
import { nightlyReport, reportDirectory, type ReportDirectory } from '../support/report-series.ts';

const FIRST = { scenario: null, seriesId: null };

describe('the history in a directory', () => {
  let reports: ReportDirectory;
  beforeEach(async () => {
    reports = await reportDirectory();
  });
  afterEach(() => reports.remove());

  it('is the reports of one experiment in the order of time, however they are stored', async () => {
    await reports.write(nightlyReport(2, 900), 'copies/any-name.json');
    await reports.write(nightlyReport(0, 1000));
    await reports.write(nightlyReport(1, 1010));
    const { series, copies, unreadable } = await readHistory(reports.path);
    assert.equal(series.length, 1);
    assert.deepEqual(
      series[0]?.entries.map((entry) => [entry.benchmarkId, entry.values.throughputRps]),
      [
        ['nightly-0', 1000],
        ['nightly-1', 1010],
        ['nightly-2', 900],
      ],
    );
    assert.deepEqual([copies, unreadable], [0, []]);
  });

  it('keeps INVALID and cancelled results, other hardware and other settings apart', async () => {
    const report = nightlyReport(0, 1000);
    const { seed } = report.environment;
    await reports.write(report);
    await reports.write(nightlyReport(1, 10, { verdict: 'INVALID' }));
    await reports.write(nightlyReport(2, 10, { status: 'cancelled' }));
    const faster = { ...report.environment, seed: { ...seed, cpu_model: 'Another CPU' } };
    await reports.write(nightlyReport(3, 5000, { environment: faster }));
    const wider = { ...report.config, concurrency: report.config.concurrency + 1 };
    await reports.write(nightlyReport(4, 300, { config: wider }));
    const history = await readHistory(reports.path);
    assert.equal(history.series.length, 3);
    const own = history.series.find(({ entries }) => entries[0]?.benchmarkId === 'nightly-0');
    assert.deepEqual(
      [own?.entries.length, own?.invalid[0]?.benchmarkId, own?.partial[0]?.benchmarkId],
      [1, 'nightly-1', 'nightly-2'],
    );
    const { series, apart } = chooseSeries(history, { ...FIRST, seriesId: own?.seriesId ?? '' });
    assert.equal(series, own);
    assert.equal(apart.length, 2);
    // Without a wish the one that goes on.
    assert.equal(chooseSeries(history, FIRST).series.entries[0]?.benchmarkId, 'nightly-4');
  });

  it('never mixes settings or targets, also of reports without a hash of their configuration', async () => {
    const { config } = nightlyReport(0, 1000);
    const changes: readonly Partial<typeof config>[] = [
      {},
      { serverAddr: 'one:60051' },
      { serverAddr: 'two:60051' },
      { concurrency: config.concurrency + 1 },
    ];
    for (const [index, change] of changes.entries()) {
      for (const night of [2 * index, 2 * index + 1]) {
        const own = { ...config, ...change, outputPath: `${night}.json` };
        await reports.write(nightlyReport(night, 1000, { configHash: '', config: own }));
      }
    }
    const { series } = await readHistory(reports.path);
    assert.deepEqual(
      series.map(({ entries }) => entries.length),
      [2, 2, 2, 2],
    );
  });

  it('of a directory that is not there, or is none, is an error in words', async () => {
    const file = await reports.write(nightlyReport(0, 1000));
    for (const [path, words] of [
      [join(reports.path, 'nope'), /there is no such directory/],
      [file, /it is no directory/],
    ] as const) {
      await assert.rejects(readHistory(path), (error) => {
        assert(error instanceof BenchmarkError);
        assert.match(error.message, words);
        assert.doesNotMatch(error.message, /ENO|scandir/);
        return true;
      });
    }
  });

  it('names damaged files, counts copies, and passes over JSON of others', async () => {
    await reports.write(nightlyReport(0, 1000));
    await reports.write(nightlyReport(0, 1000), 'copy.json');
    await writeFile(join(reports.path, 'half.json'), '{"runs": [');
    await writeFile(join(reports.path, 'wrong.json'), '{"runs": [], "aggregate": {}}');
    await writeFile(join(reports.path, 'package.json'), '{"name": "x"}');
    const { series, copies, unreadable } = await readHistory(reports.path);
    assert.equal(series[0]?.entries.length, 1);
    assert.equal(copies, 1);
    assert.deepEqual(
      unreadable.map(({ path }) => path.slice(reports.path.length + 1)),
      ['half.json', 'wrong.json'],
    );
    assert.match(unreadable[0]?.reason ?? '', /JSON/);
  });

  it('takes a result without a figure as one without it, not as 0', async () => {
    const report = nightlyReport(0, 1000);
    const aggregate = { ...report.aggregate, latency_p99_us: NO_STATS };
    await reports.write({ ...report, aggregate });
    const [series] = (await readHistory(reports.path)).series;
    assert.equal(series?.entries[0]?.values.latencyP99Us, null);
  });

  it('says what there is when what is asked for is not there', async () => {
    await reports.write(nightlyReport(0, 1000));
    const history = await readHistory(reports.path);
    const [scenario] = history.series.map((series) => series.scenario);
    assert.throws(
      () => chooseSeries(history, { ...FIRST, scenario: 'nope' }),
      (error) => {
        assert(error instanceof BenchmarkError);
        assert.match(error.message, /'nope'/);
        assert.ok(error.message.includes(scenario ?? '?'));
        return true;
      },
    );
    await assert.rejects(readHistory(join(reports.path, 'absent')), { code: 'artifact-missing' });
  });
});
