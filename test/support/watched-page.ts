// A page of ours in a browser, with all that it asked for and all that the browser had to say about it.

import type { Browser, Page } from 'playwright-core';

export interface WatchedPage {
  readonly page: Page;
  readonly seen: { readonly requests: string[]; readonly messages: string[]; dialogs: number };
}

export async function openWatched(browser: Browser, address: string): Promise<WatchedPage> {
  const seen: WatchedPage['seen'] = { requests: [], messages: [], dialogs: 0 };
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.on('request', (request) => seen.requests.push(request.url()));
  page.on('console', (message) => seen.messages.push(message.text()));
  page.on('pageerror', (error) => seen.messages.push(error.message));
  page.on('dialog', (dialog) => {
    seen.dialogs += 1;
    dialog.dismiss().catch(() => undefined);
  });
  await page.goto(address);
  return { page, seen };
}
