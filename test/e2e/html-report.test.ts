// The page of a real benchmark in a real browser: it shows what report.json holds, runs nothing, asks nobody, and shows
// the texts of others as text, however they are meant.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import type { JsonReport } from '../../src/contract/report.ts';
import { launchBrowser, withBrowser } from '../support/browser.ts';
import { runCli, temporaryDirectory } from '../support/cli-process.ts';
import { openWatched, type WatchedPage } from '../support/watched-page.ts';

const ATTACK = '</script><script>alert(1)</script>';
const FORMULA = '=cmd()';
const SCREENSHOTS = process.env['LOOMBENCH_TEST_SCREENSHOTS'];

describe('the page of a benchmark in a browser', withBrowser, () => {
  let remove: () => Promise<void>;
  let browser: Browser;
  let page: Page;
  let seen: WatchedPage['seen'];
  let address = '';
  let csv = '';
  let report: JsonReport;

  before(async () => {
    const scratch = await temporaryDirectory();
    remove = scratch.remove;
    const at = { cwd: scratch.directory };
    const ran = await runCli(
      [
        ...'run --local --runs 3 --warmup-runs 0 -z 3s --per-run-warmup 1s -c 3 -o r.json'.split(
          ' ',
        ),
        ...'--llm-base-latency 5ms --llm-error-rate 0.2 --llm-error-mode status'.split(' '),
        ...['--report-format', 'html,csv'],
        ...['--scenario-name', FORMULA, '--llm-error-message', ATTACK],
      ],
      at,
    );
    assert.ok(ran.exitCode === 0 || ran.exitCode === 3, ran.stderr);
    // A busy machine may make a run INVALID; its figures are to be seen here all the same.
    const shown = await runCli(
      ['report', 'r.json', '--format', 'html', '--show-invalid', '-o', 'r.html'],
      at,
    );
    assert.equal(shown.exitCode, 0, shown.stderr);
    const text = (name: string): Promise<string> => readFile(join(scratch.directory, name), 'utf8');
    // Our own report, whose shape other tests check.
    report = JSON.parse(await text('r.json')) as JsonReport;
    csv = await text('r.csv');
    address = pathToFileURL(join(scratch.directory, 'r.html')).href;
    browser = await launchBrowser();
    ({ page, seen } = await openWatched(browser, address));
  });
  after(async () => {
    await browser.close();
    await remove();
  });

  /** [run, value] of each mark of a series. */
  function marks(series: string): Promise<unknown> {
    return page.evaluate(
      `[...document.querySelectorAll('circle[data-series="${series}"]')]
        .map(({ dataset }) => [Number(dataset.run), Number(dataset.value)])`,
    );
  }

  it('shows texts of others as text, in the page and in the table file', async () => {
    const body = await page.locator('body').innerText();
    assert.ok(body.includes(ATTACK), 'the error text can be read');
    assert.ok(body.includes(FORMULA));
    const cells = csv.split(/\r?\n/).flatMap((row) => row.split(','));
    assert.ok(cells.some((cell) => cell.includes(`'${FORMULA}`)));
    for (const cell of cells) assert.doesNotMatch(cell, /^"?[=@]/);
  });

  it('draws every run at the value that the report has', async () => {
    assert.deepEqual(
      await marks('throughput_rps'),
      report.runs.map((run) => [run.run_number, run.throughput_rps]),
    );
    assert.deepEqual(
      await marks('latency_p99'),
      report.runs.map((run) => [run.run_number, run.latency_p99_us]),
    );
  });

  it('draws the seconds of every run as the report has them', async () => {
    for (const { run_number: run, loombench } of report.runs) {
      const drawn = await page
        .locator(`path[data-series="run ${run}, calls completed"]`)
        .getAttribute('data-values');
      const wanted = loombench.timeline?.map(
        ({ second, requests }) => `${second + 0.5}:${requests}`,
      );
      assert.equal(drawn, wanted?.join(' '));
    }
  });

  it('changes from light to dark by the keyboard, without a script', async () => {
    const ground = (): Promise<string> =>
      page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await ground();
    if (SCREENSHOTS !== undefined)
      await page.screenshot({ path: join(SCREENSHOTS, 'light.png'), fullPage: true });
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.notEqual(await ground(), light);
    if (SCREENSHOTS !== undefined)
      await page.screenshot({ path: join(SCREENSHOTS, 'dark.png'), fullPage: true });
    await page.getByRole('radio', { name: /light/i }).focus();
    await page.keyboard.press('Space');
    assert.equal(await ground(), light);
  });

  it('has asked for nothing but itself, and the browser has had nothing to complain about', () => {
    assert.deepEqual(seen, { requests: [address], messages: [], dialogs: 0 });
  });
});
