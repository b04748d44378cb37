// Whether everybody can read the page: by keyboard, by screen reader, on paper, on a phone, in light and in dark.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { read } from './drawn.ts';
import type { ReportPage } from './fixture.ts';

type Opened = () => ReportPage;

const SCREENSHOTS = process.env['LOOMBENCH_TEST_SCREENSHOTS'];

export function readingTests(opened: Opened): void {
  keyboardTests(opened);
  screenReaderTests(opened);
  lookTests(opened);
}

function keyboardTests(opened: Opened): void {
  it('leads past its head with the first key, to the report itself', async () => {
    const { page } = opened();
    await page.keyboard.press('Tab');
    const link = page.getByRole('link', { name: 'Skip to the report' });
    assert.equal(await focused(page, 'className'), 'skip');
    assert.ok(await link.isVisible());
    await page.keyboard.press('Enter');
    // The browser says where it is a moment after it has gone there.
    await page.waitForURL(/#main$/);
  });

  it('opens the numbers of a chart by keyboard, and scrolls a wide table by keyboard', async () => {
    const { page } = opened();
    const details = page.locator('#latency-percentiles details');
    await details.locator('summary').focus();
    await page.keyboard.press('Enter');
    await details.getByRole('table').waitFor();
    await page.keyboard.press('Tab');
    assert.equal(await focused(page, 'className'), 'scroll whole');
    assert.equal(await focused(page, 'parentElement.tagName'), 'DETAILS');
    await details.locator('summary').focus();
    await page.keyboard.press('Space');
    await details.getByRole('table').waitFor({ state: 'hidden' });
  });

  it('shows where the keyboard is', async () => {
    const { page } = opened();
    const link = page.getByRole('navigation').getByRole('link').first();
    await link.focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    const outline = 'getComputedStyle(document.activeElement).outlineWidth';
    assert.equal(await focused(page, 'tagName'), 'A');
    assert.equal(await read(page, outline, z.string()), '3px');
  });

  it('changes from light to dark by the keyboard, without a script', async () => {
    const { page } = opened();
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await groundOf(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.notEqual(await groundOf(page), light);
    await page.getByRole('radio', { name: /light/i }).focus();
    await page.keyboard.press('Space');
    assert.equal(await groundOf(page), light);
    await page.getByRole('radio', { name: /auto/i }).focus();
    await page.keyboard.press('Space');
    assert.notEqual(await groundOf(page), light);
  });
}

/** Of the element that has the keyboard. */
function focused(page: Page, property: string): Promise<string> {
  return read(page, `document.activeElement.${property}`, z.string());
}

function groundOf(page: Page): Promise<string> {
  return read(page, 'getComputedStyle(document.documentElement).backgroundColor', z.string());
}

function screenReaderTests(opened: Opened): void {
  it('says its language, its verdict in the title, and has landmarks', async () => {
    const { page, report } = opened();
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    assert.ok((await page.title()).startsWith(report.loombench.verdict));
    for (const role of ['banner', 'navigation', 'main', 'contentinfo'] as const) {
      assert.equal(await page.getByRole(role).count(), 1, role);
    }
  });

  it('has headings that never skip a level, and contents that lead to each section', async () => {
    const { page } = opened();
    const levels = await read(
      page,
      `[...document.querySelectorAll('h1, h2, h3, h4')].map((node) => Number(node.tagName[1]))`,
      z.array(z.number()),
    );
    assert.equal(levels.filter((level) => level === 1).length, 1);
    for (const [index, level] of levels.entries()) {
      assert.ok(index === 0 ? level === 1 : level <= (levels[index - 1] ?? 0) + 1);
    }
    const targets = await read(
      page,
      `[...document.querySelectorAll('nav a')].map(({ hash }) => document.querySelector(hash)?.tagName)`,
      z.array(z.string().optional()),
    );
    assert.ok(targets.length > 8 && targets.every((tag) => tag === 'H2'), targets.join());
  });

  it('names and describes every chart, and gives its numbers as a table', async () => {
    const { page, report } = opened();
    const figures = await page.locator('figure').all();
    // No histogram over the valid runs where there are none.
    assert.equal(figures.length, report.loombench.validRuns === 0 ? 11 : 12);
    for (const figure of figures) {
      const image = figure.getByRole('img');
      const title = (await figure.locator('figcaption strong').innerText()).replace(/\.$/, '');
      assert.equal(await page.getByRole('img', { name: title }).count(), 1, title);
      assert.ok((await image.locator('desc').textContent()) !== '');
      assert.equal(await figure.locator('details table').count(), 1);
    }
  });

  it('gives every table a caption, and every cell its headings', async () => {
    const { page } = opened();
    const bare = await read(
      page,
      `[...document.querySelectorAll('table')].filter((table) =>
        table.caption === null ||
        [...table.tHead.rows[0].cells].some((cell) => cell.tagName !== 'TH' || cell.scope !== 'col') ||
        [...table.tBodies[0].rows].some(({ cells }) => cells[0].tagName !== 'TH' || cells[0].scope !== 'row')
      ).length`,
      z.number(),
    );
    assert.equal(bare, 0);
  });

  it('does not tell by colour alone: verdicts, gates and thresholds are words, too', async () => {
    const { page } = opened();
    const wordless = await read(
      page,
      `[...document.querySelectorAll('.verdict, .pass, .warn, .fail, .not-measured')]
        .filter((node) => node.textContent.trim() === '').length`,
      z.number(),
    );
    assert.equal(wordless, 0);
  });
}

/** WCAG 2.1, relative luminance of 'rgb(r, g, b)'. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [...colour.matchAll(/[\d.]+/g)].map(([digits]) => {
    const share = Number(digits) / 255;
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

const COLOURS = `(() => {
  const root = getComputedStyle(document.documentElement);
  const probe = document.createElement('span');
  document.body.append(probe);
  const colours = Object.fromEntries(
    ['page', 'panel', 'ink', 'muted', 's1', 's2', 's3', 's4', 'valid', 'warn', 'invalid'].map((name) => {
      probe.className = '';
      probe.style.color = 'var(--' + name + ')';
      return [name, getComputedStyle(probe).color];
    }),
  );
  probe.remove();
  return colours;
})()`;

function lookTests(opened: Opened): void {
  for (const colorScheme of ['light', 'dark'] as const) {
    it(`has contrast enough in ${colorScheme}: 4.5 for words, 3 for lines (WCAG 2.1 AA)`, async () => {
      const { page } = opened();
      await page.emulateMedia({ colorScheme });
      const colours = await read(page, COLOURS, z.record(z.string(), z.string()));
      const ground = [colours['page'] ?? '', colours['panel'] ?? ''];
      for (const behind of ground) {
        for (const name of ['ink', 'muted', 'valid', 'warn', 'invalid', 's1']) {
          const found = contrast(colours[name] ?? '', behind);
          assert.ok(found >= 4.5, `${name}: ${found.toFixed(2)}`);
        }
        for (const name of ['s2', 's3', 's4']) {
          assert.ok(contrast(colours[name] ?? '', behind) >= 3, name);
        }
      }
      if (SCREENSHOTS !== undefined) {
        await page.screenshot({ path: join(SCREENSHOTS, `${colorScheme}.png`), fullPage: true });
      }
    });
  }

  it('prints in light, with all charts and without what only a screen can use', async () => {
    const { page } = opened();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    assert.ok(!(await page.getByRole('navigation').isVisible()));
    assert.ok(!(await page.locator('fieldset').isVisible()));
    assert.ok(await page.locator('#latency-percentiles svg').isVisible());
    assert.equal(await groundOf(page), 'rgb(255, 255, 255)');
    await page.emulateMedia({ media: 'screen' });
  });

  it('fits a phone: nothing but tables scrolls sideways', async () => {
    const { page } = opened();
    const before = page.viewportSize();
    await page.setViewportSize({ width: 390, height: 800 });
    const width = await read(page, 'document.documentElement.scrollWidth', z.number());
    assert.ok(width <= 390, `${width} px`);
    if (before !== null) await page.setViewportSize(before);
  });
}
