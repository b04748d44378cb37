import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { z } from 'zod';
import fc from 'fast-check';
import {
  fractionOf,
  nearestRank,
  percentile,
  percentileOfSorted,
} from '../../src/statistics/percentile.ts';
import { mulberry32 } from '../../src/statistics/seeded-random.ts';
import { assertVector, inputOf, vectors, numbers } from '../support/vectors.ts';

const samples = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), {
  minLength: 1,
  maxLength: 60,
});
const probability = fc.double({ min: 0, max: 1, noNaN: true });

describe('percentile', () => {
  for (const { name, fn } of vectors) {
    if (fn !== 'percentileNearestRank') continue;
    it(`finds rank and value of ${name}`, () => {
      const { values, p } = inputOf(name, z.object({ values: numbers, p: z.array(z.string()) }));
      const sorted = [...values].sort((a, b) => a - b);
      const found = p.map((text) => {
        const [numerator = '', denominator = ''] = text.split('/');
        const fraction = { numerator: BigInt(numerator), denominator: BigInt(denominator) };
        const value = percentileOfSorted(sorted, fraction);
        assert.equal(percentile([...values], Number(numerator) / Number(denominator)), value);
        return [text, { value, rank: nearestRank(sorted.length, fraction) }];
      });
      assertVector(name, Object.fromEntries(found));
    });
  }

  it('takes the exact rank where a binary fraction would take the next', () => {
    const traps = inputOf(
      'percentile_float_rank_traps',
      z.array(z.object({ pct: z.number(), n: z.number() })),
    );
    assertVector(
      'percentile_float_rank_traps',
      traps.map(({ pct, n }) => nearestRank(n, pct / 100)),
    );
  });

  it('sorts its input in place, as the function it stands for does', () => {
    const values = [3, 1, 10, 2];
    assert.equal(percentile(values, 0.5), 2);
    assert.deepEqual(values, [1, 2, 3, 10]);
    assert.equal(percentile(Float64Array.of(3, 1, 10, 2), 0.75), 3);
  });

  it('is null for no values, never 0', () => {
    assert.equal(percentile([], 0.99), null);
  });

  it('refuses a NaN among the values and a probability outside 0 to 1', () => {
    assert.throws(() => percentile([1, NaN], 0.5), { name: 'InvalidSampleError' });
    for (const p of [-0.1, 1.1, NaN]) assert.throws(() => percentile([1], p), RangeError);
    assert.throws(() => nearestRank(5, { numerator: 3n, denominator: 2n }), RangeError);
  });

  it('reads a probability as the decimal that was written', () => {
    assert.deepEqual(fractionOf(0.07), { numerator: 7n, denominator: 100n });
    assert.deepEqual(fractionOf(1e-7), { numerator: 1n, denominator: 10_000_000n });
    assert.deepEqual(fractionOf(1), { numerator: 1n, denominator: 1n });
  });

  it('rises with p and stays between the least and the greatest value', () => {
    fc.assert(
      fc.property(samples, probability, probability, (values, p, q) => {
        const sorted = Float64Array.from(values).sort();
        const low = percentileOfSorted(sorted, Math.min(p, q)) ?? NaN;
        const high = percentileOfSorted(sorted, Math.max(p, q)) ?? NaN;
        assert.ok(Math.min(...values) <= low && low <= high && high <= Math.max(...values));
      }),
    );
  });

  it('has at least a share p of the values at or below it, and fewer below', () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 999 }), (values, permille) => {
        const value = percentile([...values], permille / 1000) ?? NaN;
        const atOrBelow = values.filter((other) => other <= value).length;
        const below = values.filter((other) => other < value).length;
        assert.ok(1000 * atOrBelow >= permille * values.length);
        assert.ok(1000 * below < permille * values.length);
      }),
    );
  });
});

describe('mulberry32', () => {
  it('gives the reference sequence', () => {
    const { seed, count } = inputOf(
      'prng_mulberry32',
      z.object({ seed: z.number(), count: z.number() }),
    );
    const random = mulberry32(seed);
    assertVector('prng_mulberry32', Array.from({ length: count }, random));
  });

  it('gives the same sequence for the same seed and another for another', () => {
    const draw = (seed: number) => Array.from({ length: 4 }, mulberry32(seed));
    assert.deepEqual(draw(7), draw(7));
    assert.notDeepEqual(draw(7), draw(8));
  });
});
