// That calls leave nothing behind. A million of them are for `npm run test:truth`.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { heapAtMarks } from '../support/stream-memory.ts';

it('has no more heap in use after 40,000 short streams than after 10,000, within 20 %', async () => {
  const { ok, heapBytes } = await heapAtMarks([10_000, 40_000]);
  assert.equal(ok, 40_000);
  const [early = NaN, late = NaN] = heapBytes;
  assert.ok(late <= 1.2 * early, `${late} bytes after ${early}`);
});
