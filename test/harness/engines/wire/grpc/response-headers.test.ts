import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ResponseHeaderReader } from '../../../../../src/harness/engines/wire/grpc/response-headers.ts';

/** A literal field without indexing. */
function literal(name: string, value: string): Buffer {
  const lengths = [Buffer.from([0, name.length]), Buffer.from([value.length])] as const;
  return Buffer.concat([lengths[0], Buffer.from(name), lengths[1], Buffer.from(value)]);
}

function read(reader: ResponseHeaderReader, bytes: Buffer, start = 0): number {
  const block = { streamId: 1, endStream: true, bytes, start, end: bytes.length };
  return reader.read(block).llmTimeUs;
}

describe('response headers', () => {
  it('decode a block that is known once, wherever it lies, and see a change in any of its bytes', () => {
    // Names of every length modulo a word of four.
    for (const name of ['llm', 'llm-', 'llm-t', 'llm-ti']) {
      const reader = new ResponseHeaderReader(name);
      const block = literal(name, '1234567');
      assert.equal(read(reader, block), 1_234_567);
      assert.equal(read(reader, Buffer.concat([Buffer.from('abc'), block]), 3), 1_234_567);
      assert.equal(reader.decoded, 1);
      for (let digit = 0; digit < 7; digit += 1) {
        const changed = Buffer.from(block);
        changed[block.length - 7 + digit] = 0x39;
        const expected = `${'1234567'.slice(0, digit)}9${'1234567'.slice(digit + 1)}`;
        assert.equal(read(reader, changed), Number(expected));
        assert.equal(read(reader, block), 1_234_567);
      }
      assert.equal(reader.decoded, 1 + 2 * 7);
    }
  });
});
