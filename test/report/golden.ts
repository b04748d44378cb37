// Golden files of documents: whole texts by name, below test/fixtures/report.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';

/** UPDATE_GOLDEN=1 writes the file; say in the commit why it changed. */
export function golden(fileName: string, actual: string): void {
  const url = new URL(`../fixtures/report/${fileName}`, import.meta.url);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(url, actual);
  assert.equal(actual, readFileSync(url, 'utf8'));
}
