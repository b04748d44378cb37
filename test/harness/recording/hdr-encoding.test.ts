// Encoded histograms against another implementation, in both directions, and against damage.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';
import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64 } from 'hdr-histogram-js';

import { BenchmarkError } from '../../../src/contract/failure.ts';
import {
  decodeHdrV2,
  decodeHistogram,
  encodeHdrV2,
  encodeHistogram,
} from '../../../src/harness/recording/hdr-encoding.ts';
import { LogLinearHistogram } from '../../../src/harness/recording/log-linear-histogram.ts';
import { bucketIndex, FINE_STEPS_LOG2 } from '../../../src/harness/recording/log-linear-layout.ts';
import { seededRandom } from './seeded-random.ts';

const HOUR_NS = 3_600_000_000_000;
const PERCENTS = [50, 90, 95, 99];

function skewedValues(count: number): number[] {
  const random = seededRandom(42);
  return Array.from({ length: count }, () => Math.floor(2 ** (10 + random() * 31)));
}

function bucket(value: number): number {
  return bucketIndex(value, FINE_STEPS_LOG2);
}

describe('encodeHdrV2', () => {
  it('is read by hdr-histogram-js with the same count and the same percentiles', () => {
    const histogram = new LogLinearHistogram();
    const reference = build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: 2 ** 44 - 1,
      numberOfSignificantValueDigits: 3,
    });
    for (const value of [...skewedValues(20_000), 0, 0, 1, HOUR_NS]) {
      histogram.record(value);
      reference.recordValue(value);
    }
    const decoded = decodeFromCompressedBase64(encodeHdrV2(histogram.data()));
    assert.equal(decoded.totalCount, histogram.count);
    for (const percent of PERCENTS) {
      assert.equal(decoded.getValueAtPercentile(percent), reference.getValueAtPercentile(percent));
      const ours = histogram.valueAt({ numerator: percent, denominator: 100 }) ?? NaN;
      assert.equal(bucket(decoded.getValueAtPercentile(percent)), bucket(ours));
    }
    assert.equal(decoded.mean, reference.mean);
    assert.equal(bucket(decoded.maxValue), bucket(reference.maxValue));
  });

  it('is read when it holds a single value, or none', () => {
    const histogram = new LogLinearHistogram();
    assert.equal(decodeFromCompressedBase64(encodeHdrV2(histogram.data())).totalCount, 0);
    histogram.record(12_345);
    const decoded = decodeFromCompressedBase64(encodeHdrV2(histogram.data()));
    assert.equal(decoded.totalCount, 1);
    assert.equal(bucket(decoded.getValueAtPercentile(50)), bucket(12_345));
  });

  it('survives counts of any size up to 2^51', () => {
    for (const count of [1, 63, 64, 8191, 8192, 2 ** 31, 2 ** 40, 2 ** 51]) {
      const counts = new Float64Array(5000);
      counts[4321] = count;
      const totals = new LogLinearHistogram().data().totals;
      const text = encodeHdrV2({ counts, totals });
      assert.equal(decodeHdrV2(text).count, count);
      assert.equal(decodeFromCompressedBase64(text, 64).totalCount, count);
    }
  });
});

describe('decodeHdrV2', () => {
  it('reads back every bucket of what was encoded', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: HOUR_NS }), { maxLength: 100 }), (values) => {
        const histogram = new LogLinearHistogram();
        for (const value of values) histogram.record(value);
        const decoded = decodeHdrV2(encodeHdrV2(histogram.data()));
        const before = histogram.data().counts;
        const after = decoded.data().counts;
        assert.equal(decoded.count, values.length);
        for (let index = 0; index < after.length; index += 1) {
          assert.equal(after[index], before[index] ?? 0);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('reads what hdr-histogram-js encodes', () => {
    const theirs = build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: HOUR_NS,
      numberOfSignificantValueDigits: 3,
    });
    for (const value of skewedValues(5000)) theirs.recordValue(value);
    const decoded = decodeHdrV2(encodeIntoCompressedBase64(theirs));
    assert.equal(decoded.count, theirs.totalCount);
    for (const percent of PERCENTS) {
      const ours = decoded.valueAt({ numerator: percent, denominator: 100 }) ?? NaN;
      assert.equal(bucket(ours), bucket(theirs.getValueAtPercentile(percent)));
    }
    assert.ok(Math.abs((decoded.meanNs ?? NaN) / theirs.mean - 1) < 1e-3);
  });

  it('merges decoded histograms of two runs as if all values had been in one', () => {
    const values = skewedValues(2000);
    const [whole, first, second] = [
      new LogLinearHistogram(),
      new LogLinearHistogram(),
      new LogLinearHistogram(),
    ];
    values.forEach((value, index) => {
      whole.record(value);
      (index % 3 === 0 ? first : second).record(value);
    });
    const merged = decodeHdrV2(encodeHdrV2(first.data()));
    merged.merge(decodeHdrV2(encodeHdrV2(second.data())).data());
    for (const percent of PERCENTS) {
      const quantile = { numerator: percent, denominator: 100 };
      assert.equal(merged.valueAt(quantile), whole.valueAt(quantile));
    }
  });

  it('refuses damaged text with a code, whatever is damaged', () => {
    const histogram = new LogLinearHistogram();
    for (const value of skewedValues(100)) histogram.record(value);
    const good = Buffer.from(encodeHdrV2(histogram.data()), 'base64');
    const other = build({ numberOfSignificantValueDigits: 2 });
    other.recordValue(5);
    const bad = [
      '',
      'not base64 at all',
      good.subarray(0, 20).toString('base64'),
      good.subarray(0, good.length - 4).toString('base64'),
      Buffer.concat([good.subarray(0, 8), Buffer.alloc(good.length - 8)]).toString('base64'),
      encodeIntoCompressedBase64(other),
    ];
    for (const text of bad) {
      assert.throws(
        () => decodeHdrV2(text),
        (thrown) => thrown instanceof BenchmarkError && thrown.code === 'artifact-corrupt',
      );
    }
  });

  it('never crashes on flipped bits: it decodes or refuses', () => {
    const histogram = new LogLinearHistogram();
    for (const value of skewedValues(50)) histogram.record(value);
    const good = Buffer.from(encodeHdrV2(histogram.data()), 'base64');
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const damaged = Buffer.from(good);
        damaged[at] = (damaged[at] ?? 0) ^ mask;
        try {
          return decodeHdrV2(damaged.toString('base64')).count >= 0;
        } catch (thrown) {
          return thrown instanceof BenchmarkError && thrown.code === 'artifact-corrupt';
        }
      }),
    );
  });
});

describe('encodeHistogram', () => {
  const pooledMax = { numerator: 999, denominator: 1000 };

  it('brings count, minimum, maximum and sum back exactly, which the encoded buckets alone do not', () => {
    const histogram = new LogLinearHistogram();
    const values = [10_000_001, 10_000_003, 15_000_007, 19_999_999];
    for (const value of values) histogram.record(value);
    const stored = encodeHistogram(histogram);
    assert.deepEqual(
      { count: stored.count, minNs: stored.minNs, maxNs: stored.maxNs, sumNs: stored.sumNs },
      { count: 4, minNs: 10_000_001, maxNs: 19_999_999, sumNs: 55_000_010 },
    );
    const decoded = decodeHistogram(stored);
    assert.equal(decoded.minNs, 10_000_001);
    assert.equal(decoded.maxNs, 19_999_999);
    assert.equal(decoded.meanNs, 55_000_010 / 4);
    assert.notEqual(decodeHdrV2(stored.hdrV2Base64).minNs, 10_000_001);
  });

  it('keeps a percentile of pooled runs within the exact extremes of its runs', () => {
    const pooled = new LogLinearHistogram();
    // 2000 times the lowest value of its bucket: the bucket's middle would lie above every value.
    const low = 2 ** 30;
    for (const extra of [0, 1]) {
      const run = new LogLinearHistogram();
      for (let call = 0; call < 1000; call += 1) run.record(low + extra);
      pooled.merge(decodeHistogram(encodeHistogram(run)).data());
    }
    assert.equal(pooled.valueAt(pooledMax), low + 1);
  });

  it('leaves out a sum that a double cannot hold, and extremes where there are no values', () => {
    const histogram = new LogLinearHistogram();
    for (let call = 0; call < 600; call += 1) histogram.record(2 ** 44 - 1);
    assert.equal('sumNs' in encodeHistogram(histogram), false);
    const empty = encodeHistogram(new LogLinearHistogram());
    assert.equal(empty.count, 0);
    assert.equal('minNs' in empty, false);
    assert.equal(decodeHistogram(empty).count, 0);
  });
});
