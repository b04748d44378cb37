// The page of a real benchmark in a real browser: it shows what report.json holds, runs nothing, asks nobody, shows the
// texts of others as text, however they are meant, and can be read by everybody.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { withBrowser } from '../support/browser.ts';
import { chartTests } from './html-report/charts.ts';
import { ATTACK, FORMULA, openReportPage, type ReportPage } from './html-report/fixture.ts';
import { readingTests } from './html-report/reading.ts';

describe('the page of a benchmark in a browser', withBrowser, () => {
  let reportPage: ReportPage | undefined;
  const opened = (): ReportPage => reportPage ?? assert.fail('the page is not open');

  before(async () => {
    reportPage = await openReportPage();
  });
  after(() => reportPage?.close());

  it('shows texts of others as text, in the page and in the table file', async () => {
    const { page, csv } = opened();
    const body = await page.locator('body').innerText();
    assert.ok(body.includes(ATTACK), 'the error text can be read');
    assert.ok(body.includes(FORMULA));
    const cells = csv.split(/\r?\n/).flatMap((row) => row.split(','));
    assert.ok(cells.some((cell) => cell.includes(`'${FORMULA}`)));
    for (const cell of cells) assert.doesNotMatch(cell, /^"?[=@]/);
  });

  chartTests(opened);
  readingTests(opened);

  it('has asked for nothing but itself, and the browser has had nothing to complain about', () => {
    const { seen, address } = opened();
    assert.deepEqual(seen, { requests: [address], messages: [], dialogs: 0 });
  });
});
