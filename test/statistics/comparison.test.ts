import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { z } from 'zod';
import fc from 'fast-check';
import { hodgesLehmann } from '../../src/statistics/hodges-lehmann.ts';
import { holm } from '../../src/statistics/holm.ts';
import { mannWhitney } from '../../src/statistics/mann-whitney.ts';
import { permutationExact } from '../../src/statistics/permutation.ts';
import { mulberry32 } from '../../src/statistics/seeded-random.ts';
import { pairedLogRatio, welchLogRatio, welchT } from '../../src/statistics/welch.ts';
import { gaussian } from '../support/random-variates.ts';
import { assertVector, inputOf, vectors, numbers, twoSamples } from '../support/vectors.ts';

const runs = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 4, maxLength: 10 });

describe('Mann-Whitney', () => {
  for (const { name, fn } of vectors) {
    if (fn !== 'mannWhitney') continue;
    it(`agrees with the reference on ${name}`, () => {
      const { a, b, method } = inputOf(
        name,
        twoSamples.extend({ method: z.enum(['exact', 'asymptotic']) }),
      );
      assertVector(name, mannWhitney(a, b, method));
      assert.equal(mannWhitney(a, b).method, method, 'chooses the same method by itself');
    });
  }

  it('says that three against three can show nothing', () => {
    const { warnings } = mannWhitney([1, 2, 3], [10, 11, 12]);
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['under-powered'],
    );
    assert.deepEqual(mannWhitney([1, 2, 3, 4], [5, 6, 7, 8]).warnings, []);
  });

  it('gives the same p when the samples change places', () => {
    fc.assert(
      fc.property(runs, runs, (a, b) => {
        const there = mannWhitney(a, b);
        const back = mannWhitney(b, a);
        assert.ok(Math.abs(there.p - back.p) < 1e-12);
        assert.equal(there.U1, back.U2);
        assert.ok(there.p > 0 && there.p <= 1);
      }),
    );
  });

  it('depends on ranks only', () => {
    fc.assert(
      fc.property(runs, runs, (a, b) => {
        const logs = mannWhitney(a.map(Math.log), b.map(Math.log));
        assert.equal(logs.p, mannWhitney(a, b).p);
      }),
    );
  });

  it('rejects equal systems as often as its level says', () => {
    const normal = gaussian(mulberry32(101));
    const ten = () => Array.from({ length: 10 }, () => 100 * (1 + 0.03 * normal()));
    let mannWhitneyRejects = 0;
    let welchRejects = 0;
    for (let pair = 0; pair < 1000; pair++) {
      const a = ten();
      const b = ten();
      if (mannWhitney(a, b).p <= 0.05) mannWhitneyRejects += 1;
      if ((welchLogRatio(a, b)?.p ?? 1) <= 0.05) welchRejects += 1;
    }
    // Binomial(1000, .05), 99.9 %.
    for (const rejects of [mannWhitneyRejects, welchRejects]) {
      assert.ok(rejects >= 29 && rejects <= 74, `${rejects} of 1000`);
    }
  });

  it('finds a shift of 5 % at a scatter of 3 % with ten runs a side in at least 85 %', () => {
    const normal = gaussian(mulberry32(102));
    const ten = (centre: number) =>
      Array.from({ length: 10 }, () => centre * (1 + 0.03 * normal()));
    let found = 0;
    for (let pair = 0; pair < 1000; pair++) {
      if (mannWhitney(ten(100), ten(105)).p <= 0.05) found += 1;
    }
    assert.ok(found >= 850, `${found} of 1000`);
  });
});

describe('the Hodges-Lehmann shift', () => {
  it('agrees with the reference', () => {
    const { a, b } = inputOf('hodges_lehmann_6v6', twoSamples);
    assertVector('hodges_lehmann_6v6', hodgesLehmann(a, b));
  });

  it('has no interval where no confidence of 95 % is possible', () => {
    const { shift, low, high } = hodgesLehmann([1, 2, 3], [11, 12, 13]);
    assert.deepEqual([shift, low, high], [-10, null, null]);
  });

  it('moves with one sample and turns its sign with the order', () => {
    fc.assert(
      fc.property(runs, runs, fc.integer({ min: -1000, max: 1000 }), (a, b, offset) => {
        const { shift } = hodgesLehmann(a, b);
        assert.equal(
          hodgesLehmann(
            a.map((value) => value + offset),
            b,
          ).shift,
          shift + offset,
        );
        assert.ok(hodgesLehmann(b, a).shift === -shift);
      }),
    );
  });

  it('covers the true shift with its interval, small samples and large', () => {
    const normal = gaussian(mulberry32(7));
    for (const [n, repetitions, least] of [
      [10, 1000, 929],
      [120, 60, 51],
    ] as const) {
      let covered = 0;
      for (let repetition = 0; repetition < repetitions; repetition++) {
        const a = Array.from({ length: n }, () => 5 + normal());
        const b = Array.from({ length: n }, normal);
        const { low, high } = hodgesLehmann(a, b);
        if (low !== null && high !== null && low <= 5 && 5 <= high) covered += 1;
      }
      // Binomial, one-sided 99.9 % at a coverage of .95.
      assert.ok(covered >= least, `${covered} of ${repetitions} at n = ${n}`);
    }
  });
});

describe('Welch', () => {
  for (const name of ['welch_6v6', 'welch_zero_variance']) {
    it(`agrees with the reference on ${name}`, () => {
      const { a, b } = inputOf(name, twoSamples);
      assertVector(name, welchT(a, b));
    });
  }

  it('gives the ratio of geometric means from the logarithms', () => {
    const { a, b } = inputOf('welch_log_ratio', twoSamples);
    const found = welchLogRatio(a, b);
    assertVector('welch_log_ratio', { ...found, ratioLow: found?.low, ratioHigh: found?.high });
  });

  it('takes interleaved pairs together', () => {
    const { a, b } = inputOf('paired_log_ratio_duet', twoSamples);
    assertVector('paired_log_ratio_duet', pairedLogRatio(a, b));
  });

  it('has no p where neither side varies but they differ, never a p of 0', () => {
    const found = welchT([5, 5, 5], [6, 6, 6]);
    assert.equal(found?.p, null);
    assert.deepEqual(
      found.warnings.map(({ code }) => code),
      ['zero-variance'],
    );
    assert.equal(pairedLogRatio([2, 2], [1, 1])?.p, null);
  });

  it('is null for one value a side, unequal pairs and values without a logarithm', () => {
    assert.equal(welchT([1], [1, 2]), null);
    assert.equal(welchLogRatio([0, 1], [1, 2]), null);
    assert.equal(pairedLogRatio([1, 2], [1, 2, 3]), null);
  });
});

describe('the exact permutation test', () => {
  it('agrees with complete enumeration', () => {
    const { a, b } = inputOf('permutation_exact_mean_6v6', twoSamples);
    assertVector('permutation_exact_mean_6v6', permutationExact(a, b));
  });

  it('is 1 for equal samples and refuses what it cannot enumerate', () => {
    assert.equal(permutationExact([5, 5], [5, 5])?.p, 1);
    const many = Array.from({ length: 12 }, (_, index) => index);
    assert.equal(permutationExact(many, many), null);
  });
});

describe('Holm', () => {
  for (const name of ['holm', 'holm_unsorted_ties']) {
    it(`agrees with the reference on ${name}`, () => {
      const { p, alpha } = inputOf(name, z.object({ p: numbers, alpha: z.number() }));
      assertVector(name, holm(p, alpha));
    });
  }

  it('never lowers a p and never changes their order', () => {
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(probability, { minLength: 1, maxLength: 9 }), (pValues) => {
        const { adjusted } = holm(pValues);
        for (const [i, p] of pValues.entries()) {
          assert.ok((adjusted[i] ?? -1) >= p);
          for (const [j, q] of pValues.entries()) {
            if (p < q) assert.ok((adjusted[i] ?? 2) <= (adjusted[j] ?? -1));
          }
        }
      }),
    );
  });
});
