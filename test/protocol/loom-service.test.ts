import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { APOLOGY_TEXT, isApology } from '../../src/protocol/answers.ts';
import { loadLoomService } from '../../src/protocol/loom-service.ts';
import { encodeWeaveRequest } from '../../src/protocol/weave-request.ts';

describe('Loom service definition', () => {
  it('has the four methods under their wire paths', () => {
    const service = loadLoomService();
    assert.equal(service.Weave.path, '/loom.v1.LoomService/Weave');
    assert.equal(service.StreamWeave.path, '/loom.v1.LoomService/StreamWeave');
    assert.equal(service.ListAgents.path, '/loom.v1.LoomService/ListAgents');
    assert.equal(service.GetHealth.path, '/loom.v1.LoomService/GetHealth');
    assert.equal(service.Weave.responseStream, false);
    assert.equal(service.StreamWeave.responseStream, true);
    assert.equal(service.StreamWeave.requestStream, false);
  });

  it('writes the fields of a request under the numbers of the contract', () => {
    const bytes = encodeWeaveRequest({ query: 'q', sessionId: 'se', agentId: 'abc' });
    // Tag = number · 8 + 2, then length, then text: fields 1, 2 and 9.
    const expected = [0x0a, 1, 0x71, 0x12, 2, 0x73, 0x65, 0x4a, 3, 0x61, 0x62, 0x63];
    assert.deepEqual([...bytes], expected);
  });

  it('leaves an empty session and the default agent out of a request', () => {
    const bytes = encodeWeaveRequest({ query: 'q', sessionId: '', agentId: '' });
    assert.deepEqual([...bytes], [0x0a, 1, 0x71]);
  });

  it('reads a progress message that was written by hand from the field numbers', () => {
    const hand = Buffer.from([0x08, 3, 0x10, 50, 0x28, 5, 0x42, 2, 0x68, 0x69, 0x48, 1, 0x50, 7]);
    const message = loadLoomService().StreamWeave.responseDeserialize(hand);
    assert.equal(message.stage, 'EXECUTION_STAGE_LLM_GENERATION');
    assert.equal(message.progress, 50);
    assert.equal(message.timestamp, '5');
    assert.equal(message.partialContent, 'hi');
    assert.equal(message.isTokenStream, true);
    assert.equal(message.tokenCount, 7);
    assert.equal(message.cost, null);
  });

  it('reads 64-bit integers as exact decimals, and writes them back, where a number would round them', () => {
    const { responseSerialize, responseDeserialize } = loadLoomService().StreamWeave;
    const varints = {
      // Seven bits a byte, the lowest first: 2^53 + 1, the largest and the smallest there are.
      '9007199254740993': [0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10],
      '9223372036854775807': [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
      '-9223372036854775808': [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
    };
    for (const [decimal, varint] of Object.entries(varints)) {
      // Fields 5 and 11, and field 2 of the message in field 21.
      const nested = [0xaa, 0x01, varint.length + 1, 0x10, ...varint];
      const hand = Buffer.from([0x28, ...varint, 0x58, ...varint, ...nested]);
      const message = responseDeserialize(hand);
      assert.equal(message.timestamp, decimal);
      assert.equal(message.ttftMs, decimal);
      assert.equal(message.contextState?.contextTokensUsed, decimal);
      const { timestamp, ttftMs } = message;
      const contextState = { contextTokensUsed: decimal };
      assert.deepEqual(responseSerialize({ timestamp, ttftMs, contextState }), hand);
    }
  });
});

describe('Apology', () => {
  it('is known when it is the whole answer, and not when an answer quotes it', () => {
    assert.equal(isApology(APOLOGY_TEXT), true);
    assert.equal(isApology(`\n${APOLOGY_TEXT} `), true);
    assert.equal(isApology(`Load test response for: ${APOLOGY_TEXT}`), false);
    assert.equal(isApology(''), false);
  });
});
