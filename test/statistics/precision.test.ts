// How many runs a wanted precision takes, and whether it was reached.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rawFromConfig } from '../../src/config/raw-from-config.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { PrecisionGoal } from '../../src/contract/precision.ts';
import type { StoredRun } from '../../src/contract/run-result.ts';
import { plannedRuns, precisionResult } from '../../src/statistics/precision.ts';
import { mulberry32 } from '../../src/statistics/seeded-random.ts';
import { gaussian } from '../support/random-variates.ts';
import { storedRun } from '../support/run-measurements.ts';

const STEIN: PrecisionGoal = {
  target: 0.02,
  metric: 'throughput_rps',
  rule: 'stein',
  pilotRuns: 6,
  maxRuns: 50,
};

const runsOf = (values: readonly number[]): StoredRun[] =>
  values.map((throughputRps, index) => storedRun(index + 1, { throughputRps }));

/** Mean 1000, standard deviation 40; t(.975, 5) = 2.570582: N = ⌈(2.570582 · 40 / 20)²⌉ = 27. */
const PILOT = [1000 - 50.5964, 1000 + 50.5964, 1000 - 37.9473, 1000 + 37.9473, 1000, 1000];
const SPREAD = Math.sqrt((2 * 50.5964 ** 2 + 2 * 37.9473 ** 2) / 5);

describe("Stein's two stages", () => {
  it('plan once, from the spread of the pilot alone', () => {
    assert.ok(Math.abs(SPREAD - 40) < 1e-3);
    assert.equal(plannedRuns(STEIN, runsOf(PILOT), 6), 27);
    const later = runsOf([...PILOT, ...Array.from({ length: 21 }, (_, i) => 500 + 60 * i)]);
    assert.equal(plannedRuns(STEIN, later, 27), 27);
  });

  it('stop at the limit of runs, and say that the target was not met', () => {
    const goal = { ...STEIN, maxRuns: 12 };
    assert.equal(plannedRuns(goal, runsOf(PILOT), 6), 12);
    const result = precisionResult(goal, runsOf([...PILOT, ...PILOT]));
    assert.equal(result.met, false);
    assert.equal(result.requiredRuns, 27);
    assert.match(
      result.note,
      /^Precision target not met: throughput_rps is known to ±2\.97 % after 12/,
    );
  });

  it('take no further run when the pilot is precise enough, or shows no spread at all', () => {
    assert.equal(plannedRuns(STEIN, runsOf([100, 100.1, 99.9, 100, 100.1, 99.9]), 6), 6);
    assert.equal(plannedRuns(STEIN, runsOf([5, 5, 5, 5, 5, 5]), 6), 6);
    assert.equal(plannedRuns(STEIN, [], 6), 6);
  });

  it('give an interval that covers the true mean in 93.35 to 96.65 % of 2000 benchmarks', () => {
    const normal = gaussian(mulberry32(77));
    let covered = 0;
    for (let trial = 0; trial < 2000; trial++) {
      const draw = (): number => 1000 + 30 * normal();
      const pilot = Array.from({ length: 6 }, draw);
      const planned = plannedRuns({ ...STEIN, maxRuns: 1000 }, runsOf(pilot), 6);
      const all = [...pilot, ...Array.from({ length: planned - 6 }, draw)];
      const { low, high } = precisionResult(STEIN, runsOf(all));
      if (low !== null && high !== null && low <= 1000 && 1000 <= high) covered += 1;
    }
    assert.ok(covered >= 1867 && covered <= 1933, `${covered} of 2000`);
  });
});

describe('the sequential rule', () => {
  const goal: PrecisionGoal = { ...STEIN, rule: 'sequential', pilotRuns: 10, maxRuns: 12 };

  it('adds one run at a time until the target is met or the limit reached, with its caveat', () => {
    const wide = [...PILOT, 900, 1100, 950, 1050];
    assert.equal(plannedRuns(goal, runsOf(wide), 10), 11);
    assert.equal(plannedRuns(goal, runsOf(wide), 12), 12);
    const narrow = Array.from({ length: 10 }, (_, index) => 1000 + index);
    assert.equal(plannedRuns(goal, runsOf(narrow), 10), 10);
    const result = precisionResult(goal, runsOf(narrow));
    assert.equal(result.met, true);
    assert.match(result.note, /covers somewhat less than 95 %/);
  });
});

describe('the options of a precision', () => {
  it('make a goal whose pilot is the number of runs, and survive the way back to a config file', () => {
    const found = resolveConfig({ targetPrecision: '2%', runs: 6, maxRuns: 20 });
    assert.ok(found.kind === 'ok');
    assert.deepEqual(found.config.precision, {
      target: 0.02,
      metric: 'latency_p50',
      rule: 'stein',
      pilotRuns: 6,
      maxRuns: 20,
    });
    assert.deepEqual(resolveConfig(rawFromConfig(found.config)), found);
    const without = resolveConfig({});
    assert.ok(without.kind === 'ok' && !('precision' in without.config));
  });

  it('are refused when they cannot work, each with its reason', () => {
    const paths = (raw: object): readonly string[] => {
      const found = resolveConfig(raw);
      return found.kind === 'ok' ? [] : found.problems.map(({ path }) => path);
    };
    assert.deepEqual(paths({ maxRuns: 20 }), ['maxRuns']);
    assert.deepEqual(paths({ targetPrecision: '2' }), ['targetPrecision']);
    assert.deepEqual(paths({ targetPrecision: '2%', runs: 3 }), ['runs']);
    assert.deepEqual(paths({ targetPrecision: '2%', precisionRule: 'sequential', runs: 9 }), [
      'runs',
    ]);
    assert.deepEqual(paths({ targetPrecision: '2%', maxRuns: 9 }), ['maxRuns']);
    assert.deepEqual(paths({ targetPrecision: '2%', precisionMetric: 'p50' }), ['precisionMetric']);
  });
});
