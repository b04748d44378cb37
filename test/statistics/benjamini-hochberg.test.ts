import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { benjaminiHochberg } from '../../src/statistics/benjamini-hochberg.ts';
import { mulberry32 } from '../../src/statistics/seeded-random.ts';

/** The fifteen of Benjamini and Hochberg's paper of 1995 (thrombolysis), of which their procedure finds the first four. */
const PAPER = [
  ...[0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344],
  ...[0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1],
];

describe("Benjamini and Hochberg's step-up", () => {
  it('finds what their paper finds, in whatever order the values come', () => {
    const found = benjaminiHochberg(PAPER, { alpha: 0.05, family: 15 });
    assert.deepEqual(
      found,
      PAPER.map((_, index) => index < 4),
    );
    const reversed = benjaminiHochberg(PAPER.toReversed(), { alpha: 0.05, family: 15 });
    assert.deepEqual(reversed, found.toReversed());
  });

  it('needs only those below the level, when it is told how many there were', () => {
    const small = PAPER.filter((p) => p <= 0.05);
    const found = benjaminiHochberg(small, { alpha: 0.05, family: 15 });
    assert.deepEqual(
      found,
      small.map((_, index) => index < 4),
    );
  });

  it('finds a value above its own step when one after it is at its', () => {
    // 0.04 > 0.05 · 1/2, but 0.045 ≤ 0.05 · 2/2.
    assert.deepEqual(benjaminiHochberg([0.04, 0.045], { alpha: 0.05, family: 2 }), [true, true]);
    assert.deepEqual(benjaminiHochberg([0.04], { alpha: 0.05, family: 2 }), [false]);
    assert.deepEqual(benjaminiHochberg([], { alpha: 0.05, family: 2 }), []);
  });

  it('raises a false alarm among 60 in about as many families as its level says, where nothing is real', () => {
    const random = mulberry32(1);
    const families = 4000;
    let alarms = 0;
    for (let family = 0; family < families; family += 1) {
      const pValues = Array.from({ length: 60 }, () => random());
      if (benjaminiHochberg(pValues, { alpha: 0.05, family: 60 }).includes(true)) alarms += 1;
    }
    // Binomial(4000, 0.05): four standard deviations are 0.0138.
    assert.ok(Math.abs(alarms / families - 0.05) < 0.0138, `${alarms / families}`);
  });
});
