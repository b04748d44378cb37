// Steady or not: seeded series whose truth is known.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { effectiveCallsGate, steadyStateGate } from '../../src/harness/gates/steadiness-gates.ts';
import { percentileIntervals } from '../../src/statistics/percentile-interval.ts';
import { mulberry32 } from '../../src/statistics/seeded-random.ts';
import { steadinessOf } from '../../src/statistics/steadiness.ts';
import { linearTrend } from '../../src/statistics/trend.ts';
import { gaussian } from '../support/random-variates.ts';

/** One-second means of 10 ms with 1 % noise, times `shape`, over a minute after five trimmed seconds. */
function judged(seed: number, shape: (second: number) => number, lengthS = 60) {
  const normal = gaussian(mulberry32(seed));
  const seconds = Array.from({ length: lengthS }, (_, second) => ({
    second,
    meanUs: 10_000 * shape(second) * (1 + 0.01 * normal()),
  }));
  const steadiness = steadinessOf({ seconds, windowStart: 5 });
  return { steadiness, gate: steadyStateGate({ steadiness, windowStartMs: 5000 }) };
}

const SEEDS = Array.from({ length: 200 }, (_, index) => index + 1);
const share = (count: number): number => count / SEEDS.length;
const statuses = (shape: (second: number) => number): string[] =>
  SEEDS.map((seed) => judged(seed, shape).gate.status);
const shareOf = (list: readonly string[], status: string): number =>
  share(list.filter((each) => each === status).length);

describe('the steady-state gate', () => {
  it('fails every run whose latency drifts by .5 % a second', () => {
    assert.deepEqual([...new Set(statuses((second) => 1 + 0.005 * second))], ['fail']);
    assert.deepEqual([...new Set(statuses((second) => 1.5 - 0.005 * second))], ['fail']);
  });

  it('passes nearly every level run and fails none of 200', () => {
    const clean = statuses(() => 1);
    assert.equal(shareOf(clean, 'fail'), 0);
    assert.ok(shareOf(clean, 'pass') >= 0.9, `${shareOf(clean, 'pass')} pass`);
  });

  it('says of a lasting step in the last quarter that there is no one level', () => {
    const { steadiness, gate } = judged(1, (second) => (second < 48 ? 1 : 1.2));
    assert.deepEqual(steadiness.levels?.changesAtSecond, [48]);
    assert.equal(steadiness.levels.shape, 'no-steady-state');
    assert.equal(gate.status, 'fail');
    assert.match(gate.message, /lasts for less than half of the window/);
  });

  it('tells a warm-up that reaches into the window from a slowdown', () => {
    const early = (factor: number) => judged(2, (second) => (second < 20 ? factor : 1)).steadiness;
    assert.equal(early(1.3).levels?.shape, 'warm-up');
    assert.equal(early(0.7).levels?.shape, 'slowdown');
    assert.equal(early(1.3).levels?.steadyShare, 40 / 55);
  });

  it('does not judge fewer than ten seconds, and passes a latency that never varies', () => {
    assert.equal(judged(1, () => 1, 14).gate.status, 'not-measured');
    const seconds = Array.from({ length: 30 }, (_, second) => ({ second, meanUs: 10_000 }));
    const steadiness = steadinessOf({ seconds, windowStart: 0 });
    assert.equal(steadyStateGate({ steadiness, windowStartMs: 0 }).status, 'pass');
    assert.equal(steadiness.dependence, null);
  });

  it('finds the end of a warm-up that falls off with a time constant of 5 s between 25 and 60 s (E11)', () => {
    const cuts = SEEDS.map(
      (seed) =>
        judged(seed, (second) => 1 + 3 * Math.exp(-second / 5), 120).steadiness.warmup
          ?.steadyFromSecond ?? 0,
    );
    assert.ok(share(cuts.filter((cut) => cut >= 25 && cut <= 60).length) >= 0.99);
  });
});

describe('a warm-up too long for its window (E11)', () => {
  it('makes the gate ask for a longer one', () => {
    const gates = SEEDS.map((seed) =>
      judged(seed, (second) => 1 + 3 * Math.exp(-second / 10), 120),
    ).filter(({ steadiness }) => steadiness.warmup?.atLimit === true);
    assert.ok(gates.length > SEEDS.length / 2, `${gates.length} of ${SEEDS.length}`);
    for (const { gate } of gates) {
      assert.notEqual(gate.status, 'pass');
      assert.match(gate.message, /never settles .*: measure for longer/);
    }
  });
});

describe('a linear trend', () => {
  it('has the slope and drift of a straight line and no doubt about them', () => {
    const trend = linearTrend(Float64Array.from({ length: 11 }, (_, i) => 100 + i));
    assert.ok(trend !== null && trend.driftPct !== null);
    assert.ok(Math.abs(trend.slope - 1) < 1e-12);
    assert.ok(Math.abs(trend.driftPct - 1000 / 105) < 1e-9);
    assert.ok(trend.pValue < 1e-9);
  });

  it('is seen in about one of a hundred level series at p < .01, also when neighbours resemble each other', () => {
    const rejected = (correlation: number): number =>
      share(
        SEEDS.filter((seed) => {
          const normal = gaussian(mulberry32(seed));
          let value = 0;
          const series = Array.from({ length: 60 }, () => {
            value = correlation * value + normal();
            return 100 + value;
          });
          return (linearTrend(series)?.pValue ?? 1) < 0.01;
        }).length,
      );
    assert.ok(rejected(0) <= 0.035, `${rejected(0)}`);
    assert.ok(rejected(0.3) <= 0.05, `${rejected(0.3)}`);
  });
});

describe('the interval of a percentile within a run', () => {
  const draw = (seed: number, n: number): Float64Array => {
    const random = mulberry32(seed);
    return Float64Array.from({ length: n }, () => -1e6 * Math.log(1 - random()));
  };

  it('covers the true median and p99 of independent calls as often as it says', () => {
    const covered = (p: number, percentile: string): number =>
      share(
        SEEDS.filter((seed) => {
          const interval = percentileIntervals(draw(seed, 3000)).find(
            (each) => each.percentile === percentile,
          );
          const truthUs = -1000 * Math.log(1 - p);
          return (
            interval !== undefined &&
            (interval.lowUs ?? 0) <= truthUs &&
            truthUs <= (interval.highUs ?? Infinity)
          );
        }).length,
      );
    for (const [p, name] of [
      [0.5, 'p50'],
      [0.99, 'p99'],
    ] as const) {
      // 95 % of 200 less three standard errors; wider than asked for is allowed.
      assert.ok(covered(p, name) >= 0.904, `${name} ${covered(p, name)}`);
    }
  });

  it('says what the p99 of independent calls does not exceed in 99 % of all runs, and nothing of too few calls', () => {
    const bound = (seed: number, n: number): number | null | undefined =>
      percentileIntervals(draw(seed, n)).find(({ percentile }) => percentile === 'p99')?.atMostUs;
    const truthUs = -1000 * Math.log(1 - 0.99);
    const held = SEEDS.filter((seed) => (bound(seed, 3000) ?? NaN) >= truthUs).length;
    // Binomial(200, .99): at least 193 with 99.9 %.
    assert.ok(held >= 193, `${held} of ${SEEDS.length}`);
    const loose = SEEDS.filter((seed) => (bound(seed, 3000) ?? NaN) > 2 * truthUs).length;
    assert.equal(loose, 0);
    assert.equal(bound(1, 400), null);
  });

  it('has no upper end for the p99 of too few calls, and n and the effective n beside it', () => {
    const intervals = percentileIntervals(draw(3, 300));
    const p99 = intervals.find(({ percentile }) => percentile === 'p99');
    assert.equal(p99?.highUs, null);
    assert.equal(p99.n, 300);
    assert.equal(effectiveCallsGate(intervals).status, 'warn');
    assert.deepEqual(percentileIntervals([]), []);
    assert.equal(effectiveCallsGate([]).status, 'not-measured');
  });

  it('widens when calls come in slow and fast spells: 100 spells are worth few calls', () => {
    const random = mulberry32(5);
    const spells = Float64Array.from({ length: 100 }, () => 1e6 * (1 + random()));
    const calls = Float64Array.from({ length: 5000 }, (_, i) => spells[Math.floor(i / 50)] ?? 0);
    const p50 = percentileIntervals(calls)[0];
    assert.ok(p50 !== undefined && p50.tau > 30 && p50.tau < 90, `${p50?.tau ?? ''}`);
    assert.ok(p50.effectiveN <= 170);
  });
});
