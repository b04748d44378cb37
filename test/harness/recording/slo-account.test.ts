// Goodput by scripted calls: what meets a declared service level is counted call by call, over conditions that must all
// hold for the same call, in memory that does not grow.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SloCondition, SloSubject } from '../../../src/contract/slo.ts';
import type { RunGoodput } from '../../../src/contract/run-result.ts';
import { mergeRecordings } from '../../../src/harness/recording/recorded-run.ts';
import type { SloRule } from '../../../src/harness/recording/slo-account.ts';
import {
  calls,
  MS,
  newRecorder,
  play,
  PROGRESS_NEWS,
  SECOND,
  summarize,
  token,
  type PlayOptions,
  type ScriptedCall,
} from './play-calls.ts';

function below(subject: SloSubject, limitMs: number): SloCondition {
  return { subject, comparison: '<', limitUs: limitMs * 1000, text: `${subject}<${limitMs}ms` };
}

function rule(...conditions: readonly SloCondition[]): SloRule {
  return { conditions, origin: 'service' };
}

function goodputOf(
  scripted: readonly ScriptedCall[],
  slo: SloRule,
  options: PlayOptions = {},
): RunGoodput {
  const { goodput } = summarize(play(scripted, { slo, ...options }));
  assert.ok(goodput !== undefined);
  return goodput;
}

function met({ metCalls, conditions }: RunGoodput): readonly number[] {
  return [metCalls, ...conditions.map((condition) => condition.metCalls)];
}

/** First token after `ttftMs`, the last after `endMs`, which is also its end. */
function stream(ttftMs: number, endMs: number, startMs = 0): ScriptedCall {
  const at = (afterMs: number): number => (startMs + afterMs) * MS;
  return {
    intendedNs: at(0),
    endNs: at(endMs),
    messages: [
      { atNs: at(ttftMs), facts: token(1) },
      { atNs: at(endMs), facts: { ...token(3), completed: true } },
    ],
  };
}

const STREAMING = { streaming: true };

describe('a service level of several conditions', () => {
  it('is met by calls for which all of them hold, not by as many as each holds for', () => {
    // Good in both, slow first token, slow end, slow in both: 2 and 2 meet one condition each, only 1 meets both.
    const scripted = [stream(40, 150), stream(60, 150), stream(40, 250), stream(60, 250)];
    const goodput = goodputOf(scripted, rule(below('ttft', 50), below('latency', 200)), STREAMING);
    assert.deepEqual(met(goodput), [1, 2, 2]);
    assert.deepEqual(
      goodput.conditions.map(({ text }) => text),
      ['ttft<50ms', 'latency<200ms'],
    );
  });

  it('takes a limit as it is written: 50 ms are not below 50 ms, but at most 50 ms', () => {
    const scripted = calls([50 * MS - 1, 50 * MS, 50 * MS + 1]);
    const atMost: SloCondition = { ...below('latency', 50), comparison: '<=' };
    assert.deepEqual(met(goodputOf(scripted, rule(below('latency', 50)))), [1, 1]);
    assert.deepEqual(met(goodputOf(scripted, rule(atMost))), [2, 2]);
  });

  it('counts calls that ended well and no others, whatever their latency', () => {
    const [good] = calls([10 * MS]);
    assert.ok(good !== undefined);
    const scripted: ScriptedCall[] = [
      good,
      { ...good, end: { grpcStatus: 14 } },
      { ...good, messages: [{ atNs: 10 * MS, facts: { apology: true } }] },
      { ...good, endNs: null },
    ];
    assert.deepEqual(met(goodputOf(scripted, rule(below('latency', 50)))), [1, 1]);
  });

  it('counts calls without a sign of LLM output where no call of the run shows one, and not where one does', () => {
    const silent: ScriptedCall = {
      intendedNs: 0,
      endNs: 10 * MS,
      messages: [{ atNs: 10 * MS, facts: { llmTokens: 0 } }],
    };
    const slo = rule(below('latency', 50));
    assert.deepEqual(met(goodputOf([silent, silent], slo)), [2, 2]);
    assert.deepEqual(met(goodputOf([silent, silent, ...calls([10 * MS])], slo)), [1, 1]);
  });

  it('is not met in a moment that a call never had', () => {
    const tokenless: ScriptedCall = {
      intendedNs: 0,
      endNs: 20 * MS,
      messages: [
        { atNs: 10 * MS, facts: PROGRESS_NEWS },
        { atNs: 20 * MS, facts: { ...PROGRESS_NEWS, completed: true, llmTokens: 5 } },
      ],
    };
    const slo = rule(
      below('ttft', 1000),
      below('tpot', 1000),
      below('ttfm', 1000),
      below('max_gap', 1000),
    );
    assert.deepEqual(met(goodputOf([tokenless], slo, STREAMING)), [0, 0, 0, 1, 1]);
  });

  it('takes the time per token over the tokens after the first, and the longest wait of the stream', () => {
    // 30 ms to the first of 3 tokens, 130 ms to the end: 50 ms a token, longest wait 100 ms.
    const scripted = [stream(30, 130)];
    const at = (subject: SloSubject, limitMs: number): number =>
      goodputOf(scripted, rule(below(subject, limitMs)), STREAMING).metCalls;
    assert.deepEqual([at('tpot', 50), at('tpot', 50.001)], [0, 1]);
    assert.deepEqual([at('max_gap', 100), at('max_gap', 100.001)], [0, 1]);
    assert.deepEqual([at('ttfm', 30), at('ttfm', 30.001)], [0, 1]);
  });

  it('counts a call from its intended start in an open loop', () => {
    const late: ScriptedCall = { intendedNs: 0, dispatchNs: 90 * MS, endNs: 100 * MS };
    const slo = rule(below('latency', 50));
    assert.equal(goodputOf([late], slo).metCalls, 1);
    assert.equal(goodputOf([late], { ...slo, origin: 'response' }).metCalls, 0);
  });
});

describe('goodput', () => {
  const trim = { kind: 'duration', startNs: SECOND, endNs: 3 * SECOND } as const;

  it('is good calls that were due in the window over its length, also where a queue ends most of them after it', () => {
    // 100 calls/s for 3 s to a server of 50/s: call i waits i · 10 ms more than the one before. The window of 2 s holds
    // calls 100 to 299; within 1.505 s are those up to 150, so 51 of them: 25.5 calls/s of 100.
    const scripted = Array.from({ length: 300 }, (_, index): ScriptedCall => {
      const intendedNs = index * 10 * MS;
      return { intendedNs, endNs: intendedNs + (index * 10 + 5) * MS };
    });
    const goodput = goodputOf(scripted, rule(below('latency', 1505.5)), { trim });
    assert.equal(goodput.metCalls, 51);
    assert.equal(goodput.rps, 25.5);
  });

  it('of several threads is that of all calls together', () => {
    const slo = rule(below('latency', 15), below('latency', 5));
    const parts = [calls([10 * MS, 20 * MS]), calls([3 * MS, 12 * MS, 40 * MS])];
    const merged = mergeRecordings(parts.map((part) => play(part, { slo })));
    assert.deepEqual(met(summarize(merged).goodput ?? assert.fail('none')), [1, 3, 1]);
  });

  it('is absent where nothing was declared', () => {
    assert.ok(!('goodput' in summarize(play(calls([MS])))));
  });

  it('takes as much memory for a thousand calls as for none', () => {
    const slo = rule(below('latency', 15), below('ttft', 5));
    const recorder = newRecorder({ slo, maxRawValues: 0 });
    const begun = newRecorder({ maxRawValues: 0 });
    assert.equal(recorder.byteLength - begun.byteLength, 2 * 3 * 8);
  });
});
