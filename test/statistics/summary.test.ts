import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { z } from 'zod';
import fc from 'fast-check';
import { InvalidSampleError } from '../../src/statistics/sample.ts';
import { mulberry32 } from '../../src/statistics/seeded-random.ts';
import { computeStats, summary, summaryLatency } from '../../src/statistics/summary.ts';
import { gaussian } from '../support/random-variates.ts';
import { assertVector, expectedOf, inputOf, vectors, numbers } from '../support/vectors.ts';

const finite = fc.double({ min: -1e12, max: 1e12, noNaN: true });
const samples = fc.array(finite, { minLength: 1, maxLength: 30 });

describe('summary', () => {
  for (const { name, fn } of vectors) {
    if (fn !== 'summary') continue;
    it(`agrees with exact rational arithmetic on ${name}`, () => {
      assertVector(name, summary(inputOf(name, numbers)));
    });
  }

  for (const { name, fn } of vectors) {
    if (fn !== 'summaryLatency') continue;
    it(`refuses ${name} by its kind`, () => {
      const values = inputOf(name, z.array(z.union([z.number(), z.string()]))).map(Number);
      const { error } = expectedOf(name, z.object({ error: z.string() }));
      assert.throws(
        () => summaryLatency(values),
        (thrown) => thrown instanceof InvalidSampleError && thrown.defect === error,
      );
    });
  }

  it('warns that equal values carry no information about the spread', () => {
    const codes = summary([7.25, 7.25, 7.25, 7.25, 7.25, 7.25]).warnings.map(({ code }) => code);
    assert.deepEqual(codes, ['zero-variance']);
  });

  it('warns of few values and of an interval that contains zero', () => {
    const codes = summary([1e-12, 2e-12, 4e-12, 8e-12]).warnings.map(({ code }) => code);
    assert.deepEqual(codes, ['few-values', 'crosses-zero']);
  });

  it('gives every constant sample a spread of exactly zero', () => {
    fc.assert(
      fc.property(finite, fc.integer({ min: 2, max: 50 }), (value, n) => {
        const all = summary(Array.from({ length: n }, () => value));
        assert.ok(all.sd === 0 && all.mean === value, `sd ${all.sd}, mean ${all.mean}`);
      }),
    );
  });

  it('does not depend on the order of the values, to the last bit', () => {
    fc.assert(
      fc.property(samples, fc.integer(), (values, seed) => {
        const random = mulberry32(seed);
        const shuffled = values
          .map((value) => ({ value, key: random() }))
          .sort((a, b) => a.key - b.key)
          .map(({ value }) => value);
        assert.deepEqual(summary(shuffled), summary(values));
      }),
    );
  });

  it('scales with the unit of its values', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 30 }), (values) => {
        const once = summary(values);
        // A power of two changes no mantissa, so equality is exact.
        const scaled = summary(values.map((value) => value * 1024));
        assert.equal(scaled.mean, once.mean * 1024);
        assert.equal(scaled.median, once.median * 1024);
        assert.equal(scaled.cvPct, once.cvPct);
      }),
    );
  });

  it('keeps min <= median, mean <= max', () => {
    fc.assert(
      fc.property(samples, (values) => {
        const { min, median, mean, max } = summary(values);
        const slack = Math.max(Math.abs(min), Math.abs(max)) * 1e-12;
        assert.ok(min <= median && median <= max);
        assert.ok(min - slack <= mean && mean <= max + slack);
      }),
    );
  });

  it('covers the true mean in 95 % of seeded normal samples of ten', () => {
    const normal = gaussian(mulberry32(20261125));
    let covered = 0;
    for (let repetition = 0; repetition < 2000; repetition++) {
      const { ciLow, ciHigh } = summary(Array.from({ length: 10 }, () => 100 + 3 * normal()));
      if (ciLow !== null && ciHigh !== null && ciLow <= 100 && 100 <= ciHigh) covered += 1;
    }
    assert.ok(covered >= 1867 && covered <= 1931, `covered ${covered} of 2000`);
  });
});

describe('computeStats', () => {
  it('is null throughout for no runs', () => {
    assert.deepEqual(new Set(Object.values(computeStats([]))), new Set([null]));
  });

  it('has a centre but no spread for one run', () => {
    assert.deepEqual(computeStats([42]), {
      median: 42,
      mean: 42,
      stddev: null,
      ci95_low: null,
      ci95_high: null,
      cv_pct: null,
      min: 42,
      max: 42,
    });
  });

  it('has the standard deviation of a sample (n - 1), 0 for equal values', () => {
    assert.equal(computeStats([10, 10, 10]).stddev, 0);
    assert.ok(Math.abs((computeStats([1, 2, 3, 4]).stddev ?? NaN) - 1.290994) < 1e-6);
  });

  it('has no coefficient of variation around a mean of zero', () => {
    assert.equal(computeStats([-1, 0, 1]).cv_pct, null);
  });

  it('leaves its input alone and refuses a NaN', () => {
    const values = [3, 1, 2];
    computeStats(values);
    assert.deepEqual(values, [3, 1, 2]);
    assert.throws(() => computeStats([1, NaN]), { name: 'InvalidSampleError' });
  });
});
