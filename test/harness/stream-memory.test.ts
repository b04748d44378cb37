// That calls leave nothing behind. What a heap is at all says little of a leak, so it is held against itself when all code is
// warm: by how many bytes it grows with each further stream. A million of them are for `npm run test:truth`.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EngineName } from '../../src/contract/config.ts';
import { heapAtMarks } from '../support/stream-memory.ts';

interface Case {
  readonly engine: EngineName;
  /** Marks at which the heap is warm, and marks a good while later. */
  readonly early: readonly number[];
  readonly late: readonly number[];
  /** Less than the smallest thing that could be kept of a stream, with its place in a list. */
  readonly bytesPerStream: number;
}

const CASES: readonly Case[] = [
  {
    engine: 'wire',
    early: [10_000, 11_000, 12_000],
    late: [38_000, 39_000, 40_000],
    bytesPerStream: 12,
  },
  // The reference client takes long for a stream and longer to be warm, and one of its calls is some kilobytes.
  { engine: 'grpc-js', early: [2000, 2200, 2400], late: [3600, 3800, 4000], bytesPerStream: 300 },
];

describe('the heap in use after a collection', () => {
  for (const { engine, early, late, bytesPerStream } of CASES) {
    it(`does not grow with the number of short streams that ended (${engine})`, async () => {
      const marks = [...early, ...late];
      const { ok, heapBytes } = await heapAtMarks(marks, engine);
      assert.equal(ok, late.at(-1));
      assert.equal(heapBytes.length, marks.length);
      // What is in the making at one mark has been collected by the next.
      const earlyBytes = Math.min(...heapBytes.slice(0, early.length));
      const lateBytes = Math.min(...heapBytes.slice(early.length));
      const streams = (late[0] ?? NaN) - (early.at(-1) ?? NaN);
      const grownBytes = lateBytes - earlyBytes;
      assert.ok(grownBytes <= bytesPerStream * streams, `${grownBytes / streams} bytes a stream`);
    });
  }
});
