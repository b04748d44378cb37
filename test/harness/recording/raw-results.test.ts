// Raw values: the seed's two functions, exact percentiles, and the columns behind them.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import type { Outcome } from '../../../src/contract/outcome.ts';
import { OUTCOMES } from '../../../src/contract/outcome.ts';
import {
  CHUNK_ROWS,
  type OpenSinkChunk,
  type RawChunk,
} from '../../../src/harness/recording/raw-columns.ts';
import {
  buildLatencyHistogram,
  buildTimeSeries,
  rawColumns,
  rawResults,
} from '../../../src/harness/recording/raw-results.ts';
import { ANSWER, calls, MS, newRecorder, OK_END, play, SECOND, summarize } from './play-calls.ts';

const result = (startedAtNs: number, latencyNs: number, outcome: Outcome = 'ok') => ({
  startedAtNs,
  latencyNs,
  outcome,
});

describe('buildLatencyHistogram', () => {
  it('gives the ok latencies in integer microseconds, ascending and nothing else', () => {
    const results = [
      result(0, 30_400),
      result(0, 10_600),
      result(0, 500 * MS, 'error'),
      result(0, 1, 'degraded'),
      result(0, 9, 'incomplete'),
    ];
    assert.deepEqual(buildLatencyHistogram(results), [11, 30]);
    assert.deepEqual(buildLatencyHistogram([]), []);
  });

  it('refuses latencies that are no latencies', () => {
    for (const latencyNs of [-1, NaN, Infinity]) {
      assert.throws(() => buildLatencyHistogram([result(0, latencyNs)]), RangeError);
    }
  });

  it('agrees with what the recorder publishes for the same calls', () => {
    const recorded = play(calls([5 * MS, 1 * MS, 3 * MS, 2_000_400]));
    assert.deepEqual(buildLatencyHistogram(rawResults(recorded)), [1000, 2000, 3000, 5000]);
    const { latency } = summarize(recorded);
    assert.deepEqual([latency.minUs, latency.p50Us, latency.maxUs], [1000, 2000, 5000]);
  });
});

describe('buildTimeSeries', () => {
  it('bins by completion since the start, with null for a second without data', () => {
    const start = 7 * SECOND;
    const buckets = buildTimeSeries(
      [
        result(start + 2100 * MS, 100 * MS),
        result(start, 10 * MS),
        result(start + 900 * MS, 20 * MS, 'error'),
        result(start + 990 * MS, 20 * MS, 'degraded'),
        result(start, 9 * SECOND, 'incomplete'),
      ],
      start,
    );
    assert.deepEqual(buckets, [
      { second: 0, requests: 2, errors: 1, p50_us: 10_000, p99_us: 10_000, mean_us: 10_000 },
      { second: 1, requests: 1, errors: 1, p50_us: null, p99_us: null, mean_us: null },
      { second: 2, requests: 1, errors: 0, p50_us: 100_000, p99_us: 100_000, mean_us: 100_000 },
    ]);
    assert.deepEqual(buildTimeSeries([], 0), []);
  });

  it('takes percentiles by nearest rank: of two the first, of 1 to 100 ms the 50th and the 99th', () => {
    assert.equal(buildTimeSeries([result(0, 2 * MS), result(0, MS)], 0)[0]?.p50_us, 1000);
    const hundred = Array.from({ length: 100 }, (_, index) => result(0, (index + 1) * MS));
    const [bucket] = buildTimeSeries(hundred, 0);
    assert.equal(bucket?.p50_us, 50_000);
    assert.equal(bucket.p99_us, 99_000);
    assert.equal(bucket.mean_us, 50_500);
  });

  it('does not depend on the order of results', () => {
    const one = fc.record({
      startedAtNs: fc.nat(4000).map((ms) => ms * MS),
      latencyNs: fc.nat(2000).map((ms) => ms * MS),
      outcome: fc.constantFrom(...OUTCOMES),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 40 }), (results) => {
        assert.deepEqual(buildTimeSeries([...results].reverse(), 0), buildTimeSeries(results, 0));
      }),
    );
  });

  it('refuses a start in another unit instead of making millions of buckets', () => {
    assert.throws(() => buildTimeSeries([result(1.7e18, MS)], 0), RangeError);
    assert.throws(() => buildTimeSeries([result(NaN, MS)], 0), RangeError);
  });

  it('agrees with the recorder on the same calls', () => {
    const recorded = play(
      calls(
        Array.from({ length: 300 }, (_, index) => ((index * 37) % 100) * MS),
        10 * MS,
      ),
    );
    const online = summarize(recorded).timeline ?? [];
    const offline = buildTimeSeries(rawResults(recorded), 0);
    assert.equal(online.length, offline.length);
    for (const [second, bucket] of offline.entries()) {
      assert.equal(online[second]?.requests ?? null, bucket.requests);
      const expectedUs = bucket.p50_us ?? NaN;
      assert.ok(Math.abs((online[second]?.p50_us ?? NaN) - expectedUs) <= expectedUs / 512 + 1);
    }
  });
});

describe('exact percentiles', () => {
  it('are the nearest rank in the sorted values of ok calls while all are kept', () => {
    const latencies = fc.array(fc.integer({ min: 0, max: 60 * SECOND }), {
      minLength: 1,
      maxLength: 120,
    });
    fc.assert(
      fc.property(latencies, (values) => {
        const summary = summarize(play(calls(values, MS)));
        const sorted = [...values].sort((a, b) => a - b);
        const us = (rank: number): number => Math.round((sorted[rank - 1] ?? NaN) / 1000);
        const n = values.length;
        assert.deepEqual(summary.quantileMethod, { kind: 'exact', relativeError: 0 });
        assert.equal(summary.latency.n, n);
        assert.equal(summary.latency.p50Us, us(Math.ceil(n / 2)));
        assert.equal(summary.latency.p90Us, us(Math.ceil((9 * n) / 10)));
        assert.equal(summary.latency.p95Us, us(Math.ceil((19 * n) / 20)));
        assert.equal(summary.latency.p99Us, us(Math.ceil((99 * n) / 100)));
        assert.equal(summary.latency.minUs, us(1));
        assert.equal(summary.latency.maxUs, us(n));
      }),
    );
  });

  it('give way to histograms over all calls when the bound is reached, and see a slow end', () => {
    const recorder = newRecorder({ slots: 1, maxRawValues: 1000 });
    let nowNs = 0;
    for (let call = 0; call < 1200; call += 1) {
      const latencyNs = call < 1000 ? 10 * MS : 100 * MS;
      recorder.begin(0, call, nowNs, nowNs);
      recorder.onMessage(0, nowNs + latencyNs, ANSWER);
      recorder.onEnd(0, nowNs + latencyNs, OK_END);
      nowNs += latencyNs;
    }
    const recorded = recorder.finish();
    const summary = summarize(recorded);
    assert.equal(recorded.raw.complete, false);
    assert.ok(recorded.raw.rows <= 1000, `${recorded.raw.rows} rows`);
    assert.deepEqual(summary.quantileMethod, { kind: 'histogram', relativeError: 1 / 2048 });
    assert.equal(summary.latency.n, 1200);
    const p95Us = summary.latency.p95Us ?? NaN;
    assert.ok(Math.abs(p95Us - 100_000) <= 100_000 / 2048);
    assert.equal(summary.latency.p50Us, 10_000);
    assert.ok(summary.warnings.some(({ code }) => code === 'raw-values-bounded'));
  });

  it('agree with the histograms over the same calls to 1/2048', () => {
    const values = Array.from({ length: 5000 }, (_, index) => ((index * 7919) % 5000) * 12_345 + 7);
    const exact = summarize(play(calls(values))).latency;
    const coarse = summarize(play(calls(values), { maxRawValues: 0 })).latency;
    assert.equal(coarse.minUs, exact.minUs);
    assert.equal(coarse.maxUs, exact.maxUs);
    assert.equal(coarse.meanUs, exact.meanUs);
    for (const key of ['p50Us', 'p90Us', 'p95Us', 'p99Us', 'p999Us', 'p9999Us'] as const) {
      const expected = exact[key] ?? NaN;
      assert.ok(Math.abs((coarse[key] ?? NaN) - expected) <= expected / 2048 + 0.5, key);
    }
  });
});

describe('raw columns', () => {
  it('hold one row per measured call with its instants, outcome and stream counts', () => {
    const recorded = play(
      [
        { intendedNs: 0, dispatchNs: 1 * MS, endNs: 9 * MS, messages: [{ atNs: 5 * MS }] },
        { intendedNs: 2 * MS, endNs: 3 * MS, messages: [], end: { grpcStatus: 8 } },
        { intendedNs: 4 * MS, endNs: null },
      ],
      { abandonAtNs: 50 * MS, streaming: true },
    );
    const columns = rawColumns(recorded);
    assert.equal(columns.rows, 3);
    assert.equal(columns.complete, true);
    assert.deepEqual(
      Array.from(columns.outcome, (index) => OUTCOMES[index]),
      ['error', 'ok', 'incomplete'],
    );
    assert.deepEqual([...columns.dispatchNs], [2 * MS, 1 * MS, 4 * MS]);
    assert.deepEqual([...columns.endNs], [3 * MS, 9 * MS, 50 * MS]);
    assert.deepEqual([...columns.grpcStatus], [8, 0, 1]);
    assert.deepEqual([...columns.messages], [0, 1, 0]);
    assert.equal(columns.firstMessageNs[1], 5 * MS);
    assert.ok(Number.isNaN(columns.firstMessageNs[0]));
    assert.deepEqual(rawResults(recorded)[1], {
      intendedNs: 0,
      startedAtNs: 1 * MS,
      firstMessageLatencyNs: 4 * MS,
      latencyNs: 8 * MS,
      outcome: 'ok',
      grpcStatus: 0,
      messages: 1,
      tokens: 0,
    });
  });

  it('are written to the chunk that a sink gives back, from its beginning', () => {
    const ends: number[] = [];
    const chunks = new Set<object>();
    let spare: OpenSinkChunk | null = null;
    const recorder = newRecorder({
      slots: 1,
      rawSink: {
        chunk: (chunk) => {
          ends.push(...chunk.endNs.subarray(0, chunk.rows));
          chunks.add(chunk);
          chunk.rows = 0;
          spare = chunk;
        },
        takeSpare: () => spare,
      },
    });
    const total = CHUNK_ROWS * 2 + 5;
    for (let index = 0; index < total; index += 1) {
      recorder.begin(0, index, index, index);
      recorder.onEnd(0, index, OK_END);
    }
    recorder.finish();
    assert.equal(chunks.size, 1);
    assert.deepEqual(
      ends,
      Array.from({ length: total }, (_, index) => index),
    );
  });

  it('reach a sink chunk by chunk, each row once and in order', () => {
    const seen: number[] = [];
    const sizes: number[] = [];
    const total = CHUNK_ROWS * 2 + 5;
    const recorder = newRecorder({
      slots: 1,
      maxRawValues: total + 100,
      rawSink: {
        chunk: (chunk: RawChunk) => {
          sizes.push(chunk.rows);
          seen.push(...chunk.intendedNs.subarray(0, chunk.rows));
        },
      },
    });
    for (let call = 0; call < total; call += 1) {
      recorder.begin(0, call, call, call);
      recorder.onMessage(0, call, ANSWER);
      recorder.onEnd(0, call, OK_END);
    }
    recorder.finish();
    assert.deepEqual(sizes, [CHUNK_ROWS, CHUNK_ROWS, 5]);
    assert.equal(seen.length, total);
    assert.ok(seen.every((intendedNs, index) => intendedNs === index));
  });
});
