// HPACK against the examples of RFC 7541, Appendix C, and against bytes that are none.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { HpackDecoder, HpackError } from '../../../../../src/harness/engines/wire/hpack/decoder.ts';
import { decodedPairs, type HeaderPairs } from '../../../../support/header-pairs.ts';

function decode(decoder: HpackDecoder, hex: string | Buffer): HeaderPairs {
  const bytes = typeof hex === 'string' ? Buffer.from(hex.replaceAll(' ', ''), 'hex') : hex;
  return decodedPairs(decoder, bytes);
}

const FIRST: HeaderPairs = [
  [':method', 'GET'],
  [':scheme', 'http'],
  [':path', '/'],
  [':authority', 'www.example.com'],
];
const REQUESTS: [HeaderPairs, number][] = [
  [FIRST, 57],
  [[...FIRST, ['cache-control', 'no-cache']], 110],
  [
    [
      [':method', 'GET'],
      [':scheme', 'https'],
      [':path', '/index.html'],
      [':authority', 'www.example.com'],
      ['custom-key', 'custom-value'],
    ],
    164,
  ],
];

function response(status: string, date: string): HeaderPairs {
  return [
    [':status', status],
    ['cache-control', 'private'],
    ['date', date],
    ['location', 'https://www.example.com'],
  ];
}
const DATE_1 = 'Mon, 21 Oct 2013 20:13:21 GMT';
const DATE_2 = 'Mon, 21 Oct 2013 20:13:22 GMT';
const RESPONSES: [HeaderPairs, number][] = [
  [response('302', DATE_1), 222],
  [response('307', DATE_1), 222],
  [
    [
      ...response('200', DATE_2),
      ['content-encoding', 'gzip'],
      ['set-cookie', 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1'],
    ],
    215,
  ],
];

const SEQUENCES = [
  {
    title: 'C.3, requests without Huffman',
    table: 4096,
    expected: REQUESTS,
    blocks: [
      '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
      '8286 84be 5808 6e6f 2d63 6163 6865',
      '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65',
    ],
  },
  {
    title: 'C.4, requests with Huffman',
    table: 4096,
    expected: REQUESTS,
    blocks: [
      '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff',
      '8286 84be 5886 a8eb 1064 9cbf',
      '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf',
    ],
  },
  {
    title: 'C.5, responses without Huffman, with eviction',
    table: 256,
    expected: RESPONSES,
    blocks: [
      '4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
      '4803 3330 37c1 c0bf',
      '88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31',
    ],
  },
  {
    title: 'C.6, responses with Huffman, with eviction',
    table: 256,
    expected: RESPONSES,
    blocks: [
      '4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3',
      '4883 640e ffc1 c0bf',
      '88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07',
    ],
  },
];

const SINGLE: [string, string, HeaderPairs, number][] = [
  [
    'C.2.1',
    '400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572',
    [['custom-key', 'custom-header']],
    55,
  ],
  ['C.2.2', '040c 2f73 616d 706c 652f 7061 7468', [[':path', '/sample/path']], 0],
  ['C.2.3', '1008 7061 7373 776f 7264 0673 6563 7265 74', [['password', 'secret']], 0],
  ['C.2.4', '82', [[':method', 'GET']], 0],
];

describe('HPACK decoding: the examples of RFC 7541', () => {
  for (const [title, hex, expected, tableBytes] of SINGLE) {
    it(`reads ${title}`, () => {
      const decoder = new HpackDecoder(4096, 65_536);
      assert.deepEqual(decode(decoder, hex), expected);
      assert.equal(decoder.tableBytes, tableBytes);
    });
  }
  for (const { title, table, blocks, expected } of SEQUENCES) {
    it(`reads ${title}`, () => {
      const decoder = new HpackDecoder(table, 65_536);
      blocks.forEach((hex, index) => {
        const [pairs, tableBytes] = expected[index] ?? [];
        assert.deepEqual(decode(decoder, hex), pairs);
        assert.equal(decoder.tableBytes, tableBytes);
      });
    });
  }
});

describe('HPACK decoding: what is broken', () => {
  const cases: [string, string][] = [
    ['index 0', '80'],
    ['an index beyond both tables', 'be'],
    ['an integer that never ends', 'ff80 8080 8080 8080 8080'],
    ['an integer cut off', 'ff'],
    ['a string longer than the block', '000a 6162'],
    ['a field without a value', '0001 61'],
    ['an empty name', '0000 0161'],
    ['a table size update above the limit', '3fe2 1f'],
    ['a table size update after a field', '8220'],
    ['Huffman padding of zeroes', '0001 6181 18'],
    ['Huffman padding of a whole byte', '0001 6182 1fff'],
    ['EOS inside a string', '0001 6184 ffff ffff'],
  ];
  for (const [what, hex] of cases) {
    it(`refuses ${what}`, () => {
      assert.throws(() => decode(new HpackDecoder(4096, 65_536), hex), HpackError);
    });
  }

  it('refuses a header list beyond its bound, however small its bytes', () => {
    // 200 references to one field of 4000 bytes.
    const field = Buffer.concat([Buffer.from('4001617fa11e', 'hex'), Buffer.alloc(4000, 0x62)]);
    const bomb = Buffer.concat([field, Buffer.alloc(200, 0xbe)]);
    assert.throws(() => decode(new HpackDecoder(4096, 65_536), bomb), /larger than 65536/);
  });

  it('either reads any bytes or refuses them as HPACK, and never runs past their end', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 5 }), (blocks) => {
        const decoder = new HpackDecoder(256, 4096);
        for (const bytes of blocks) {
          try {
            for (const [name] of decode(decoder, Buffer.from(bytes))) assert.notEqual(name, '');
          } catch (thrown) {
            assert.ok(thrown instanceof HpackError, String(thrown));
            return;
          }
          assert.ok(decoder.tableBytes <= 256);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('HPACK decoding: blocks without state', () => {
  it('knows a block that touches the dynamic table from one that does not', () => {
    const decoder = new HpackDecoder(4096, 65_536);
    decode(decoder, '82');
    assert.equal(decoder.lastBlockStateless, true);
    decode(decoder, '4001 6101 62');
    assert.equal(decoder.lastBlockStateless, false);
    decode(decoder, 'be');
    assert.equal(decoder.lastBlockStateless, false);
  });

  it('takes a field indexed into a table without room for one that changes nothing', () => {
    const decoder = new HpackDecoder(4096, 65_536);
    decoder.limitTable(0);
    decode(decoder, '20');
    assert.deepEqual(decode(decoder, '4001 6101 62'), [['a', 'b']]);
    assert.equal(decoder.lastBlockStateless, true);
    assert.equal(decoder.tableBytes, 0);
  });
});
