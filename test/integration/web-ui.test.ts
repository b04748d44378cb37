// What somebody sees who has only the Temporal Web UI: the form that starts a workflow, and the page of what it started.
// The Web UI is the embedded server's own; the runs are scripted, for the figures are not what is looked at.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { MAIN_TASK_QUEUE } from '../../src/contract/ids.ts';
import { launchBrowser, withBrowser } from '../support/browser.ts';
import { ScriptedRuns } from '../support/fake-worker.ts';
import { readServerRecord, serverPaths } from '../../src/temporal/server-state.ts';
import { waitFor } from '../support/wait-for.ts';
import { startWorkflowFixture, type WorkflowFixture } from '../support/workflow-fixture.ts';

/** Set to look at the pages: a directory outside the checkout. */
const SCREENSHOTS = process.env['LOOMBENCH_TEST_SCREENSHOTS'];

describe('a benchmark from the Temporal Web UI', withBrowser, () => {
  const runs = new ScriptedRuns();
  let fixture: WorkflowFixture;
  let browser: Browser;
  let page: Page;
  let workflows = '';

  before(async () => {
    fixture = await startWorkflowFixture(runs);
    const record = await readServerRecord(serverPaths(fixture.directory).record);
    assert.ok(record);
    workflows = `${record.uiAddress}/namespaces/default/workflows`;
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 1400 } });
  });
  after(async () => {
    await browser.close();
    await fixture.stop();
  });

  async function look(name: string): Promise<void> {
    if (SCREENSHOTS !== undefined)
      await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
  }

  /** Fills the form as a person does, and sends it. */
  async function start(id: string, input: string, type = 'benchmark'): Promise<void> {
    await page.goto(`${workflows}/start-workflow`);
    await page.getByTestId('workflowId').fill(id);
    await page.getByTestId('taskQueue').fill(MAIN_TASK_QUEUE);
    await page.getByTestId('workflowType').fill(type);
    if (input !== '') {
      const editor = page.getByRole('textbox', { name: 'Data' });
      await editor.fill(input);
      // Leaving the editor sets the JSON out in lines, which moves the button.
      await page.getByText('Single JSON payload supported').click();
      await editor.locator('.cm-line').nth(2).waitFor();
    }
    await look(`${id}-form`);
    // It appears when the server has answered, and moves the button.
    await page.getByText('Task Queue is Active').waitFor();
    const sent = page.waitForResponse(
      (response) =>
        response.request().method() === 'POST' &&
        new URL(response.url()).pathname.endsWith(`/workflows/${id}`),
    );
    await page.getByTestId('start-workflow-button').click();
    assert.equal((await sent).status(), 200);
  }

  async function pageOf(id: string, state: 'Completed' | 'Failed'): Promise<void> {
    await waitFor(`${id} is ${state} in the Web UI`, async () => {
      await page.goto(`${workflows}/${id}`);
      await page.getByText('Start', { exact: true }).first().waitFor();
      return page.getByText(state, { exact: true }).first().isVisible();
    });
  }

  /** The Markdown of the benchmark, as the Web UI has rendered it. */
  async function currentDetails(id: string): Promise<string> {
    await page.getByText('User Metadata').click();
    const frame = page.locator('iframe').first().contentFrame();
    await frame.getByText('Report:').waitFor();
    await look(`${id}-details`);
    assert.equal(await frame.locator('table').count(), 1);
    assert.equal(await frame.locator('li').count(), 1);
    return frame.locator('body').innerText();
  }

  it('of a JSON input completes, and shows its runs, its verdict and where the report is', async () => {
    await start('with-json', '{"runs": 3, "warmupRuns": 0, "totalRequests": 10}');
    await pageOf('with-json', 'Completed');
    await look('with-json-page');
    assert.deepEqual(runs.of('with-json'), ['measured 1', 'measured 2', 'measured 3']);
    const details = await currentDetails('with-json');
    assert.match(details, /measured 3 of 3/);
    assert.match(details, /VALID/);
    assert.match(details, /All 3 runs passed their checks/);
    assert.match(details, /report\.json/);
  });

  it('of an empty input is the default benchmark, and completes', async () => {
    await start('empty', '');
    await pageOf('empty', 'Completed');
    assert.equal(runs.of('empty').length, 12);
    assert.match(await currentDetails('empty'), /VALID/);
  });

  it('is a suite of that type, which shows its levels, its verdict and what it can be told', async () => {
    const levels = [1, 2].map((value) => ({
      name: `w${value}`,
      value,
      settings: { concurrency: value },
    }));
    const own = { id: 'own', factor: 'workers', settings: { totalRequests: 10 }, levels };
    const input = { ownScenarios: [own], runs: 1, warmupRuns: 0 };
    await start('several', JSON.stringify(input), 'benchmarkSuite');
    await pageOf('several', 'Completed');
    const details = await currentDetails('several');
    assert.match(
      details,
      /2 of 2 levels\s+VALID\s+Every level that was measured passed its checks/,
    );
    assert.match(details, /index\.html/);
    await page.goto(`${workflows}/several`);
    await page.getByText('Queries').first().click();
    // In the menu of queries, which is shut.
    await page
      .getByText(/where the suite is, and/)
      .first()
      .waitFor({ state: 'attached' });
    await look('several-queries');
  });

  it('of a misspelt key is FAILED at once, with the key named and the right one beside it', async () => {
    await start('misspelt', '{"rnus": 3, "totalRequests": 10}');
    await pageOf('misspelt', 'Failed');
    const said = page.getByText(/rnus: there is no option of this name \(did you mean runs\?\)/);
    await said.first().waitFor();
    await look('misspelt-page');
    assert.deepEqual(runs.of('misspelt'), []);
  });
});
