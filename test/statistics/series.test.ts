import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { z } from 'zod';
import fc from 'fast-check';
import { effectiveSampleSize, ljungBox } from '../../src/statistics/autocorrelation.ts';
import { eDivisiveBest } from '../../src/statistics/e-divisive.ts';
import { ksExponential } from '../../src/statistics/ks-exponential.ts';
import { mser5, type Mser } from '../../src/statistics/mser.ts';
import { peltL2 } from '../../src/statistics/pelt.ts';
import { mulberry32 } from '../../src/statistics/seeded-random.ts';
import { exponential, gaussian } from '../support/random-variates.ts';
import { assertVector, inputOf, vectors, numbers } from '../support/vectors.ts';

describe('autocorrelation', () => {
  for (const { name, fn } of vectors) {
    if (fn !== 'ljungBox') continue;
    it(`agrees with the reference on ${name}`, () => {
      const { values, lags } = inputOf(name, z.object({ values: numbers, lags: z.number() }));
      assertVector(name, ljungBox(values, lags));
    });
  }

  for (const { name, fn } of vectors) {
    if (fn !== 'effectiveSampleSize') continue;
    it(`counts the effective values of ${name}`, () => {
      assertVector(name, effectiveSampleSize(inputOf(name, numbers)));
    });
  }

  it('keeps the digits of a tiny p', () => {
    const { values, lags } = inputOf(
      'ljungbox_ar1_120',
      z.object({ values: numbers, lags: z.number() }),
    );
    const p = ljungBox(values, lags)?.p ?? 1;
    assert.ok(Math.abs(p / 6.5568956028516865e-21 - 1) < 1e-9, `p ${p}`);
  });

  it('is not defined for a constant or too short series', () => {
    assert.equal(ljungBox([4, 4, 4, 4], 2), null);
    assert.equal(ljungBox([1, 2], 2), null);
    assert.equal(effectiveSampleSize([1]).ess, null);
  });
});

describe('MSER-5', () => {
  for (const { name, fn } of vectors) {
    if (fn !== 'mser5') continue;
    it(`cuts ${name} where the reference does`, () => {
      assertVector(name, mser5(inputOf(name, numbers)));
    });
  }

  it('has nothing to say of fewer than four batches', () => {
    assert.equal(mser5(Array.from({ length: 19 }, (_, index) => index)), null);
  });

  /** Of 1000 seeded series of one-second means with 1 % of noise. */
  function cutsOf(seconds: number, levelAt: (second: number) => number): readonly Mser[] {
    return Array.from({ length: 1000 }, (_, trial) => {
      const normal = gaussian(mulberry32(trial + 1));
      const means = Array.from({ length: seconds }, (__, second) => {
        return levelAt(second + 0.5) * (1 + 0.01 * normal());
      });
      return mser5(means) ?? assert.fail('too short');
    });
  }
  const warmingUp = (tau: number) => (second: number) => 1 + 3 * Math.exp(-second / tau);
  const within = (cuts: readonly Mser[], low: number, high: number): number =>
    cuts.filter(({ truncIndex }) => truncIndex >= low && truncIndex <= high).length;

  it('cuts a warm-up that decays in 5 s and leaves the level of the rest (E11)', () => {
    const cuts = cutsOf(120, warmingUp(5));
    assert.equal(cuts.map(({ truncIndex }) => truncIndex).sort((a, b) => a - b)[500], 35);
    // The band holds 99.8 %; of 1000 it loses 9 or fewer with 99.9 %.
    assert.ok(within(cuts, 25, 60) >= 991, `${within(cuts, 25, 60)}`);
    const level = cuts.filter(({ meanAfter }) => Math.abs(meanAfter - 1) <= 0.004).length;
    assert.ok(level >= 991, `${level}`);
  });

  it('cuts a steady drift at its limit, every time (E11)', () => {
    const cuts = cutsOf(120, (second) => 1 + 0.005 * second);
    assert.ok(cuts.every(({ atLimit }) => atLimit));
  });

  it('is at its limit for a warm-up of 10 s in two minutes, and finds its end in four (E11)', () => {
    const short = cutsOf(120, warmingUp(10));
    assert.ok(short.filter(({ atLimit }) => atLimit).length > 500);
    const long = cutsOf(240, warmingUp(10));
    assert.ok(within(long, 50, 120) >= 991, `${within(long, 50, 120)}`);
    const level = long.filter(({ meanAfter }) => Math.abs(meanAfter - 1) <= 0.0027).length;
    assert.ok(level >= 991, `${level}`);
  });
});

describe('PELT', () => {
  for (const { name, fn } of vectors) {
    if (fn !== 'peltL2') continue;
    it(`splits ${name} where the reference does`, () => {
      const { values, penalty, minSegment } = inputOf(
        name,
        z.object({ values: numbers, penalty: z.number().optional(), minSegment: z.number() }),
      );
      const priced = penalty === undefined ? { minSegment } : { minSegment, penalty };
      assertVector(name, peltL2(values, priced));
      const byItself = peltL2(values, { minSegment });
      if (penalty !== undefined && byItself !== null) {
        assert.ok(Math.abs(byItself.penalty - penalty) < 1e-9 * penalty);
      }
    });
  }

  it('finds what trying every split finds', () => {
    const series = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 6, maxLength: 24 });
    fc.assert(
      fc.property(
        series,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 60 }),
        (values, minSegment, penalty) => {
          const found = peltL2(values, { minSegment, penalty });
          assert.ok(found);
          assert.ok(Math.abs(found.totalCost - leastCost(values, minSegment, penalty)) < 1e-9);
        },
      ),
    );
  });
});

/** Optimal partitioning without pruning, each cost from scratch. */
function leastCost(values: readonly number[], minSegment: number, penalty: number): number {
  const cost = (from: number, to: number): number => {
    const part = values.slice(from, to);
    const centre = part.reduce((sum, value) => sum + value, 0) / part.length;
    return part.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  };
  const best = [-penalty];
  for (let end = 1; end <= values.length; end++) {
    let least = Infinity;
    for (let start = 0; start <= end - minSegment; start++) {
      least = Math.min(least, (best[start] ?? Infinity) + cost(start, end) + penalty);
    }
    best.push(least);
  }
  return best[values.length] ?? NaN;
}

describe('E-divisive', () => {
  it('finds the change in a history and its significance', () => {
    const input = inputOf(
      'edivisive_history_18',
      z.object({
        values: numbers,
        permutations: z.number(),
        seed: z.number(),
        minSegment: z.number(),
      }),
    );
    assertVector('edivisive_history_18', eDivisiveBest(input.values, input));
  });

  it('has no room in three values and no t-test where nothing varies', () => {
    assert.equal(eDivisiveBest([1, 2, 3], { permutations: 9, seed: 1 }), null);
    const flat = eDivisiveBest([1, 1, 1, 1], { permutations: 9, seed: 1 });
    assert.deepEqual([flat?.tTestP, flat?.pPermutation], [null, 1]);
  });
});

describe('the arrival law', () => {
  it('agrees with the reference on exponential gaps', () => {
    const { values, mean } = inputOf(
      'poisson_arrivals_ks',
      z.object({ values: numbers, mean: z.number() }),
    );
    assertVector('poisson_arrivals_ks', ksExponential(values, mean));
  });

  it('accepts seeded Poisson gaps and refuses constant ones', () => {
    const draw = exponential(mulberry32(20), 5);
    const gaps = Array.from({ length: 2000 }, draw);
    assert.ok(ksExponential(gaps, 5).p >= 0.001);
    const constant = ksExponential(new Float64Array(2000).fill(5), 5);
    assert.ok(constant.p < 1e-12);
    assert.equal(constant.cv, 0);
  });

  it('gives a p that falls smoothly where its two series meet', () => {
    const at = (D: number) => {
      // One gap at the point where the distance to the law is D on both sides of sqrt(1) · D = D.
      return ksExponential([-Math.log(1 - D)], 1).p;
    };
    const values = [0.6, 0.7, 0.8, 0.9, 0.99].map(at);
    for (const [index, p] of values.entries()) {
      const next = values[index + 1];
      if (next !== undefined) assert.ok(next < p);
    }
    // Tabulated: P(K > 0.8) = .5441.
    assert.ok(Math.abs(at(0.8) - 0.5441) < 5e-5);
  });
});
