// N threads must report as one recorder would have.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { mergeRecordings } from '../../../src/harness/recording/recorded-run.ts';
import type { TrimRule } from '../../../src/harness/recording/trim-rule.ts';
import {
  ANSWER,
  MS,
  play,
  PROGRESS_NEWS,
  SECOND,
  summarize,
  token,
  type PlayOptions,
  type ScriptedCall,
} from './play-calls.ts';

const KINDS = ['ok', 'silent', 'degraded', 'error', 'incomplete'] as const;

const entry = fc.record({
  startMs: fc.nat(2500),
  latenessUs: fc.nat(2000),
  latencyUs: fc.integer({ min: 1, max: 900_000 }),
  messages: fc.integer({ min: 1, max: 6 }),
  kind: fc.constantFrom(...KINDS),
  thread: fc.nat(2),
});
type Entry = typeof entry extends fc.Arbitrary<infer T> ? T : never;

function callOf(spec: Entry, index: number): ScriptedCall {
  const intendedNs = spec.startMs * MS;
  const dispatchNs = intendedNs + spec.latenessUs * 1000;
  const endNs = dispatchNs + spec.latencyUs * 1000;
  const last = { ...ANSWER, llmTokens: spec.kind === 'ok' ? 5 : 0 };
  const messages = Array.from({ length: spec.messages }, (_, message) => ({
    atNs: dispatchNs + Math.floor((spec.latencyUs * 1000 * (message + 1)) / (spec.messages + 1)),
    facts:
      message === spec.messages - 1
        ? { ...last, completed: spec.kind !== 'degraded' }
        : spec.kind === 'ok'
          ? token(message + 1)
          : PROGRESS_NEWS,
  }));
  return {
    index,
    intendedNs,
    dispatchNs,
    endNs: spec.kind === 'incomplete' ? null : endNs,
    messages,
    end: {
      grpcStatus: spec.kind === 'error' ? 13 : 0,
      statusMessage: spec.kind === 'error' ? `failure ${index % 3}` : '',
      llmTimeUs: index % 2 === 0 ? spec.latencyUs / 2 : NaN,
    },
  };
}

const trimRule = fc.oneof(
  fc.constant<TrimRule>({ kind: 'none' }),
  fc.constant<TrimRule>({ kind: 'duration', startNs: 500 * MS, endNs: 2 * SECOND }),
  fc.nat(10).map((firstIndex): TrimRule => ({ kind: 'count', firstIndex })),
);

describe('mergeRecordings', () => {
  it('makes k recorders equal to one that saw every call, in every figure', () => {
    fc.assert(
      fc.property(
        fc.array(entry, { minLength: 1, maxLength: 40 }),
        trimRule,
        fc.constantFrom(0, 1_000_000),
        (entries, trim, maxRawValues) => {
          const specs = [...entries].sort((a, b) => a.startMs - b.startMs);
          const calls = specs.map(callOf);
          const options: PlayOptions = {
            trim,
            maxRawValues,
            streaming: true,
            abandonAtNs: 6 * SECOND,
          };
          const whole = summarize(play(calls, options));
          const parts = [0, 1, 2].map((thread) =>
            play(
              calls.filter((_, index) => specs[index]?.thread === thread),
              options,
            ),
          );
          assert.deepEqual(
            withoutSumOrder(summarize(mergeRecordings(parts))),
            withoutSumOrder(whole),
          );
          assert.deepEqual(
            withoutSumOrder(summarize(mergeRecordings([...parts].reverse()))),
            withoutSumOrder(whole),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('tells the same first call whichever thread had it, when two were due together', () => {
    const early = play([{ intendedNs: 0, dispatchNs: 1000, endNs: 3 * MS }]);
    const late = play([{ intendedNs: 0, dispatchNs: 2000, endNs: 9 * MS }]);
    const told = [
      [early, late],
      [late, early],
    ].map((parts) => summarize(mergeRecordings(parts)).firstCall);
    assert.equal(told[0]?.latencyUs, 2999);
    assert.deepEqual(told[1], told[0]);
  });

  it('survives the structured clone that takes recordings from one thread to another', () => {
    const recorded = play([{ intendedNs: 0, endNs: 3 * MS }], { streaming: true });
    const before = summarize(recorded);
    assert.deepEqual(summarize(mergeRecordings([structuredClone(recorded)])), before);
  });

  it('lets one thread prove what LLM output looks like for all', () => {
    const silent = play([
      { intendedNs: 0, endNs: MS, messages: [{ atNs: MS, facts: { llmTokens: 0 } }] },
    ]);
    const speaking = play([{ intendedNs: 0, endNs: MS }]);
    assert.equal(summarize(silent).windowCalls.ok, 1);
    assert.equal(summarize(mergeRecordings([silent, speaking])).windowCalls.degraded, 1);
  });

  it('refuses an empty list and recordings of different runs', () => {
    assert.throws(() => mergeRecordings([]), RangeError);
    const one = play([], { loadStartNs: 0 });
    const other = play([], { loadStartNs: 5 });
    assert.throws(() => mergeRecordings([one, other]), RangeError);
    const trimmed = play([], { trim: { kind: 'count', firstIndex: 1 } });
    assert.throws(() => mergeRecordings([one, trimmed]), RangeError);
  });

  it('bounds the messages of many threads as those of one', () => {
    const parts = [0, 1, 2].map((thread) =>
      play(
        Array.from({ length: 90 }, (_, index) => ({
          intendedNs: index,
          endNs: index + 1,
          end: { grpcStatus: 14, statusMessage: `${thread}/${index}` },
        })),
      ),
    );
    const merged = mergeRecordings(parts);
    assert.equal(merged.statuses.messages.length, 100);
    const total = summarize(merged).topErrors.reduce((sum, sample) => sum + sample.count, 0);
    assert.equal(total, 270);
  });
});

/** Timeline means are sums of doubles in the order of arrival: equal but for the last digits. */
function withoutSumOrder(summary: ReturnType<typeof summarize>): unknown {
  return JSON.parse(
    JSON.stringify(summary, (key, value: unknown) =>
      typeof value === 'number' && (key === 'mean_us' || key === 'relativeError')
        ? Number(value.toPrecision(9))
        : value,
    ),
    (key, value: unknown) => (key === 'relativeError' && Number(value) < 1e-12 ? 0 : value),
  );
}
