// What servers do of which the right figures are known (experiments E4 to E6, E8, E9, E12), on real processes over loopback:
// `npm run test:truth`, on a machine that does nothing else. Bands hold 99.8 % of samples of the true process, one-sidedly
// wider by what timers, network and tool may add.

import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { build } from 'hdr-histogram-js';
import type { GcPause } from '../../src/contract/resources.ts';
import type { LatencySummary } from '../../src/contract/run-result.ts';
import { poissonSchedule } from '../../src/harness/arrivals/schedule.ts';
import { seededRandom } from '../../src/harness/arrivals/seeded-random.ts';
import type { WeaveProgress } from '../../src/protocol/generated/loom/v1/WeaveProgress.ts';
import { loadLoomService } from '../../src/protocol/loom-service.ts';
import { correlateGcWithLatency } from '../../src/statistics/gc-correlation.ts';
import { mulberry32 } from '../../src/statistics/seeded-random.ts';
import { startHandlerServer } from '../support/handler-server.ts';
import { childrenRunning } from '../support/own-children.ts';
import { exponential } from '../support/random-variates.ts';
import {
  bandsOf,
  figureMs,
  FREEZE_BANDS,
  UNIFORM_BANDS,
  type Bands,
} from '../support/known-truth-bands.ts';
import { gateStatus, type HarnessChanges } from '../support/run-plans.ts';
import { answer, data, grpcMessage, headers, onStream, trailers } from '../support/http2-frames.ts';
import { startTimedServer } from '../support/timed-server.ts';
import {
  at,
  byIntendedStart,
  inBand,
  mean,
  msOf,
  rank,
  rawTruthRun,
  SHIFT_MS,
  truthRun,
} from '../support/truth-runs.ts';

/** Never faster than the law, later by the shift. */
function assertLater(t: TestContext, summary: LatencySummary, bands: Bands): void {
  for (const [figure, [low, high]] of bandsOf(bands)) {
    inBand(t, figure, figureMs(summary, figure), [low, high + SHIFT_MS]);
  }
}

describe('a server that freezes for 1 s every 10 s and else takes 1 ms (E4)', () => {
  async function frozen<Result>(use: (serverAddr: string) => Promise<Result>): Promise<Result> {
    const bytes = onStream(answer(0));
    const server = await startTimedServer((nowNs) => {
      const within = nowNs % 10e9;
      return [{ atNs: 1e6 + (within < 9e9 ? nowNs : nowNs + 10e9 - within), bytes }];
    });
    try {
      return await use(server.address);
    } finally {
      await server.close();
    }
  }

  it('shows its freezes in the response times of a constant rate', async (t) => {
    const arrival = { kind: 'constant', ratePerS: 500 } as const;
    const measured = await frozen((serverAddr) =>
      truthRun({ serverAddr, arrival, durationMs: 60_000 }),
    );
    assertLater(t, measured.responseTime, {
      p50: [1, 1],
      p95: [496, 506],
      p99: [896, 906],
      p999: [986, 996],
      max: [996, 1006],
      mean: [50.5, 51.5],
    });
  });

  it('shows them in the response times of Poisson arrivals', async (t) => {
    const arrival = { kind: 'poisson', ratePerS: 500 } as const;
    const measured = await frozen((serverAddr) =>
      truthRun({ serverAddr, arrival, durationMs: 60_000 }),
    );
    assertLater(t, measured.responseTime, FREEZE_BANDS);
  });

  it('hides them from a closed loop, whose correction by its usual latency brings them back', async (t) => {
    const { results, measurement } = await frozen((serverAddr) =>
      rawTruthRun({ serverAddr, concurrency: 4, durationMs: 30_000 }),
    );
    assertLater(t, measurement.latency, { p50: [1, 1], p99: [1, 1] });
    // One call per worker and freeze is slow, of some 4,000 or more.
    inBand(t, 'p99.9', msOf(measurement.latency.p999Us), [1, 1 + 5]);
    inBand(t, 'max', msOf(measurement.latency.maxUs), [996, 1001 + SHIFT_MS]);
    const latenciesUs = results.map(({ latencyNs }) => Math.round(latencyNs / 1000));
    const usualUs = mean(latenciesUs.filter((us) => us < 500_000));
    const corrected = build({ highestTrackableValue: 1e7, numberOfSignificantValueDigits: 4 });
    for (const us of latenciesUs) corrected.recordValueWithExpectedInterval(us, usualUs);
    for (const [percentile, ms] of [
      [95, 501],
      [99, 901],
      [99.9, 991],
    ] as const) {
      const us = corrected.getValueAtPercentile(percentile);
      inBand(t, `corrected p${percentile}`, msOf(us), [ms - 15, ms + 15]);
    }
  });
});

describe('errors that the target injects (E5)', () => {
  for (const [errorRate, n, band] of [
    [0.02, 10_000, [156, 248]],
    [0.3, 10_000, [2850, 3151]],
    [0.001, 1000, [0, 6]],
    [0, 10_000, [0, 0]],
    [1, 1000, [1000, 1000]],
  ] as const) {
    it(`are counted exactly at a rate of ${errorRate}, and never made up`, async (t) => {
      const llm = { errorRate, errorMode: 'status' } as const;
      const load = { concurrency: 20, totalRequests: n, durationMs: 0 };
      const { calls, target, latency } = await truthRun({ ...load, llm });
      inBand(t, 'errors', calls.errors, band);
      assert.equal(calls.errors, target?.llmErrors);
      assert.equal(calls.ok, n - calls.errors);
      if (errorRate === 1) assert.equal(latency.p50Us, null);
    });
  }
});

describe('an LLM of 20 ms + U(0, 30) ms (E6)', () => {
  it('has the percentiles of its law, later by what the tool takes at most', async (t) => {
    const llm = { baseLatencyMs: 20, jitterMs: 30 };
    const { latency } = await truthRun({
      concurrency: 20,
      totalRequests: 10_000,
      durationMs: 0,
      llm,
    });
    assertLater(t, latency, UNIFORM_BANDS);
  });
});

describe('a Poisson schedule of 200/s (E8)', () => {
  const load: HarnessChanges = {
    arrival: { kind: 'poisson', ratePerS: 200 },
    durationMs: 60_000,
    pacing: 'spin',
    seed: 8,
    llm: { baseLatencyMs: 20 },
  };

  it('is sent as it was planned, within 1 ms at p99 and with exponential gaps', async (t) => {
    const { results, measurement, runStartNs } = await rawTruthRun(load);
    // Each run draws from the seed moved on by its number: twice the index for a measured one.
    const plan = poissonSchedule(200, seededRandom((8 + Math.imul(2, 0x9e3779b1)) >>> 0));
    const inOrder = byIntendedStart(results);
    for (const { intendedNs } of inOrder) {
      const offNs = intendedNs - runStartNs - plan.nextNs();
      assert(Math.abs(offNs) <= 1, `${offNs} ns beside the plan`);
    }
    assert(plan.nextNs() >= 60e9, 'a call of the plan was not sent');
    const latenessMs = inOrder.map((call) => (call.startedAtNs - call.intendedNs) / 1e6);
    inBand(t, 'p99 of the lateness', rank(latenessMs, 0.99), [0, 1]);
    assert.equal(gateStatus(measurement, 'G3'), 'pass');
  });

  it('is INVALID by G1 or G2 when the generator is blocked for 50 ms in every second', async (t) => {
    let blocker: NodeJS.Timeout | null = null;
    const block = (): void => {
      const [pid] = childrenRunning('generator-main');
      if (pid === undefined) return;
      process.kill(pid, 'SIGSTOP');
      setTimeout(() => process.kill(pid, 'SIGCONT'), 50);
    };
    const measured = await truthRun({ ...load, durationMs: 10_000 }, 0, ({ stage }) => {
      if (stage === 'loading') blocker ??= setInterval(block, 1000);
      else if (blocker !== null) clearInterval(blocker);
    });
    assert.equal(measured.verdict, 'INVALID');
    const [g1, g2] = [gateStatus(measured, 'G1'), gateStatus(measured, 'G2')];
    t.diagnostic(`G1 ${g1}, G2 ${g2}`);
    assert(g1 === 'fail' || g2 === 'fail');
  });
});

describe('streams of 21 messages, the first after 30 ms, then every 5 ms (E9)', () => {
  const load = { useStreaming: true, concurrency: 5, totalRequests: 200, durationMs: 0 };
  const encode = loadLoomService().StreamWeave.responseSerialize;
  const message = (value: WeaveProgress): Buffer => data(0, grpcMessage(encode(value)));
  const tokens = Array.from({ length: 21 }, (_, k) =>
    message({ isTokenStream: true, partialContent: 'x', tokenCount: k + 1 }),
  );
  const completed = [message({ stage: 'EXECUTION_STAGE_COMPLETED' }), trailers(0)];

  for (const [stallMs, longestMs] of [
    [0, 5],
    [200, 205],
  ] as const) {
    it(`have these times with a stall of ${stallMs} ms before the eleventh`, async (t) => {
      const parts = tokens.map((token, k) => ({
        dueMs: 30 + 5 * k + (k >= 10 ? stallMs : 0),
        bytes: onStream(
          Buffer.concat([
            ...(k === 0 ? [headers(0)] : []),
            token,
            ...(k === tokens.length - 1 ? completed : []),
          ]),
        ),
      }));
      const server = await startTimedServer((nowNs) =>
        parts.map(({ dueMs, bytes }) => ({ atNs: nowNs + dueMs * 1e6, bytes })),
      );
      try {
        const { streams, latency } = await truthRun({ ...load, serverAddr: server.address });
        assert(streams !== null);
        const wholeMs = 130 + stallMs;
        assertLater(t, latency, { p50: [wholeMs, wholeMs] });
        assertLater(t, streams.timeToFirstToken, { p50: [30, 30] });
        assertLater(t, streams.maxGapPerStream, { p50: [longestMs, longestMs] });
        inBand(t, 'p50 of the gaps', msOf(streams.messageGap.p50Us), [4.5, 5 + SHIFT_MS]);
      } finally {
        await server.close();
      }
    });
  }
});

describe('a server that stands still for 50 ms every two seconds on average (E12)', () => {
  it('has its pauses associated with the tail, and not the same pauses at other times', async (t) => {
    const originNs = process.hrtime.bigint();
    const sinceOriginNs = (): number => Number(process.hrtime.bigint() - originNs);
    const pauses: GcPause[] = [];
    const gapMs = exponential(mulberry32(12), 2000);
    let timer: NodeJS.Timeout | null = null;
    const stall = (): void => {
      const startNs = sinceOriginNs();
      while (sinceOriginNs() - startNs < 50e6);
      pauses.push({ startNs, durationNs: sinceOriginNs() - startNs, kind: 'major' });
      timer = setTimeout(stall, gapMs());
    };
    const random = mulberry32(3);
    const server = await startHandlerServer({
      weave: (_call, answer) => {
        const serviceNs = BigInt(Math.round((10 + 2 * random()) * 1e6));
        at(process.hrtime.bigint() + serviceNs, () => answer(null, { text: 'hi' }));
      },
    });
    timer = setTimeout(stall, 1000);
    const startedNs = sinceOriginNs();
    const arrival = { kind: 'constant', ratePerS: 50 } as const;
    const { results } = await rawTruthRun({
      serverAddr: server.address,
      arrival,
      durationMs: 60_000,
    }).finally(() => {
      if (timer !== null) clearTimeout(timer);
      server.kill();
    });
    const calls = byIntendedStart(results);
    const startsNs = Float64Array.from(calls, ({ startedAtNs }) => startedNs + startedAtNs);
    const endsNs = startsNs.map((startNs, call) => startNs + (calls[call]?.latencyNs ?? NaN));
    const seen = { role: 'target', startsNs, endsNs, seed: 1 } as const;
    const found = correlateGcWithLatency({ ...seen, pauses });
    inBand(t, 'lift', found.lift, [3, Infinity]);
    inBand(t, 'p', found.pValue, [0, 0.001]);
    inBand(t, 'share of the excess time', found.tailTimeShare, [0.8, 1]);
    const [firstNs, spanNs] = [startsNs[0] ?? NaN, 60e9];
    const turn = mulberry32(5);
    const pValues = Array.from({ length: 60 }, (_, seed) => {
      const shiftNs = turn() * spanNs;
      const elsewhere = pauses.map((one) => ({
        ...one,
        startNs: firstNs + ((one.startNs - firstNs + shiftNs + spanNs) % spanNs),
      }));
      return correlateGcWithLatency({ ...seen, seed, pauses: elsewhere }).pValue ?? NaN;
    });
    // Binomial(60, p), 99.9 %: at most 9 of 60 at level .05, 17 to 43 at .5.
    const atMost = (level: number): number => pValues.filter((p) => p <= level).length;
    inBand(t, 'of 60 below .05', atMost(0.05), [0, 9]);
    inBand(t, 'of 60 below .5', atMost(0.5), [17, 43]);
  });
});
