// Our encoder is read back by a decoder that was proved on the RFC's examples.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { HpackDecoder } from '../../../../../src/harness/engines/wire/hpack/decoder.ts';
import { headerList, HpackEncoder } from '../../../../../src/harness/engines/wire/hpack/encoder.ts';
import { decodedPairs, type HeaderPairs } from '../../../../support/header-pairs.ts';

const REQUEST: HeaderPairs = [
  [':method', 'POST'],
  [':path', '/loom.v1.LoomService/Weave'],
  [':authority', 'localhost:1'],
  ['x-long', 'v'.repeat(300)],
];

describe('HPACK encoding', () => {
  it('sends one byte a field once the server has them in its table', () => {
    const encoder = new HpackEncoder(4096);
    const decoder = new HpackDecoder(4096, 65_536);
    const fields = headerList(REQUEST);
    const first = encoder.encode(fields);
    const second = encoder.encode(fields);
    assert.deepEqual(decodedPairs(decoder, first), REQUEST);
    assert.deepEqual(decodedPairs(decoder, second), REQUEST);
    assert.equal(second.length, REQUEST.length);
  });

  it('keeps a version that changes exactly when earlier blocks stop to hold', () => {
    const encoder = new HpackEncoder(4096);
    const fields = headerList(REQUEST);
    encoder.encode(fields);
    const { version } = encoder;
    encoder.encode(fields);
    assert.equal(encoder.version, version);
    encoder.encode(headerList([['x-other', '1']]));
    assert.notEqual(encoder.version, version);
  });

  it('stays readable through any sequence of table limits and lists', () => {
    const step = fc.record({
      limit: fc.option(
        fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 5000 })),
      ),
      fields: fc.array(
        fc.tuple(
          fc.stringMatching(/^[a-z-]{1,12}$/),
          fc.string({ unit: 'grapheme-ascii', maxLength: 200 }),
        ),
        { maxLength: 6 },
      ),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        const encoder = new HpackEncoder(4096);
        const decoder = new HpackDecoder(4096, 1e6);
        for (const { limit, fields } of steps) {
          if (limit !== null) {
            const [a, b] = limit;
            encoder.limitTable(a, Math.min(a, b));
            decoder.limitTable(Math.max(a, 4096));
          }
          assert.deepEqual(decodedPairs(decoder, encoder.encode(headerList(fields))), fields);
        }
      }),
      { numRuns: 300 },
    );
  });
});
