import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { OutputBuffer } from '../../../../../src/harness/engines/wire/http2/output-buffer.ts';

const DATA_AT = 20;
/** Requests of several lengths; every byte tells which one it is of, and where. */
const REQUESTS = [64, 64, 90].map((length, index) =>
  Buffer.from(Array.from({ length }, (_, at) => (index * 97 + at) & 0xff)),
);

function requestBytes(frames: Buffer, streamId: number): Buffer {
  const bytes = Buffer.from(frames);
  bytes.writeUInt32BE(streamId, 5);
  bytes.writeUInt32BE(streamId, DATA_AT + 5);
  return bytes;
}

const other = Buffer.from('some other frame');

describe('output buffer', () => {
  it('holds just what a turn laid into it, whatever the turns before had laid there', () => {
    // 0, 1, 2: a request of that kind; 3: something else; 4: the end of the turn. Mostly the same request again and again.
    const step = fc.oneof(
      { arbitrary: fc.constant(0), weight: 12 },
      { arbitrary: fc.integer({ min: 1, max: 4 }), weight: 3 },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const output = new OutputBuffer();
        let expected: Buffer[] = [];
        let streamId = 1;
        for (const chosen of steps) {
          const frames = REQUESTS[chosen];
          if (frames !== undefined) {
            output.appendRequest(frames, DATA_AT, streamId);
            expected.push(requestBytes(frames, streamId));
            streamId += 0x10203;
          } else if (chosen === 3) {
            output.append(other);
            expected.push(other);
          } else {
            assert.deepEqual(Buffer.from(output.view()), Buffer.concat(expected));
            output.clear();
            expected = [];
          }
        }
        assert.deepEqual(Buffer.from(output.view()), Buffer.concat(expected));
      }),
    );
  });

  it('holds a turn of more requests than any before it', () => {
    const output = new OutputBuffer();
    const [frames = other] = REQUESTS;
    for (const count of [10, 3000, 10, 9000]) {
      const expected = Array.from({ length: count }, (_, at) => requestBytes(frames, at + count));
      for (let at = 0; at < count; at += 1) output.appendRequest(frames, DATA_AT, at + count);
      assert.ok(output.view().equals(Buffer.concat(expected)));
      output.clear();
    }
  });
});
