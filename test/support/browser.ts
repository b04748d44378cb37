// A headless Chromium for tests that must see what a person sees. It is the system's own: nothing is downloaded, and the
// browser reaches the loopback address only.

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** LOOMBENCH_CHROMIUM, or the first on the PATH; null where there is none. */
export function findBrowser(): string | null {
  const named = process.env['LOOMBENCH_CHROMIUM'] ?? '';
  if (named !== '') return named;
  const directories = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = NAMES.flatMap((name) => directories.map((directory) => join(directory, name)));
  return candidates.find(isExecutable) ?? null;
}

/** For the options of a test: why it is left out where there is no browser. */
export const withBrowser = {
  skip: findBrowser() === null && 'no Chromium is installed; set LOOMBENCH_CHROMIUM to one',
};

export async function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === null) throw new Error('no Chromium is installed');
  return chromium.launch({
    executablePath,
    // In a container: no sandbox for root, and little shared memory.
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
