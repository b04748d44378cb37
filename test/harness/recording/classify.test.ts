// Every way a call can end, and what decides it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { MessageFacts } from '../../../src/harness/engines/engine.ts';
import {
  addSigns,
  CALL_CLASS,
  classify,
  NO_SIGNS,
  resolveClass,
} from '../../../src/harness/recording/classify.ts';
import { ANSWER, PROGRESS_NEWS, token } from './play-calls.ts';

function classOf(grpcStatus: number, ...messages: MessageFacts[]): number {
  return classify(grpcStatus, messages.reduce(addSigns, NO_SIGNS));
}

const SILENT_ANSWER: MessageFacts = { ...ANSWER, llmTokens: 0 };

describe('classify', () => {
  it('finds an answer with token usage, or after token messages, ok', () => {
    assert.equal(classOf(0, ANSWER), CALL_CLASS.ok);
    assert.equal(classOf(0, PROGRESS_NEWS, token(3), SILENT_ANSWER), CALL_CLASS.ok);
  });

  it('finds any status but OK an error, whatever the messages said', () => {
    for (let status = 1; status <= 16; status += 1) {
      assert.equal(classOf(status, token(1), ANSWER), CALL_CLASS.error);
    }
  });

  it('finds an OK status after stage FAILED an error', () => {
    const failed: MessageFacts = { ...PROGRESS_NEWS, failed: true };
    assert.equal(classOf(0, token(1), failed), CALL_CLASS.error);
    assert.equal(classOf(0, failed, ANSWER), CALL_CLASS.error);
  });

  it('finds an apology degraded, even one with token usage', () => {
    assert.equal(classOf(0, { ...ANSWER, apology: true }), CALL_CLASS.degraded);
    assert.equal(classOf(0, { ...SILENT_ANSWER, apology: true }), CALL_CLASS.degraded);
  });

  it('finds a stream that ended OK without COMPLETED degraded: cut short or empty', () => {
    assert.equal(classOf(0, PROGRESS_NEWS, token(5)), CALL_CLASS.degraded);
    assert.equal(classOf(0), CALL_CLASS.degraded);
  });

  it('leaves an answer without any sign of LLM output to the end of the run', () => {
    assert.equal(classOf(0, SILENT_ANSWER), CALL_CLASS.silent);
    assert.equal(resolveClass(CALL_CLASS.silent, true), 'degraded');
    assert.equal(resolveClass(CALL_CLASS.silent, false), 'ok');
  });

  it('resolves every other class the same way for every run', () => {
    for (const saw of [true, false]) {
      assert.equal(resolveClass(CALL_CLASS.ok, saw), 'ok');
      assert.equal(resolveClass(CALL_CLASS.degraded, saw), 'degraded');
      assert.equal(resolveClass(CALL_CLASS.error, saw), 'error');
      assert.equal(resolveClass(CALL_CLASS.incomplete, saw), 'incomplete');
    }
  });
});
