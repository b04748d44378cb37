// Both engines on one scripted server: each call ends once, with the code that the specification asks for, and both
// engines say the same of the same bytes.

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { EngineName } from '../../../src/contract/config.ts';
import { createEngine } from '../../../src/harness/engines/create-engine.ts';
import { createMonotonicClock } from '../../../src/runtime/monotonic-clock.ts';
import {
  ANSWER_SCENARIOS,
  type AnswerScenario,
  type ExpectedEnd,
} from '../../support/answer-scenarios.ts';
import { EngineProbe, type SeenCall } from '../../support/engine-probe.ts';
import { harnessConfig } from '../../support/run-plans.ts';
import { startScriptedServer } from '../../support/scripted-server.ts';

const clock = createMonotonicClock();
const cleanups: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function play(scenario: AnswerScenario, kind: EngineName): Promise<SeenCall[]> {
  const server = await startScriptedServer(scenario.script);
  cleanups.push(() => server.close());
  const { address: serverAddr } = server;
  const engine = createEngine(harnessConfig({ serverAddr, engine: kind, connections: 1 }), clock);
  cleanups.push(() => engine.close());
  await engine.connect(5000);
  const slots = scenario.ends.length;
  const probe = new EngineProbe(engine, clock, {
    slots,
    streaming: scenario.streaming ?? false,
    timeoutMs: scenario.timeoutMs ?? 10_000,
  });
  const calls = await Promise.all(scenario.ends.map((_, slot) => probe.call(slot)));
  // What the server still sends must not end anything again.
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(probe.ends, new Array(slots).fill(1));
  return calls;
}

function check(call: SeenCall | undefined, expected: ExpectedEnd): void {
  assert.ok(call);
  const { end, messages } = call;
  assert.equal(end.grpcStatus, expected.code, end.statusMessage);
  assert.equal(messages.length, expected.messages ?? (expected.code === 0 ? 1 : 0));
  if (expected.text !== undefined) assert.equal(end.statusMessage, expected.text);
  if (expected.says !== undefined) assert.match(end.statusMessage, expected.says);
}

describe('wire engine: what a server can do to a call', () => {
  for (const scenario of ANSWER_SCENARIOS) {
    it(scenario.what, async () => {
      const calls = await play(scenario, 'wire');
      scenario.ends.forEach((expected, slot) => check(calls[slot], expected));
    });
  }
});

describe('grpc-js engine: says the same of the same bytes', () => {
  for (const scenario of ANSWER_SCENARIOS) {
    const { codes, why } = scenario.grpcJs ?? { codes: null, why: '' };
    if (codes === 'not compared') continue;
    it(`${scenario.what}${why === '' ? '' : `, but ${why}`}`, async () => {
      const calls = await play(scenario, 'grpc-js');
      scenario.ends.forEach(({ says: _ownWords, ...expected }, slot) => {
        check(calls[slot], { ...expected, code: codes?.[slot] ?? expected.code });
      });
    });
  }
});
