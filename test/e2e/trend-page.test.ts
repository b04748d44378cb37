// The trend page in a real browser: what it draws is the data and its change points, in light and dark, and it asks nobody.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { HISTORY_METRICS, type HistoryTrend } from '../../src/contract/history.ts';
import { seriesOf } from '../../src/history/read-history.ts';
import { metricNames, trendOf } from '../../src/history/trend.ts';
import { trendHtml } from '../../src/report/trend-html.ts';
import { launchBrowser, withBrowser } from '../support/browser.ts';
import { temporaryDirectory } from '../support/cli-process.ts';
import { entryOf, nightlyReport, noisySeries } from '../support/report-series.ts';
import { openWatched, type WatchedPage } from '../support/watched-page.ts';

const SCREENSHOTS = process.env['LOOMBENCH_TEST_SCREENSHOTS'];
const LENGTH = 60;
const CHANGED_AT = 40;

function slowerTrend(): HistoryTrend {
  const values = noisySeries({ seed: 1, length: LENGTH, cv: 0.02, at: CHANGED_AT, shift: -0.05 });
  const [series] = seriesOf(values.map((value, night) => entryOf(nightlyReport(night, value))));
  assert.ok(series);
  return trendOf(series, { acknowledged: [], baselines: [] });
}

describe('the trend page in a browser', withBrowser, () => {
  const trend = slowerTrend();
  let remove: () => Promise<void>;
  let browser: Browser;
  let page: Page;
  let seen: WatchedPage['seen'];
  let address = '';

  before(async () => {
    const scratch = await temporaryDirectory();
    remove = scratch.remove;
    const file = join(scratch.directory, 'trend.html');
    await writeFile(file, trendHtml({ trend, apart: [], writtenAtUtc: '2026-03-02T00:00:00Z' }));
    address = pathToFileURL(file).href;
    browser = await launchBrowser();
    ({ page, seen } = await openWatched(browser, address));
  });
  after(async () => {
    await browser.close();
    await remove();
  });

  it('draws every result at its value, and every change before the result that is the first after it', async () => {
    for (const metric of metricNames()) {
      const { name } = HISTORY_METRICS[metric];
      const chart = page.getByRole('img', { name: `${name} over ` });
      const points = await chart.locator('circle').all();
      const drawn = await Promise.all(
        points.map(async (point) => Number(await point.getAttribute('data-value'))),
      );
      assert.deepEqual(
        drawn,
        trend.series.entries.map((entry) => entry.values[metric]),
        name,
      );
      const changes = trend.changes.filter((change) => change.metric === metric);
      const bars = chart.locator('.change-worse, .change-better');
      assert.equal(await bars.count(), changes.length, name);
      for (const [position, { index, direction }] of changes.entries()) {
        const bar = bars.nth(position);
        assert.equal(await bar.getAttribute('class'), `change-${direction}`);
        const x = Number(await bar.getAttribute('x1'));
        const at = async (place: number): Promise<number> =>
          Number(await chart.locator('circle').nth(place).getAttribute('cx'));
        assert.ok((await at(index - 1)) < x && x < (await at(index)), `${name}: ${index} at ${x}`);
      }
    }
    const throughput = trend.changes.filter(({ metric }) => metric === 'throughputRps');
    assert.equal(throughput.length, 1);
    assert.ok(Math.abs((throughput[0]?.index ?? 0) - CHANGED_AT) <= 1);
  });

  it('names in its table the result after each change, and all results', async () => {
    const [changes, results] = await page.locator('tbody').all();
    assert.ok(changes && results);
    const rows = await changes.locator('tr').allInnerTexts();
    assert.equal(rows.length, trend.changes.length);
    trend.changes.forEach(({ firstAfter, lastBefore }, position) => {
      const row = rows[position] ?? '';
      assert.ok(row.includes(firstAfter.benchmarkId), row);
      assert.ok(row.includes(`${lastBefore.commit} → ${firstAfter.commit}`), row);
    });
    assert.equal(await results.locator('tr').count(), LENGTH);
  });

  it('is light or dark as its reader is', async () => {
    const colours = (): Promise<string> =>
      page.evaluate(
        '((style) => `${style.backgroundColor} ${style.color}`)(getComputedStyle(document.body))',
      );
    const looks: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      looks.push(await colours());
      if (SCREENSHOTS !== undefined)
        await page.screenshot({ path: join(SCREENSHOTS, `trend-${colorScheme}.png`) });
    }
    assert.deepEqual(looks, [
      'rgb(255, 255, 255) rgb(28, 28, 28)',
      'rgb(22, 24, 28) rgb(232, 232, 232)',
    ]);
  });

  it('has asked for nothing but itself, and the browser has had nothing to complain about', () => {
    assert.deepEqual(seen, { requests: [address], messages: [], dialogs: 0 });
  });
});
