// Ranks against reference vectors and whole-number theory.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { nearestRank } from '../../../src/harness/recording/nearest-rank.ts';
import { percentileVector, rankTrapVector } from './vectors.ts';

function ratio(text: string): { numerator: number; denominator: number } {
  const [numerator, denominator] = text.split('/').map(Number);
  return { numerator: numerator ?? NaN, denominator: denominator ?? NaN };
}

describe('nearestRank', () => {
  for (const name of [
    'percentile_nearest_rank_n100',
    'percentile_nearest_rank_small',
    'percentile_p99_is_max_n50',
  ]) {
    it(`finds the ranks of the reference vector ${name}`, () => {
      const { input, expected } = percentileVector(name);
      const sorted = [...input.values].sort((a, b) => a - b);
      assert.ok(input.p.length > 0);
      for (const p of input.p) {
        const rank = nearestRank(sorted.length, ratio(p));
        assert.equal(rank, expected[p]?.rank, p);
        assert.equal(sorted[rank - 1], expected[p]?.value, p);
      }
    });
  }

  it('is not caught where binary floating point rounds p times n up', () => {
    const { input, expected } = rankTrapVector();
    assert.deepEqual(
      input.map(({ pct, n }) => nearestRank(n, { numerator: pct, denominator: 100 })),
      expected,
    );
  });

  it('is never one too high: 1..100, pairs, single values and tenths', () => {
    const rank = (n: number, percent: number): number =>
      nearestRank(n, { numerator: percent, denominator: 100 });
    assert.equal(rank(100, 50), 50);
    assert.equal(rank(100, 99), 99);
    assert.equal(rank(100, 100), 100);
    assert.equal(rank(2, 50), 1);
    assert.equal(rank(10, 95), 10);
    for (const percent of [0, 1, 50, 99, 100]) assert.equal(rank(1, percent), 1);
    assert.equal(rank(100, 0), 1);
  });

  it('stays exact where p times n leaves the safe integers', () => {
    const n = 2 ** 52;
    // ceil(9999 n / 10000) by whole-number arithmetic.
    const expected = Number((9999n * BigInt(n) + 9999n) / 10_000n);
    assert.equal(nearestRank(n, { numerator: 9999, denominator: 10_000 }), expected);
    // And where p times n is whole, which is where a rank one too high comes from.
    assert.equal(nearestRank(n, { numerator: 5000, denominator: 10_000 }), n / 2);
    assert.equal(nearestRank(n, { numerator: 10_000, denominator: 10_000 }), n);
  });

  it('is the least rank that covers the share, for any n and p', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 1, max: 10_000 }),
        (n, numerator) => {
          const rank = BigInt(nearestRank(n, { numerator, denominator: 10_000 }));
          const needed = BigInt(numerator) * BigInt(n);
          return rank * 10_000n >= needed && (rank - 1n) * 10_000n < needed;
        },
      ),
    );
  });
});
