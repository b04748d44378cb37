// Seconds of a run: what ended in them, what began, what was open.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import type { TimelineBucket } from '../../../src/contract/run-result.ts';
import { mergeRecordings } from '../../../src/harness/recording/recorded-run.ts';
import { MS, play, SECOND, summarize, type ScriptedCall } from './play-calls.ts';

function timeline(calls: readonly ScriptedCall[], abandonAtNs?: number): readonly TimelineBucket[] {
  const recorded = play(calls, abandonAtNs === undefined ? {} : { abandonAtNs });
  return summarize(recorded).timeline ?? assert.fail('no timeline');
}

describe('timeline', () => {
  it('counts by completion, so that a stalled server shows as a gap with null latencies', () => {
    const buckets = timeline([
      { intendedNs: 100 * MS, endNs: 110 * MS },
      // Begun in second 0, freed by the thaw in second 2.
      { intendedNs: 900 * MS, endNs: 2100 * MS },
    ]);
    assert.deepEqual(buckets, [
      {
        second: 0,
        requests: 1,
        errors: 0,
        p50_us: 10_000,
        p99_us: 10_000,
        mean_us: 10_000,
        starts: 2,
        inFlightAtEnd: 1,
      },
      {
        second: 1,
        requests: 0,
        errors: 0,
        p50_us: null,
        p99_us: null,
        mean_us: null,
        starts: 0,
        inFlightAtEnd: 1,
      },
      {
        second: 2,
        requests: 1,
        errors: 0,
        p50_us: 1_200_000,
        p99_us: 1_200_000,
        mean_us: 1_200_000,
        starts: 0,
        inFlightAtEnd: 0,
      },
    ]);
  });

  it('counts errors and degraded answers, and times only ok calls', () => {
    const [bucket] = timeline([
      { intendedNs: 0, endNs: 20 * MS },
      { intendedNs: 0, endNs: MS, end: { grpcStatus: 13, statusMessage: '' } },
      { intendedNs: 0, endNs: MS, messages: [] },
    ]);
    assert.equal(bucket?.requests, 3);
    assert.equal(bucket.errors, 2);
    assert.equal(bucket.p50_us, 20_000);
    assert.equal(bucket.mean_us, 20_000);
  });

  it('keeps calls that never ended in flight to the last bucket', () => {
    const buckets = timeline(
      [
        { intendedNs: 0, endNs: 1500 * MS },
        { intendedNs: 0, endNs: null },
      ],
      9 * SECOND,
    );
    assert.equal(buckets.at(-1)?.second, 1);
    assert.equal(buckets.at(-1)?.inFlightAtEnd, 1);
  });

  it('reads percentiles within 1/512 of the nearest rank and within the extremes of the second', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 900 * MS }), { minLength: 1, maxLength: 80 }),
        (latencies) => {
          const [bucket] = timeline(
            latencies.map((latencyNs) => ({ intendedNs: 0, endNs: latencyNs })),
          );
          const sorted = Float64Array.from(latencies).sort();
          const exactUs = (sorted[Math.ceil(sorted.length / 2) - 1] ?? NaN) / 1000;
          const readUs = bucket?.p50_us ?? NaN;
          assert.ok(Math.abs(readUs - exactUs) <= exactUs / 512 + 0.5);
          assert.ok(readUs >= Math.round((sorted[0] ?? NaN) / 1000));
          assert.ok((bucket?.p99_us ?? NaN) <= Math.round((sorted.at(-1) ?? NaN) / 1000));
        },
      ),
    );
  });

  it('reads percentiles of equal latencies as that latency, though buckets are wider', () => {
    for (const latencyNs of [1_003_000, 7_999_000, 30_106_000]) {
      const [bucket] = timeline(
        Array.from({ length: 100 }, () => ({ intendedNs: 0, endNs: latencyNs })),
      );
      const us = latencyNs / 1000;
      assert.deepEqual([bucket?.p50_us, bucket?.p99_us, bucket?.mean_us], [us, us, us]);
    }
  });

  it('holds every completion of the run exactly once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(5000), fc.nat(3000)), { minLength: 1, maxLength: 60 }),
        (pairs) => {
          const buckets = timeline(
            pairs.map(([start, latency]) => ({
              intendedNs: start * MS,
              endNs: (start + latency) * MS,
            })),
          );
          const total = (key: 'requests' | 'starts'): number =>
            buckets.reduce((sum, bucket) => sum + bucket[key], 0);
          assert.equal(total('requests'), pairs.length);
          assert.equal(total('starts'), pairs.length);
          assert.equal(buckets.at(-1)?.inFlightAtEnd, 0);
          for (const [index, bucket] of buckets.entries()) assert.equal(bucket.second, index);
        },
      ),
    );
  });

  it('adds up threads of different lengths second by second', () => {
    const short = play([{ intendedNs: 0, endNs: 4 * MS }]);
    const long = play([
      { intendedNs: 0, endNs: 8 * MS },
      { intendedNs: 3 * SECOND, endNs: 3 * SECOND + MS },
    ]);
    const merged = summarize(mergeRecordings([short, long])).timeline ?? [];
    assert.equal(merged.length, 4);
    assert.equal(merged[0]?.requests, 2);
    assert.equal(merged[0].p50_us, 4000);
    assert.equal(merged[0].p99_us, 8000);
    assert.equal(merged[0].mean_us, 6000);
    assert.equal(merged[1]?.p50_us, null);
    assert.equal(merged[3]?.requests, 1);
  });

  it('is left out when it is not wanted', () => {
    assert.equal(
      summarize(play([{ intendedNs: 0, endNs: MS }]), { timeSeries: false }).timeline,
      null,
    );
  });
});
