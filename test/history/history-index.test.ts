import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { History } from '../../src/contract/history.ts';
import { INDEX_FILE } from '../../src/history/history-index.ts';
import { readHistory } from '../../src/history/read-history.ts';
import { nightlyReport, reportDirectory, type ReportDirectory } from '../support/report-series.ts';

const NIGHTS = [1000, 1010, 900];

describe('the index of a history', () => {
  let reports: ReportDirectory;
  let indexPath = '';
  let paths: readonly string[] = [];

  const indexed = (): Promise<History> => readHistory(reports.path, { indexPath });

  beforeEach(async () => {
    reports = await reportDirectory();
    indexPath = join(reports.path, INDEX_FILE);
    for (const [night, throughput] of NIGHTS.entries()) {
      await reports.write(nightlyReport(night, throughput), `${night}/report.json`);
    }
    await writeFile(join(reports.path, 'damaged.json'), '{"runs":');
    await writeFile(join(reports.path, 'other.json'), '{"some": "thing"}');
    const names = await readdir(reports.path, { recursive: true });
    paths = names
      .filter((name) => name.endsWith('report.json'))
      .map((name) => join(reports.path, name));
  });
  afterEach(() => reports.remove());

  it('says the same as the reports, the first time and every time after that', async () => {
    const read = await readHistory(reports.path);
    assert.equal(read.series[0]?.entries.length, NIGHTS.length);
    assert.equal(read.unreadable.length, 1);
    assert.deepEqual(await indexed(), read);
    assert.deepEqual(await indexed(), read);
  });

  it('spares reading a report that was read before', async () => {
    const [path = ''] = paths;
    const at = new Date('2026-03-01T00:00:00Z');
    await utimes(path, at, at);
    const before = await indexed();
    // Of the same size, time and place: only who opens it sees that it is another one.
    await writeFile(path, 'x'.repeat((await stat(path)).size));
    await utimes(path, at, at);
    assert.deepEqual(await indexed(), before);
  });

  it('reads again what has changed, and forgets what is gone', async () => {
    await indexed();
    await reports.write(nightlyReport(1, 500), '1/report.json');
    await rm(join(reports.path, '2'), { recursive: true });
    const { series } = await indexed();
    assert.deepEqual(
      series[0]?.entries.map(({ values }) => values.throughputRps),
      [1000, 500],
    );
    assert.ok(!(await readFile(indexPath, 'utf8')).includes(join('2', 'report.json')));
  });

  it('is made anew when it is damaged or of another version, and left out where it cannot be written', async () => {
    const read = await readHistory(reports.path);
    for (const text of [
      '{"version":2,',
      '{"version":1,"files":{}}',
      '{"version":99,"files":{}}',
      '{"version":2,"files":{"/x":{}}}',
    ]) {
      await writeFile(indexPath, text);
      assert.deepEqual(await indexed(), read);
      assert.match(await readFile(indexPath, 'utf8'), /"benchmarkId":"nightly-0"/);
    }
    const nowhere = join(reports.path, 'no', 'such', 'directory', INDEX_FILE);
    await writeFile(join(reports.path, 'no'), 'a file');
    assert.deepEqual(await readHistory(reports.path, { indexPath: nowhere }), read);
    assert.ok(!existsSync(nowhere));
  });
});
