import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { BenchmarkConfig } from '../../src/contract/config.ts';
import type { LatencySummary } from '../../src/contract/run-result.ts';
import {
  calibrationCalls,
  crowdForLimit,
  differenceFromCrowd,
  differencesFromSerial,
  type Observed,
} from '../../src/suite/target-check.ts';
import { aMeasurement } from '../support/stored-run.ts';

function config(settings: Record<string, unknown>): BenchmarkConfig {
  const resolved = resolveConfig({ llmJitter: '0ms', ...settings });
  assert.ok(resolved.kind === 'ok');
  return resolved.config;
}

function observed(
  ms: { min: number; p50?: number; max?: number },
  failed = 0,
  calls = 5,
): Observed {
  const serviceTime: LatencySummary = {
    ...aMeasurement().serviceTime,
    minUs: ms.min * 1000,
    p50Us: (ms.p50 ?? ms.min) * 1000,
    maxUs: (ms.max ?? ms.min) * 1000,
  };
  const windowCalls = {
    issued: calls,
    ok: calls - failed,
    degraded: failed,
    errors: 0,
    incomplete: 0,
  };
  return { serviceTime, streams: null, windowCalls };
}

function streamSummary(): NonNullable<Observed['streams']> {
  const none = aMeasurement().serviceTime;
  return {
    ...{ streams: 0, messages: 0, tokens: 0, emptyStreams: 0 },
    ...{ timeToFirstMessage: none, timeToFirstToken: none, messageGap: none },
    ...{ maxGapPerStream: none, lastMessageToStatus: none, failedTimeToFirstToken: none },
    ...{ failedMessages: 0, failedBytes: 0 },
  };
}

describe('the check of a server by its effect', () => {
  it('says what was asked and what was observed when the latency is another', () => {
    assert.deepEqual(
      differencesFromSerial(config({ llmBaseLatency: '1000ms' }), observed({ min: 1.2 })),
      ['asked 1000 ms, observed 1.2 ms (LLM latency)'],
    );
    assert.deepEqual(
      differencesFromSerial(config({ llmBaseLatency: '0ms' }), observed({ min: 61, p50: 61 })),
      ['asked 0 ms, observed 61 ms (LLM latency)'],
    );
  });

  it('tells a latency of one millisecond from none', () => {
    const settings = config({ llmBaseLatency: '1ms' });
    const said = (min: number): string[] => differencesFromSerial(settings, observed({ min }));
    assert.deepEqual(said(0.45), ['asked 1 ms, observed 0.45 ms (LLM latency)']);
    assert.deepEqual(said(0.95), []);
    assert.deepEqual(said(1.6), []);
    // A call of nothing is as slow as that at times: one that met no other work is wanted.
    assert.ok(calibrationCalls(settings) > calibrationCalls(config({ llmBaseLatency: '0ms' })));
  });

  it('goes by the fastest of the calls, since others may have met a busy machine', () => {
    const settings = config({ llmBaseLatency: '10ms' });
    assert.deepEqual(differencesFromSerial(settings, observed({ min: 11, p50: 38, max: 90 })), []);
    // Ten milliseconds are seen where none were asked for.
    assert.deepEqual(
      differencesFromSerial(config({ llmBaseLatency: '0ms' }), observed({ min: 10.4, p50: 11 })),
      ['asked 0 ms, observed 10 ms (LLM latency)'],
    );
    assert.ok(calibrationCalls(config({ llmBaseLatency: '0ms' })) >= 10);
  });

  it('sees another delay between the chunks of a stream, where each is a message', () => {
    const settings = config({
      ...{ llmBaseLatency: '10ms', useStreaming: true, streamChunkDelay: '1ms' },
    });
    const streamed = (endMs: number, messages: number): string[] => {
      const at = (us: number): LatencySummary => ({
        ...aMeasurement().serviceTime,
        ...{ minUs: us, p50Us: us, maxUs: us },
      });
      const streams = { ...streamSummary(), streams: 10, messages };
      return differencesFromSerial(settings, {
        ...observed({ min: endMs }),
        streams: { ...streams, timeToFirstToken: at(11_000) },
      });
    };
    // 8 chunks between the message that begins and the one that ends: seven gaps.
    assert.deepEqual(streamed(11 + 7, 100), []);
    assert.deepEqual(streamed(11 + 35, 100), ['asked 1 ms, observed 5 ms (delay between chunks)']);
    // The real server holds its first tokens back for up to 50 ms: 32 ms after 10 ms of LLM are its way.
    const held = (firstUs: number): string[] => {
      const summary = { ...aMeasurement().serviceTime, minUs: firstUs, p50Us: firstUs };
      const streams = { ...streamSummary(), timeToFirstToken: { ...summary, maxUs: firstUs } };
      return differencesFromSerial(settings, { ...observed({ min: 90 }), streams });
    };
    assert.deepEqual(held(32_000), []);
    assert.deepEqual(held(70_000), ['asked 10 ms, observed 70 ms (LLM latency)']);
    // Tokens that are flushed together show no chunks.
    assert.deepEqual(streamed(11 + 7 * 50, 100), []);
    assert.deepEqual(streamed(11 + 35, 40), []);
  });

  it('lets a server add a little of its own, and draw its jitter', () => {
    const settings = config({ llmBaseLatency: '100ms', llmJitter: '20ms' });
    assert.deepEqual(
      differencesFromSerial(settings, observed({ min: 104, p50: 112, max: 119 })),
      [],
    );
    assert.deepEqual(differencesFromSerial(settings, observed({ min: 99.5, max: 118 })), []);
    assert.match(
      differencesFromSerial(settings, observed({ min: 101, max: 101.5 }))[0] ?? '',
      /asked 20 ms, observed 0\.5 ms \(spread/,
    );
  });

  it('takes errors within the band of chance for those asked for, and none for none', () => {
    const settings = config({ llmBaseLatency: '10ms', llmErrorRate: 0.3 });
    const calls = (failed: number): string[] =>
      differencesFromSerial(settings, observed({ min: 11 }, failed, 100));
    // Binomial(100, 0.3): mean 30, standard deviation 4.6.
    assert.deepEqual(calls(30), []);
    assert.deepEqual(calls(40), []);
    assert.deepEqual(calls(0), ['asked 30 %, observed 0 % (LLM errors in 100 calls)']);
    assert.equal(calls(60).length, 1);
    const healthy = config({ llmBaseLatency: '10ms' });
    assert.deepEqual(differencesFromSerial(healthy, observed({ min: 11 }, 0)), []);
  });

  it('sees a limiter by the calls that wait for it, where there is a latency to wait for', () => {
    const open = config({ llmBaseLatency: '100ms', llmConcurrencyLimit: 1000 });
    assert.equal(crowdForLimit(open), 20);
    assert.deepEqual(differenceFromCrowd(open, 20, observed({ min: 101, max: 120 })), []);
    // A limit of 5 lets 20 calls through in four rounds.
    assert.deepEqual(differenceFromCrowd(open, 20, observed({ min: 101, max: 404 })), [
      'asked a limit of 1000 LLM calls at once, observed one of about 5',
    ]);
    const five = config({ llmBaseLatency: '100ms', llmConcurrencyLimit: 5 });
    assert.deepEqual(differenceFromCrowd(five, 20, observed({ min: 101, max: 404 })), []);
    assert.match(
      differenceFromCrowd(five, 20, observed({ min: 101, max: 105 }))[0] ?? '',
      /asked a limit of 5 .* observed none that binds 20 calls/,
    );
    assert.equal(crowdForLimit(config({ llmBaseLatency: '0ms' })), null);
  });
});
