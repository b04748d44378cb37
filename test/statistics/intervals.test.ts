import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { z } from 'zod';
import fc from 'fast-check';
import { bca } from '../../src/statistics/bca.ts';
import { binomialCi } from '../../src/statistics/binomial-interval.ts';
import { chiSquareQuantile, chiSquareUpperTail } from '../../src/statistics/chi-square.ts';
import { cvCi } from '../../src/statistics/cv-interval.ts';
import {
  earlyStoppingBound,
  earlyStoppingMinQueries,
} from '../../src/statistics/early-stopping.ts';
import { medianOrderCi, quantileOrderCiRanks } from '../../src/statistics/order-interval.ts';
import { findOutliers } from '../../src/statistics/outliers.ts';
import { medianOfSorted } from '../../src/statistics/sample.ts';
import { mulberry32 } from '../../src/statistics/seeded-random.ts';
import { steinRuns } from '../../src/statistics/stein.ts';
import { varianceComponents } from '../../src/statistics/variance-components.ts';
import { exponential, gaussian } from '../support/random-variates.ts';
import { assertVector, inputOf, vectors, numbers } from '../support/vectors.ts';

const mean = (sample: Float64Array) =>
  sample.reduce((sum, value) => sum + value, 0) / sample.length;
const median = (sample: Float64Array) => medianOfSorted(sample.sort());

describe('order-statistic intervals', () => {
  for (const name of ['median_order_ci_ranks', 'tail_order_ci_ranks']) {
    it(`takes the exact binomial ranks of ${name}`, () => {
      const cases = inputOf(
        name,
        z.array(z.object({ n: z.number(), q: z.number(), conf: z.number() })),
      );
      assertVector(
        name,
        cases.map(({ n, q, conf }) => quantileOrderCiRanks(n, q, conf)),
      );
    });
  }

  it('encloses the median of ten runs', () => {
    const values = inputOf('median_order_ci_rps_n10', numbers);
    assertVector('median_order_ci_rps_n10', medianOrderCi(values));
  });

  it('has no interval for five values and says what it needs', () => {
    const found = medianOrderCi([1, 2, 3, 4, 5]);
    assert.ok(found);
    assert.deepEqual([found.low, found.high], [null, null]);
    assert.match(found.warnings[0]?.message ?? '', /needs 6/);
    assert.equal(medianOrderCi([]), null);
  });

  it('always encloses the median, whatever the values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 6, maxLength: 40 }),
        (values) => {
          const found = medianOrderCi(values);
          assert.ok(found);
          const { low, median: middle, high } = found;
          assert.ok(low !== null && high !== null);
          assert.ok(low <= middle && middle <= high);
        },
      ),
    );
  });
});

describe('the early-stopping bound', () => {
  it('needs as many queries as the published floors', () => {
    const cases = inputOf(
      'mlperf_min_queries',
      z.array(z.object({ t: z.number(), p: z.number(), c: z.number() })),
    );
    assertVector(
      'mlperf_min_queries',
      cases.map(({ t, p, c }) => earlyStoppingMinQueries(t, p, c)),
    );
  });

  it('takes the largest of 459 values for p99, the second largest of 662, and none of 458', () => {
    const sorted = (n: number) => Float64Array.from({ length: n }, (_, index) => index + 1);
    assert.deepEqual(earlyStoppingBound(sorted(459), 0.99), { upperBound: 459, overruns: 0 });
    assert.deepEqual(earlyStoppingBound(sorted(662), 0.99), { upperBound: 661, overruns: 1 });
    assert.equal(earlyStoppingBound(sorted(458), 0.99), null);
  });

  it('has no end for a percentile of 1', () => {
    assert.equal(earlyStoppingMinQueries(0, 1), null);
  });
});

describe('the BCa bootstrap', () => {
  for (const { name, fn } of vectors) {
    if (fn !== 'bca') continue;
    it(`follows the resampling plan of ${name}`, () => {
      const input = inputOf(
        name,
        z.object({
          values: numbers,
          statistic: z.string(),
          B: z.number(),
          seed: z.number(),
          alpha: z.number(),
        }),
      );
      assertVector(
        name,
        bca(input.values, {
          statistic: input.statistic === 'mean' ? mean : median,
          seed: input.seed,
          resamples: input.B,
          alpha: input.alpha,
        }),
      );
    });
  }

  it('says that equal values have no width and that few values are unreliable', () => {
    const codes = (values: number[]) =>
      bca(values, { statistic: mean, seed: 1, resamples: 200 }).warnings.map(({ code }) => code);
    assert.deepEqual(codes([3, 3, 3, 3, 3, 3, 3, 3]), ['zero-variance']);
    assert.deepEqual(codes([1, 2, 3, 4]), ['few-values']);
  });

  it('stays finite for a statistic that no resample goes below', () => {
    const least = (sample: Float64Array) => Math.min(...sample);
    const found = bca([1, 2, 3, 4, 5, 6, 7, 8], { statistic: least, seed: 1, resamples: 500 });
    for (const value of [found.low, found.high, found.z0]) assert.ok(Number.isFinite(value));
  });
});

describe('a share of calls', () => {
  it('has the reference intervals', () => {
    const cases = inputOf('error_rate_ci', z.array(z.object({ k: z.number(), n: z.number() })));
    assertVector(
      'error_rate_ci',
      cases.map(({ k, n }) => binomialCi(k, n)),
    );
  });

  it('is null for no calls and refuses what is no share', () => {
    assert.equal(binomialCi(0, 0), null);
    for (const [k, n] of [
      [2, 1],
      [-1, 5],
      [0.5, 5],
    ] as const) {
      assert.throws(() => binomialCi(k, n), RangeError);
    }
  });
});

describe('the spread of runs', () => {
  it('has Vangel’s interval for its coefficient of variation', () => {
    assertVector('cv_ci_vangel_rps', cvCi(inputOf('cv_ci_vangel_rps', numbers)));
  });

  it('has no such interval where the approximation fails', () => {
    const wild = cvCi([1, 10, 2, 30]);
    assert.deepEqual([wild?.lowPct, wild?.highPct], [null, null]);
    assert.equal(cvCi([1]), null);
  });

  it('splits into between and within as analysis of variance does', () => {
    assertVector(
      'variance_components_5x4',
      varianceComponents(inputOf('variance_components_5x4', z.array(numbers))),
    );
  });

  it('is not split when runs are unequal in length or nothing varies', () => {
    assert.equal(varianceComponents([[1, 2], [1]]), null);
    const flat = varianceComponents([
      [1, 1],
      [1, 1],
    ]);
    assert.deepEqual([flat?.F, flat?.p, flat?.icc], [null, null, null]);
  });

  it('decides the number of runs from a pilot', () => {
    const { pilot, relativeHalfWidth } = inputOf(
      'stein_two_stage',
      z.object({ pilot: numbers, relativeHalfWidth: z.number() }),
    );
    assertVector('stein_two_stage', steinRuns(pilot, relativeHalfWidth));
    assert.equal(steinRuns([5], 0.01), null);
    assert.throws(() => steinRuns(pilot, 0), RangeError);
  });
});

describe('outliers', () => {
  it('are those that Tukey’s fences and the modified z point out', () => {
    const values = inputOf('outliers_p99', numbers);
    const found = findOutliers(values);
    assertVector('outliers_p99', found);
    assert.deepEqual(found?.modifiedZ.flagged, [29.7]);
  });

  it('are not looked for among four values, nor scored when most values are equal', () => {
    assert.equal(findOutliers([1, 1, 1, 100]), null);
    assert.deepEqual(findOutliers([5, 5, 5, 5, 9])?.modifiedZ.z, [0, 0, 0, 0, null]);
  });
});

describe('the chi-square law', () => {
  it('has the textbook quantiles and keeps the digits of a far tail', () => {
    // Closed forms: 2 degrees of freedom are exponential with mean 2; 1 is a squared normal.
    assert.ok(Math.abs(chiSquareQuantile(0.95, 2) + 2 * Math.log(0.05)) < 1e-12);
    assert.ok(Math.abs(chiSquareQuantile(0.95, 1) - 1.959963984540054 ** 2) < 1e-11);
    assert.ok(Math.abs(chiSquareUpperTail(400, 2) / Math.exp(-200) - 1) < 1e-12);
    assert.equal(chiSquareUpperTail(0, 3), 1);
  });

  it('agrees with simulated sums of squares for odd and even degrees', () => {
    const normal = gaussian(mulberry32(4));
    for (const df of [3, 4]) {
      const limit = chiSquareQuantile(0.9, df);
      let above = 0;
      for (let draw = 0; draw < 20_000; draw++) {
        let sum = 0;
        for (let i = 0; i < df; i++) sum += normal() ** 2;
        if (sum > limit) above += 1;
      }
      // Binomial(20000, .1), 99.9 %.
      assert.ok(above >= 1861 && above <= 2141, `${above} above for ${df}`);
    }
  });

  it('exponential variates have the mean they were asked for', () => {
    const draw = exponential(mulberry32(8), 3);
    let sum = 0;
    for (let i = 0; i < 20_000; i++) sum += draw();
    assert.ok(Math.abs(sum / 20_000 - 3) < 0.07);
  });
});
