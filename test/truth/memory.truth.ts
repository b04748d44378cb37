// What a million short streams leave behind, through driver, engine and recorder.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { heapAtMarks } from '../support/stream-memory.ts';
import { inBand } from '../support/truth-runs.ts';

const STREAMS = 1_000_000;

it('has a heap after a million short streams within 20 % of that after 100,000', async (t) => {
  const { ok, heapBytes } = await heapAtMarks([100_000, 250_000, 500_000, STREAMS]);
  assert.equal(ok, STREAMS);
  const [atStart = NaN, ...later] = heapBytes.map((bytes) => bytes / 1e6);
  for (const megabytes of later) inBand(t, 'heap, MB', megabytes, [0, 1.2 * atStart]);
});
