// One real benchmark of streams, some of which fail with a text that is an attack, as a page in a browser.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import type { JsonReport } from '../../../src/contract/report.ts';
import { launchBrowser } from '../../support/browser.ts';
import { runCli, temporaryDirectory } from '../../support/cli-process.ts';
import { openWatched, type WatchedPage } from '../../support/watched-page.ts';

export const ATTACK = '</script><script>alert(1)</script>';
export const FORMULA = '=cmd()';

export interface ReportPage {
  readonly browser: Browser;
  readonly page: Page;
  readonly seen: WatchedPage['seen'];
  readonly address: string;
  readonly csv: string;
  readonly report: JsonReport;
  close(): Promise<void>;
}

export async function openReportPage(): Promise<ReportPage> {
  const scratch = await temporaryDirectory();
  const at = { cwd: scratch.directory };
  const ran = await runCli(
    [
      ...'run --local --runs 3 --warmup-runs 0 -z 3s --per-run-warmup 1s -c 3 -o r.json'.split(' '),
      ...'--use-streaming --llm-base-latency 5ms --stream-chunk-delay 1ms'.split(' '),
      ...'--llm-error-rate 0.2 --llm-error-mode status --report-format html,csv'.split(' '),
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
  const address = pathToFileURL(join(scratch.directory, 'r.html')).href;
  const browser = await launchBrowser();
  return {
    browser,
    address,
    ...(await openWatched(browser, address)),
    // Our own report, whose shape other tests check.
    report: JSON.parse(await text('r.json')) as JsonReport,
    csv: await text('r.csv'),
    close: async () => {
      await browser.close();
      await scratch.remove();
    },
  };
}
