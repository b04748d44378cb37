// The fast reader against the reference engine's, which decodes everything by the proto file.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createMessageReader } from '../../../../../src/harness/engines/grpc-js/message-reader.ts';
import { emptyFacts } from '../../../../../src/harness/engines/message-facts.ts';
import { AnswerReader } from '../../../../../src/harness/engines/wire/loom/answer-reader.ts';
import { APOLOGY_TEXT } from '../../../../../src/protocol/answers.ts';
import { loadLoomService } from '../../../../../src/protocol/loom-service.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.constantFrom(
    APOLOGY_TEXT,
    ` \n${APOLOGY_TEXT}\t`,
    `\u00a0${APOLOGY_TEXT}`,
    `${APOLOGY_TEXT}!`,
    `You said: ${APOLOGY_TEXT}`,
    APOLOGY_TEXT.slice(1),
  ),
);
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
/** Any field may be absent. */
const OPTIONAL: { requiredKeys: never[] } = { requiredKeys: [] };
const llmCost = fc.record(
  {
    totalTokens: int32,
    inputTokens: int32,
    outputTokens: int32,
    costUsd: fc.double({ noNaN: true }),
    model: text,
  },
  OPTIONAL,
);
const cost = fc.record({ totalCostUsd: fc.double({ noNaN: true }), llmCost }, OPTIONAL);
const result = fc.record(
  { type: text, dataJson: text, rowCount: int32, columns: fc.array(text) },
  OPTIONAL,
);
const metadata = fc.record({ patternName: text, llmCalls: int32 });
const response = fc.record(
  { text, result, sessionId: text, cost, metadata, agentId: text },
  OPTIONAL,
);
const progress = fc.record(
  {
    stage: fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    progress: int32,
    message: text,
    timestamp: int64,
    partialResult: result,
    partialContent: text,
    isTokenStream: fc.boolean(),
    tokenCount: int32,
    ttftMs: int64,
    cost,
  },
  OPTIONAL,
);

const service = loadLoomService();

function agree(streaming: boolean, bytes: Buffer): void {
  const expected = emptyFacts();
  createMessageReader(streaming)(bytes, expected);
  const reader = new AnswerReader(streaming);
  const around = Buffer.concat([Buffer.of(8, 1), bytes, Buffer.of(0x42, 1, 0x41)]);
  assert.equal(reader.read(around, 2, 2 + bytes.length), true);
  assert.deepEqual(reader.facts, expected);
}

describe('answer reader', () => {
  it('says of any Weave answer what the full decoding says', () => {
    fc.assert(
      fc.property(response, (value) => {
        agree(false, Buffer.from(service.Weave.responseSerialize(value)));
      }),
      { numRuns: 500 },
    );
  });

  it('says of any StreamWeave message what the full decoding says', () => {
    fc.assert(
      fc.property(progress, (value) => {
        agree(true, Buffer.from(service.StreamWeave.responseSerialize(value)));
      }),
      { numRuns: 500 },
    );
  });

  it('takes the last of a field that comes twice', () => {
    const value = (content: string): Buffer =>
      Buffer.from(
        service.StreamWeave.responseSerialize({
          partialContent: content,
          tokenCount: content.length,
        }),
      );
    agree(true, Buffer.concat([value(APOLOGY_TEXT), value('abc')]));
  });

  it('skips fields that this version does not know', () => {
    const unknown = Buffer.from(
      'f8ff0f01 f9ff0f0102030405060708 faff0f0261ff fdff0f01020304'.replaceAll(' ', ''),
      'hex',
    );
    const known = Buffer.from(service.Weave.responseSerialize({ text: 'abc' }));
    agree(false, Buffer.concat([unknown, known, unknown]));
  });

  for (const [what, hex] of [
    ['a length beyond the end', '0a05 61'],
    ['a varint that never ends', '08ff ffff ffff ffff ffff ffff'],
    ['a cut-off varint', '0880'],
    ['field number 0', '0001'],
    ['a wire type that does not exist', '0f'],
    ['a cut-off fixed64', '0901 02'],
    ['broken bytes inside the cost', '6202 12ff'],
  ] as const) {
    it(`refuses ${what}`, () => {
      const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
      assert.equal(new AnswerReader(true).read(bytes, 0, bytes.length), false);
    });
  }

  it('either reads any bytes or refuses them, and never reads beyond their end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), (bytes, streaming) => {
        const reader = new AnswerReader(streaming);
        const alone = reader.read(Buffer.from(bytes), 0, bytes.length);
        const facts = { ...reader.facts };
        const followed = Buffer.concat([bytes, Buffer.alloc(20, 0x0a)]);
        assert.equal(reader.read(followed, 0, bytes.length), alone);
        assert.deepEqual(reader.facts, facts);
      }),
      { numRuns: 2000 },
    );
  });
});
