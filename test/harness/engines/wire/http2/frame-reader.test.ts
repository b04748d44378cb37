import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ConnectionFault } from '../../../../../src/harness/engines/wire/http2/connection-fault.ts';
import { FrameReader } from '../../../../../src/harness/engines/wire/http2/frame-reader.ts';
import { frame, type TestFrame } from '../../../../support/http2-frames.ts';

const FRAMES: TestFrame[] = [
  { type: 4, flags: 0, streamId: 0, payload: Buffer.alloc(0) },
  { type: 1, flags: 4, streamId: 1, payload: Buffer.from('abcdefgh') },
  { type: 0, flags: 1, streamId: 0x7fffffff, payload: Buffer.alloc(300, 7) },
  { type: 6, flags: 0, streamId: 0, payload: Buffer.from('12345678') },
  { type: 250, flags: 255, streamId: 3, payload: Buffer.from('x') },
];

function bytesOf(frames: readonly TestFrame[]): Buffer {
  return Buffer.concat(frames.map((f) => frame(f.type, f.flags, f.streamId, f.payload)));
}

/** Reads pieces through one reused buffer, as a socket does. */
function read(pieces: readonly Uint8Array[]): TestFrame[] {
  const seen: TestFrame[] = [];
  const reader = new FrameReader(
    {
      onFrame: ({ type, flags, streamId, bytes, start, end }) => {
        seen.push({ type, flags, streamId, payload: Buffer.from(bytes.subarray(start, end)) });
      },
    },
    16_384,
  );
  const buffer = Buffer.alloc(65_536);
  for (const piece of pieces) {
    buffer.fill(0xee);
    buffer.set(piece);
    reader.push(buffer, piece.length);
  }
  return seen;
}

describe('frame reader', () => {
  it('reads the same frames wherever two reads cut them', () => {
    const whole = bytesOf(FRAMES);
    for (let cut = 0; cut <= whole.length; cut += 1) {
      assert.deepEqual(read([whole.subarray(0, cut), whole.subarray(cut)]), FRAMES, `cut ${cut}`);
    }
  });

  it('reads the same frames byte by byte, and all from one read', () => {
    const whole = bytesOf(FRAMES);
    assert.deepEqual(read([...whole].map((byte) => Buffer.of(byte))), FRAMES);
    assert.deepEqual(read([whole]), FRAMES);
  });

  it('ignores the reserved bit of the stream id', () => {
    const bytes = frame(0, 0, 5, Buffer.from('a'));
    bytes.writeUInt8(0x80, 5);
    assert.equal(read([bytes])[0]?.streamId, 5);
  });

  it('refuses a frame that is longer than allowed by name, before its payload came', () => {
    const header = frame(0, 0, 1, Buffer.alloc(16_385)).subarray(0, 9);
    assert.throws(
      () => read([header]),
      (thrown: unknown) => {
        assert.ok(thrown instanceof ConnectionFault);
        assert.equal(thrown.code, 6);
        assert.match(thrown.message, /DATA frame of 16385 bytes/);
        return true;
      },
    );
    assert.throws(() => read([header.subarray(0, 4), header.subarray(4)]), ConnectionFault);
  });

  it('hands out nothing more once it was stopped, not even of the same read', () => {
    let seen = 0;
    const reader: FrameReader = new FrameReader(
      {
        onFrame: () => {
          seen += 1;
          reader.stop();
        },
      },
      16_384,
    );
    const whole = bytesOf(FRAMES);
    reader.push(whole, whole.length);
    reader.push(whole, whole.length);
    assert.equal(seen, 1);
  });

  it('reads what was written, however it is cut', () => {
    const anyFrame = fc.record(
      {
        type: fc.nat(255),
        flags: fc.nat(255),
        streamId: fc.nat(0x7fffffff),
        payload: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
      },
      { noNullPrototype: true },
    );
    const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 8 }), cuts, (frames, sizes) => {
        const whole = bytesOf(frames);
        const pieces: Buffer[] = [];
        for (let at = 0, turn = 0; at < whole.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          pieces.push(whole.subarray(at, at + size));
          at += size;
        }
        assert.deepEqual(read(pieces), frames);
      }),
      { numRuns: 500 },
    );
  });

  it('takes any bytes for frames or refuses them as a fault', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 }), (pieces) => {
        try {
          read(pieces);
        } catch (thrown) {
          assert.ok(thrown instanceof ConnectionFault, String(thrown));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
