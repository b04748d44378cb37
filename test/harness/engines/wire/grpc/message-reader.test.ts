import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  MessageReader,
  READ,
} from '../../../../../src/harness/engines/wire/grpc/message-reader.ts';
import { grpcMessage } from '../../../../support/http2-frames.ts';

const MAX_BYTES = 70_000;

function reader(seen: [slot: number, text: string][], stopAfter = Infinity): MessageReader {
  const made = new MessageReader(
    {
      onMessage: (slot, bytes, start, end) => {
        seen.push([slot, bytes.toString('latin1', start, end)]);
        return seen.length < stopAfter;
      },
    },
    MAX_BYTES,
  );
  made.grow(2);
  return made;
}

describe('gRPC message reader', () => {
  it('reads the same messages wherever frames cut them, on two streams at once', () => {
    const lengths = fc.array(fc.oneof(fc.nat(20), fc.constantFrom(0, 16_379, 40_000)), {
      maxLength: 6,
    });
    const cuts = fc.array(fc.integer({ min: 1, max: 17_000 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(lengths, cuts, (sizes, pieces) => {
        const texts = sizes.map((size, index) => String.fromCharCode(97 + index).repeat(size));
        const whole = Buffer.concat(texts.map((text) => grpcMessage(Buffer.from(text))));
        const seen: [number, string][] = [];
        const messages = reader(seen);
        for (let at = 0, turn = 0; at < whole.length; turn += 1) {
          const end = Math.min(whole.length, at + (pieces[turn % pieces.length] ?? 1));
          for (const slot of [0, 1]) assert.equal(messages.push(slot, whole, at, end), READ.ok);
          at = end;
        }
        for (const slot of [0, 1]) {
          assert.deepEqual(
            seen.filter(([one]) => one === slot).map(([, text]) => text),
            texts,
          );
          assert.equal(messages.midMessage(slot), false);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('reads one message at every cut', () => {
    const whole = grpcMessage(Buffer.from('hello'));
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const seen: [number, string][] = [];
      const messages = reader(seen);
      messages.push(0, whole, 0, cut);
      assert.equal(messages.midMessage(0), cut > 0 && cut < whole.length);
      messages.push(0, whole, cut, whole.length);
      assert.deepEqual(seen, [[0, 'hello']], `cut at ${cut}`);
    }
  });

  it('refuses by the prefix alone what is too large, compressed or no message', () => {
    for (const [prefix, fault] of [
      ['00ffffffff', READ.tooLarge],
      ['0000011171', READ.tooLarge],
      ['0100000001', READ.compressed],
      ['0200000001', READ.badFlag],
    ] as const) {
      const bytes = Buffer.from(prefix, 'hex');
      assert.equal(reader([]).push(0, bytes, 0, 5), fault);
      const byBytes = reader([]);
      const results = [0, 1, 2, 3, 4].map((at) => byBytes.push(0, bytes, at, at + 1));
      assert.equal(results[4], fault);
    }
    assert.equal(reader([]).push(0, Buffer.from('0000011170', 'hex'), 0, 5), READ.ok);
  });

  it('stops at once when the message ended its call', () => {
    const seen: [number, string][] = [];
    const bytes = Buffer.concat([grpcMessage(Buffer.from('a')), grpcMessage(Buffer.from('b'))]);
    assert.equal(reader(seen, 1).push(0, bytes, 0, bytes.length), READ.stopped);
    assert.equal(seen.length, 1);
  });
});
