// The histogram against sorted arrays, distributions with known quantiles, and HdrHistogram's layout.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';
import { build } from 'hdr-histogram-js';

import {
  clampedValues,
  HISTOGRAM_RELATIVE_ERROR,
  LogLinearHistogram,
} from '../../../src/harness/recording/log-linear-histogram.ts';
import {
  bucketIndex,
  bucketLow,
  bucketMiddle,
  bucketWidth,
  COARSE_STEPS_LOG2,
  FINE_STEPS_LOG2,
  HIGHEST_TRACKABLE_NS,
} from '../../../src/harness/recording/log-linear-layout.ts';
import {
  nearestRank,
  P50,
  P90,
  P95,
  P99,
  P999,
  P9999,
} from '../../../src/harness/recording/nearest-rank.ts';
import { seededRandom } from './seeded-random.ts';
import { jitterVector } from './vectors.ts';

const QUANTILES = [P50, P90, P95, P99, P999, P9999];
const HOUR_NS = 3_600_000_000_000;
const latency = fc.oneof(
  fc.nat(5000),
  fc.integer({ min: 0, max: HOUR_NS }),
  fc.integer({ min: 0, max: 2 ** 31 }),
);

function histogramOf(values: Iterable<number>): LogLinearHistogram {
  const histogram = new LogLinearHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

describe('log-linear layout', () => {
  it('holds every value in the bucket that says so, at most 1/2048 from its middle', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: HIGHEST_TRACKABLE_NS }), (value) => {
        const index = bucketIndex(value, FINE_STEPS_LOG2);
        const low = bucketLow(index, FINE_STEPS_LOG2);
        assert.ok(low <= value && value < low + bucketWidth(index, FINE_STEPS_LOG2));
        const distance = Math.abs(bucketMiddle(index, FINE_STEPS_LOG2) - value);
        assert.ok(distance <= value * HISTOGRAM_RELATIVE_ERROR);
      }),
      { numRuns: 2000 },
    );
  });

  it('has no gap and no overlap from one bucket to the next, in both resolutions', () => {
    for (const steps of [FINE_STEPS_LOG2, COARSE_STEPS_LOG2]) {
      const last = bucketIndex(HIGHEST_TRACKABLE_NS, steps);
      for (let index = 0; index < last; index += 1) {
        const next = bucketLow(index, steps) + bucketWidth(index, steps);
        assert.equal(bucketLow(index + 1, steps), next);
        assert.equal(bucketIndex(next, steps), index + 1);
        assert.equal(bucketIndex(next - 1, steps), index);
      }
    }
  });

  it('is the layout of HdrHistogram with 3 significant digits, at every power of two and around it', () => {
    const hdr = build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: HIGHEST_TRACKABLE_NS,
      numberOfSignificantValueDigits: 3,
    });
    for (let exponent = 0; exponent < 44; exponent += 1) {
      for (const offset of [-1, 0, 1, 2 ** Math.max(exponent - 5, 0)]) {
        const value = Math.max(2 ** exponent + offset, 0);
        if (value > HIGHEST_TRACKABLE_NS) continue;
        const index = bucketIndex(value, FINE_STEPS_LOG2);
        const low = bucketLow(index, FINE_STEPS_LOG2);
        hdr.reset();
        hdr.recordValue(value);
        // Their percentile is the highest value of the bucket.
        assert.equal(
          hdr.getValueAtPercentile(100),
          low + bucketWidth(index, FINE_STEPS_LOG2) - 1,
          String(value),
        );
      }
    }
  });
});

describe('LogLinearHistogram', () => {
  it('has no minimum, maximum, mean or percentile without values, and no sentinel in their place', () => {
    const empty = new LogLinearHistogram();
    assert.equal(empty.count, 0);
    assert.deepEqual(
      [empty.minNs, empty.maxNs, empty.meanNs, empty.valueAt(P50), empty.valueAt(P9999)],
      [null, null, null, null, null],
    );
  });

  it('reads every percentile of equal values as that value, though buckets are wider', () => {
    const same = histogramOf(new Array<number>(1000).fill(1_003_000));
    for (const quantile of QUANTILES) assert.equal(same.valueAt(quantile), 1_003_000);
    assert.equal(same.minNs, 1_003_000);
    assert.equal(same.maxNs, 1_003_000);
    assert.equal(same.meanNs, 1_003_000);
  });

  it('is within 1/2048 of the nearest rank in the sorted values, never outside [min, max], and monotone', () => {
    fc.assert(
      fc.property(fc.array(latency, { minLength: 1, maxLength: 300 }), (values) => {
        const histogram = histogramOf(values);
        const sorted = Float64Array.from(values).sort();
        let previous = sorted[0] ?? 0;
        for (const quantile of QUANTILES) {
          const exact = sorted[nearestRank(sorted.length, quantile) - 1] ?? NaN;
          const read = histogram.valueAt(quantile) ?? NaN;
          assert.ok(Math.abs(read - exact) <= exact * HISTOGRAM_RELATIVE_ERROR);
          assert.ok(read >= previous && read <= (sorted.at(-1) ?? NaN));
          previous = read;
        }
        assert.equal(histogram.minNs, sorted[0]);
        assert.equal(histogram.maxNs, sorted.at(-1));
        const sum = values.reduce((total, value) => total + BigInt(value), 0n);
        assert.equal(histogram.meanNs, Number(sum) / values.length);
      }),
    );
  });

  it('does not depend on the order of values, nor on how many histograms they were recorded in', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(latency, fc.nat(3), fc.nat(1_000_000)), { maxLength: 200 }),
        (pairs) => {
          const whole = histogramOf(pairs.map(([value]) => value));
          const shuffled = pairs
            .map(([value, , key]) => ({ value, key }))
            .sort((a, b) => a.key - b.key);
          const merged = new LogLinearHistogram();
          for (const part of [0, 1, 2, 3]) {
            const values = pairs.filter(([, group]) => group === part).map(([value]) => value);
            merged.merge(histogramOf(values).data());
          }
          for (const other of [merged, histogramOf(shuffled.map(({ value }) => value))]) {
            assert.deepEqual(other.data().totals, whole.data().totals);
            assert.deepEqual(nonZero(other), nonZero(whole));
          }
        },
      ),
    );
  });

  it('sums exactly beyond 2^53 nanoseconds', () => {
    const histogram = new LogLinearHistogram();
    const value = HOUR_NS + 1;
    for (let call = 0; call < 4001; call += 1) histogram.record(value);
    // 4001 · (3.6e12 + 1) is above 2^53 and odd: adding doubles would lose the ones.
    assert.equal(histogram.meanNs, value);
    histogram.record(1);
    const sum = 4001n * BigInt(value) + 1n;
    const expected = Number(sum / 4002n) + Number(sum % 4002n) / 4002;
    assert.equal(histogram.meanNs, expected);
  });

  it('records what is out of range at the limit and counts it, and never yields NaN or a negative value', () => {
    const histogram = histogramOf([-5, NaN, Infinity, HIGHEST_TRACKABLE_NS + 1, 7]);
    assert.equal(clampedValues(histogram.data()), 4);
    assert.equal(histogram.count, 5);
    assert.equal(histogram.minNs, 0);
    assert.equal(histogram.maxNs, HIGHEST_TRACKABLE_NS);
    assert.equal(histogram.valueAt(P50), 7);
  });

  it('takes an hour without clamping', () => {
    const histogram = histogramOf([HOUR_NS, HOUR_NS]);
    assert.equal(clampedValues(histogram.data()), 0);
    assert.equal(histogram.valueAt(P50), HOUR_NS);
  });

  it('finds the quantiles of uniform jitter within their 99.9 % bands', () => {
    const { input, expected } = jitterVector();
    const random = seededRandom(20_240_607);
    const histogram = new LogLinearHistogram();
    for (let call = 0; call < input.n; call += 1) {
      histogram.record(Math.floor((input.baseMs + input.jitterMs * random()) * 1e6));
    }
    for (const { p, lo, hi } of expected.percentiles) {
      const quantile = { numerator: Math.round(p * 1000), denominator: 1000 };
      const readMs = (histogram.valueAt(quantile) ?? NaN) / 1e6;
      assert.ok(readMs >= lo && readMs <= hi, `p${p}: ${readMs} outside [${lo}, ${hi}]`);
    }
    const meanMs = (histogram.meanNs ?? NaN) / 1e6;
    assert.ok(meanMs >= expected.meanBand[0] && meanMs <= expected.meanBand[1]);
  });

  it('finds the quantiles of an exponential law', () => {
    const random = seededRandom(7);
    const n = 200_000;
    const meanNs = 50e6;
    const histogram = new LogLinearHistogram();
    for (let call = 0; call < n; call += 1) {
      histogram.record(Math.floor(-Math.log(1 - random()) * meanNs));
    }
    for (const quantile of [P50, P90, P95, P99, P999]) {
      const p = quantile.numerator / quantile.denominator;
      const theory = -Math.log(1 - p) * meanNs;
      // Standard error of a sample quantile: sqrt(p (1 − p) / n) over the density there; 4 of them, and the bucket.
      const standardError = (meanNs * Math.sqrt(p / (1 - p))) / Math.sqrt(n);
      const tolerance = 4 * standardError + theory * HISTOGRAM_RELATIVE_ERROR;
      const read = histogram.valueAt(quantile) ?? NaN;
      assert.ok(Math.abs(read - theory) <= tolerance, `p=${p}: ${read} against ${theory}`);
    }
  });

  it('grows no larger than the layout, whatever comes', () => {
    const random = seededRandom(3);
    const histogram = new LogLinearHistogram();
    for (let call = 0; call < 100_000; call += 1) {
      histogram.record(Math.floor(2 ** (random() * 44)));
    }
    const buckets = bucketIndex(HIGHEST_TRACKABLE_NS, FINE_STEPS_LOG2) + 1;
    assert.ok(histogram.byteLength <= (buckets + 64) * 8);
  });
});

function nonZero(histogram: LogLinearHistogram): [number, number][] {
  return Array.from(histogram.data().counts, (count, index): [number, number] => [
    index,
    count,
  ]).filter(([, count]) => count > 0);
}
