// What runs measure of the embedded target, held against what it was told to take: real processes over loopback, on a machine
// that does nothing else. On any machine test/integration/timed-run holds the differences that such times have.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inBand, msOf, truthRun } from '../support/truth-runs.ts';

describe('the embedded target', () => {
  it('takes 10 ms + U(0,5) ms for each of more than 1000 calls of 10 workers', async (t) => {
    const llm = { baseLatencyMs: 10, jitterMs: 5 };
    const { latency, calls } = await truthRun({ concurrency: 10, durationMs: 3500, llm }, 1500);
    inBand(t, 'calls', latency.n, [1000, Infinity]);
    inBand(t, 'min, ms', msOf(latency.minUs), [10, 11]);
    inBand(t, 'p50, ms', msOf(latency.p50Us), [12, 14.5]);
    assert.equal(calls.errors + calls.degraded + calls.incomplete, 0);
  });

  it('takes 30 ms to the first token of a stream and 130 ms to the end of 21', async (t) => {
    const { latency, streams } = await truthRun({
      concurrency: 2,
      totalRequests: 60,
      durationMs: 0,
      useStreaming: true,
      llm: {
        baseLatencyMs: 30,
        responseText: 'x'.repeat(210),
        streamChunkSize: 10,
        streamChunkDelayMs: 5,
      },
    });
    inBand(t, 'first token, p50 ms', msOf(streams?.timeToFirstToken.p50Us), [30, 33]);
    inBand(t, 'whole, p50 ms', msOf(latency.p50Us), [130, 138]);
  });
});
