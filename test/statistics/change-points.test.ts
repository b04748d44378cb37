import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { findChangePoints } from '../../src/statistics/change-points.ts';
import { departureOf } from '../../src/statistics/prediction.ts';
import { noisySeries } from '../support/report-series.ts';

const ratio = { scale: 'ratio' } as const;

describe('change points of a series', () => {
  it('finds a shift of 5 % at 40 of 60 results that scatter by 2 %, within one result, and says how far', () => {
    const [change, ...others] = findChangePoints(
      noisySeries({ seed: 1, length: 60, cv: 0.02, at: 40, shift: 0.05 }),
      ratio,
    );
    assert.deepEqual(others, []);
    assert.ok(change !== undefined && Math.abs(change.index - 40) <= 1, `at ${change?.index}`);
    assert.ok(change.p < 0.001);
    assert.ok((change.low ?? 1) < 0.05 && (change.high ?? 0) > 0.05, 'the interval holds 5 %');
  });

  it('finds that shift in most of 100 histories, nearly always within three results', () => {
    const places = Array.from({ length: 100 }, (_, seed) =>
      findChangePoints(noisySeries({ seed, length: 60, cv: 0.02, at: 40, shift: 0.05 }), ratio).map(
        ({ index }) => Math.abs(index - 40),
      ),
    );
    const within = (results: number): number =>
      places.filter((found) => found.some((distance) => distance <= results)).length;
    assert.ok(within(1) >= 80, `${within(1)} within one`);
    assert.ok(within(3) >= 93, `${within(3)} within three`);
  });

  it('gives no alarm in 20 histories in which nothing changed, and few in 200', () => {
    const alarms = Array.from({ length: 200 }, (_, index) =>
      findChangePoints(noisySeries({ seed: index + 1, length: 60, cv: 0.02 }), ratio),
    ).map((found) => found.length > 0);
    assert.equal(alarms.slice(0, 20).filter(Boolean).length, 0);
    // 1.2 % of such histories (6 of 500) give one.
    assert.ok(alarms.filter(Boolean).length <= 8);
  });

  it('finds a shift and its way back, in both directions', () => {
    const there = noisySeries({ seed: 3, length: 40, cv: 0.01, at: 20, shift: 0.1 });
    const back = noisySeries({ seed: 4, length: 20, cv: 0.01 });
    const found = findChangePoints([...there, ...back], ratio);
    assert.deepEqual(
      found.map(({ index, magnitude }) => [index, Math.sign(magnitude ?? 0)]),
      [
        [20, 1],
        [40, -1],
      ],
    );
  });

  it('is silent about a sure change that is too small to matter', () => {
    const values = noisySeries({ seed: 5, length: 60, cv: 0.001, at: 30, shift: 0.02 });
    assert.deepEqual(findChangePoints(values, ratio), []);
    assert.equal(findChangePoints(values, { ...ratio, minMagnitude: 0.01 })[0]?.index, 30);
  });

  it('finds an error rate that left zero, by its difference', () => {
    const values = [...Array<number>(10).fill(0), ...Array<number>(5).fill(0.2)];
    const [change] = findChangePoints(values, { scale: 'difference', minMagnitude: 0.01 });
    assert.deepEqual([change?.index, change?.magnitude, change?.p], [10, 0.2, 0]);
  });

  it('finds what left a level of 0, which has no ratio, and says so', () => {
    const values = [...Array<number>(8).fill(0), ...Array<number>(6).fill(900)];
    const found = findChangePoints(values, ratio);
    assert.deepEqual(found, [
      {
        index: 8,
        before: 0,
        after: 900,
        magnitude: null,
        magnitudeAbsence: 'a level of 0 has no ratio to another',
        low: null,
        high: null,
        p: 0,
      },
    ]);
    const [back] = findChangePoints(values.toReversed(), ratio);
    assert.deepEqual([back?.index, back?.magnitude, back?.before, back?.after], [6, -1, 900, 0]);
  });

  it('has numbers that are finite or null, of any values, zeros among them', () => {
    const value = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1e9 }));
    const levels = fc.array(fc.tuple(value, fc.integer({ min: 1, max: 12 })), { maxLength: 5 });
    fc.assert(
      fc.property(levels, fc.constantFrom('ratio', 'difference'), (parts, scale) => {
        const values = parts.flatMap(([level, length]) => Array<number>(length).fill(level));
        for (const change of findChangePoints(values, { scale })) {
          const { magnitudeAbsence, ...figures } = change;
          for (const [name, figure] of Object.entries(figures)) {
            assert.ok(figure === null || Number.isFinite(figure), `${name} ${figure}`);
          }
          assert.equal(magnitudeAbsence === undefined, change.magnitude !== null);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('needs two results on each side, and has nothing to say of fewer', () => {
    assert.deepEqual(findChangePoints([1, 1, 9], ratio), []);
    assert.deepEqual(findChangePoints([], ratio), []);
  });

  it('does not depend on the unit, ends, and gives ascending places for any values', () => {
    const value = fc.integer({ min: 1, max: 1000 });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 80 }), (values) => {
        const places = findChangePoints(values, ratio).map(({ index }) => index);
        const scaled = findChangePoints(
          values.map((one) => one * 1024),
          ratio,
        ).map(({ index }) => index);
        assert.deepEqual(scaled, places);
        assert.deepEqual(
          places,
          places.toSorted((a, b) => a - b),
        );
        assert.ok(places.every((place) => place >= 2 && place <= values.length - 2));
      }),
      { numRuns: 50 },
    );
  });
});

describe('the departure of a new result from earlier ones', () => {
  it('is judged by the t-interval of the next value', () => {
    // Mean 10, s 1, n 5: se = sqrt(1 + 1/5) = 1.0954; t(.975, 4) = 2.7764; 13 is t = 2.7386, p = .0520.
    const values = [9, 9, 10, 11, 11];
    const found = departureOf(values, 13, 'difference');
    assert.ok(found);
    assert.equal(found.expected, 10);
    assert.equal(found.magnitude, 3);
    assert.ok(Math.abs(found.high - 3 - 2.7764 * 1.0954) < 1e-3);
    assert.ok(Math.abs(found.p - 0.052) < 5e-4, `p ${found.p}`);
  });

  it('is relative for what scales, about the geometric mean', () => {
    const found = departureOf([90, 100, 1e4 / 90], 150, 'ratio');
    assert.ok(found);
    assert.ok(Math.abs(found.expected - 100) < 1e-9);
    assert.ok(Math.abs(found.magnitude - 0.5) < 1e-12);
  });

  it('is certain where nothing ever varied, and unknown without a scatter or a logarithm', () => {
    assert.equal(departureOf([0, 0, 0], 0.5, 'difference')?.p, 0);
    assert.equal(departureOf([0, 0, 0], 0, 'difference')?.p, 1);
    assert.equal(departureOf([5], 6, 'ratio'), null);
    assert.equal(departureOf([5, 0], 6, 'ratio'), null);
  });
});
