// What streams add: first message, first token, gaps, and what is left of streams that fail.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import type { StreamSummary } from '../../../src/contract/run-result.ts';
import {
  MS,
  newRecorder,
  OK_END,
  play,
  PROGRESS_NEWS,
  summarize,
  token,
  type ScriptedCall,
} from './play-calls.ts';

function streams(calls: readonly ScriptedCall[]): StreamSummary {
  const { streams: summary } = summarize(play(calls, { streaming: true }));
  assert.ok(summary !== null);
  return summary;
}

const at = (ms: number, facts = token(1)) => ({ atNs: ms * MS, facts });
const completed = (ms: number) => ({ atNs: ms * MS });

describe('stream figures', () => {
  it('keeps the wait for the first message out of the gaps', () => {
    const summary = streams([
      { intendedNs: 0, endNs: 120 * MS, messages: [at(100), at(110), completed(120)] },
    ]);
    assert.equal(summary.timeToFirstMessage.n, 1);
    assert.equal(summary.timeToFirstMessage.p50Us, 100_000);
    assert.equal(summary.timeToFirstToken.p50Us, 100_000);
    assert.equal(summary.messageGap.n, 2);
    assert.equal(summary.messageGap.minUs, 10_000);
    assert.equal(summary.messageGap.maxUs, 10_000);
  });

  it('keeps it out of the longest gap too, when it is longer than any', () => {
    const summary = streams([
      { intendedNs: 0, endNs: 120 * MS, messages: [at(100), at(110), completed(120)] },
    ]);
    assert.equal(summary.maxGapPerStream.maxUs, 10_000);
  });

  it('tells the first message from the first content', () => {
    const summary = streams([
      {
        intendedNs: 0,
        endNs: 60 * MS,
        messages: [at(5, PROGRESS_NEWS), at(40, token(1)), completed(60)],
      },
    ]);
    assert.equal(summary.timeToFirstMessage.p50Us, 5000);
    assert.equal(summary.timeToFirstToken.p50Us, 40_000);
  });

  it('does not take an empty token message for content', () => {
    const empty = { ...token(0), contentBytes: 0 };
    const summary = streams([
      { intendedNs: 0, endNs: 60 * MS, messages: [at(5, empty), at(30, token(2)), completed(60)] },
    ]);
    assert.equal(summary.timeToFirstToken.p50Us, 30_000);
  });

  it('has no time to first token where only progress and the result came', () => {
    const summary = streams([
      { intendedNs: 0, endNs: 60 * MS, messages: [at(5, PROGRESS_NEWS), completed(60)] },
    ]);
    assert.equal(summary.timeToFirstToken.n, 0);
    assert.equal(summary.timeToFirstToken.p50Us, null);
    assert.equal(summary.timeToFirstMessage.n, 1);
  });

  it('does not mix messages and tokens: one message with 5 tokens', () => {
    const summary = streams([
      {
        intendedNs: 0,
        endNs: 10 * MS,
        messages: [{ atNs: 10 * MS, facts: { ...token(5), completed: true } }],
      },
    ]);
    assert.equal(summary.messages, 1);
    assert.equal(summary.tokens, 5);
  });

  it('takes the running token count once, not once per message', () => {
    const summary = streams([
      {
        intendedNs: 0,
        endNs: 50 * MS,
        messages: [at(10, token(11)), at(20, token(20)), at(30, token(21)), completed(50)],
      },
    ]);
    assert.equal(summary.tokens, 21);
    assert.equal(summary.messages, 4);
  });

  it('counts an OK stream without messages as empty and degraded, without a time to first message', () => {
    const recorded = play([{ intendedNs: 0, endNs: 5 * MS, messages: [] }], { streaming: true });
    const { streams: summary, windowCalls, statusCounts, topErrors } = summarize(recorded);
    assert.equal(summary?.emptyStreams, 1);
    assert.equal(summary.timeToFirstMessage.n, 0);
    assert.equal(summary.timeToFirstMessage.minUs, null);
    assert.equal(summary.messageGap.n, 0);
    assert.equal(windowCalls.degraded, 1);
    assert.deepEqual(statusCounts, [{ status: 'OK', count: 1 }]);
    assert.equal(topErrors[0]?.count, 1);
  });

  it('takes 3 messages and INTERNAL for an error and keeps what came apart', () => {
    const broken: ScriptedCall = {
      intendedNs: 0,
      endNs: 70 * MS,
      messages: [at(20), at(30), at(50)],
      end: { grpcStatus: 13, statusMessage: 'boom' },
    };
    const whole: ScriptedCall = {
      intendedNs: 0,
      endNs: 90 * MS,
      messages: [at(80), completed(90)],
    };
    const recorded = play([broken, whole], { streaming: true });
    const { streams: summary, windowCalls, statusCounts, latency } = summarize(recorded);
    assert.equal(windowCalls.errors, 1);
    assert.equal(windowCalls.ok, 1);
    assert.equal(latency.n, 1);
    assert.equal(summary?.failedMessages, 3);
    assert.equal(summary.failedBytes, 3 * 39);
    assert.equal(summary.failedTimeToFirstToken.p50Us, 20_000);
    assert.equal(summary.timeToFirstToken.n, 1);
    assert.equal(summary.timeToFirstToken.p50Us, 80_000);
    assert.equal(summary.messages, 2);
    assert.equal(summary.messageGap.n, 1);
    assert.equal(summary.streams, 1);
    assert.ok(statusCounts.some(({ status, count }) => status === 'INTERNAL' && count === 1));
    assert.equal(recorded.raw.chunks[0]?.messages[0], 3);
  });

  it('has gap figures without Infinity when the only stream failed before any message', () => {
    const summary = streams([
      { intendedNs: 0, endNs: 5 * MS, messages: [], end: { grpcStatus: 14, statusMessage: '' } },
    ]);
    for (const figure of [
      summary.messageGap,
      summary.maxGapPerStream,
      summary.lastMessageToStatus,
    ]) {
      assert.equal(figure.n, 0);
      assert.equal(figure.meanUs, null);
      assert.equal(figure.maxUs, null);
    }
  });

  it('has a moment only of streams that had it, a gap only between two messages, however a stream ended', () => {
    const stream = fc.record({
      messages: fc.integer({ min: 0, max: 4 }),
      firstMs: fc.integer({ min: 1, max: 50 }),
      gapMs: fc.integer({ min: 1, max: 50 }),
      grpcStatus: fc.constantFrom(0, 4, 13, 14),
    });
    fc.assert(
      fc.property(fc.array(stream, { minLength: 1, maxLength: 8 }), (list) => {
        const calls = list.map(({ messages, firstMs, gapMs, grpcStatus }): ScriptedCall => {
          const times = Array.from({ length: messages }, (_, k) => firstMs + k * gapMs);
          const lastMs = times.at(-1) ?? 0;
          return {
            intendedNs: 0,
            endNs: (lastMs + 3) * MS,
            messages: times.map((ms) => at(ms, { ...token(1), completed: ms === lastMs })),
            end: { grpcStatus },
          };
        });
        const { histograms } = summarize(play(calls, { streaming: true }));
        for (const [outcome, ended] of Object.entries({
          ok: list.filter(({ messages, grpcStatus }) => grpcStatus === 0 && messages > 0),
          degraded: list.filter(({ messages, grpcStatus }) => grpcStatus === 0 && messages === 0),
          error: list.filter(({ grpcStatus }) => grpcStatus !== 0),
        })) {
          const begun = ended.filter(({ messages }) => messages >= 1);
          const gapped = ended.filter(({ messages }) => messages >= 2);
          const gapsMs = gapped.map(({ gapMs }) => gapMs);
          const gaps = gapped.reduce((sum, { messages }) => sum + messages - 1, 0);
          const firstsMs = begun.map(({ firstMs }) => firstMs);
          for (const [kind, count, valuesMs] of [
            ['timeToFirstMessage', begun.length, firstsMs],
            ['timeToFirstToken', begun.length, firstsMs],
            ['messageGap', gaps, gapsMs],
            ['maxGapPerStream', gapped.length, gapsMs],
            ['lastMessageToStatus', begun.length, begun.map(() => 3)],
          ] as const) {
            const found = histograms.find((one) => one.kind === kind && one.outcome === outcome);
            assert.equal(found?.count ?? 0, count, `${outcome} ${kind}`);
            if (count === 0) continue;
            assert.equal(found?.minNs, Math.min(...valuesMs) * MS, `${outcome} ${kind}`);
            assert.equal(found.maxNs, Math.max(...valuesMs) * MS, `${outcome} ${kind}`);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it('finds the longest gap of each stream and the wait from the last message to the status', () => {
    const summary = streams([
      {
        intendedNs: 0,
        endNs: 250 * MS,
        messages: [at(10), at(15), at(220), completed(225)],
      },
    ]);
    assert.equal(summary.maxGapPerStream.n, 1);
    assert.equal(summary.maxGapPerStream.maxUs, 205_000);
    assert.equal(summary.messageGap.p50Us, 5000);
    assert.equal(summary.lastMessageToStatus.p50Us, 25_000);
  });

  it('takes the time to first token from the intended start in an open loop', () => {
    const recorded = play(
      [
        {
          intendedNs: 0,
          dispatchNs: 30 * MS,
          endNs: 90 * MS,
          messages: [at(50), completed(90)],
        },
      ],
      { streaming: true },
    );
    const open = summarize(recorded, { latencyKind: 'response' });
    assert.equal(open.streams?.timeToFirstToken.p50Us, 50_000);
    assert.equal(summarize(recorded).streams?.timeToFirstToken.p50Us, 20_000);
    assert.equal(open.latency.p50Us, 90_000);
    assert.equal(open.serviceTime.p50Us, 60_000);
    assert.equal(open.sendLateness.p50Us, 30_000);
    assert.ok(open.histograms.some(({ kind }) => kind === 'intendedToFirstToken'));
  });

  it('keeps all gaps of a stream of 10,000 messages, and none of the stream before it in that slot', () => {
    const recorder = newRecorder({ slots: 1, streaming: true });
    for (const [stream, messages] of [10_000, 3].entries()) {
      const startNs = stream * 100_000 * MS;
      recorder.begin(0, stream, startNs, startNs);
      for (let message = 1; message <= messages; message += 1) {
        recorder.onMessage(0, startNs + message * (stream + 1) * MS, {
          ...token(message),
          completed: message === messages,
        });
      }
      recorder.onEnd(0, startNs + messages * (stream + 1) * MS, OK_END);
    }
    const { streams: summary } = summarize(recorder.finish());
    assert.equal(summary?.messageGap.n, 9999 + 2);
    assert.equal(summary.messageGap.minUs, 1000);
    assert.equal(summary.messageGap.maxUs, 2000);
    assert.equal(summary.messages, 10_003);
  });

  it('has no stream figures for unary calls', () => {
    assert.equal(summarize(play([{ intendedNs: 0, endNs: MS }])).streams, null);
  });
});

describe('overhead', () => {
  it('pairs each call with the LLM time of its own trailers, and is null where none is stamped', () => {
    const stamped = summarize(
      play([
        { intendedNs: 0, endNs: 15 * MS, end: { llmTimeUs: 10_000 } },
        { intendedNs: 0, endNs: 31 * MS, end: { llmTimeUs: 30_000 } },
        { intendedNs: 0, endNs: 31 * MS },
      ]),
    );
    assert.equal(stamped.overhead?.n, 2);
    assert.equal(stamped.overhead.minUs, 1000);
    assert.equal(stamped.overhead.maxUs, 5000);
    assert.equal(summarize(play([{ intendedNs: 0, endNs: MS }])).overhead, null);
  });
});
