import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  constantSchedule,
  gammaSchedule,
  parseReplay,
  poissonSchedule,
  replaySchedule,
  stagesSchedule,
  type ArrivalSchedule,
} from '../../../src/harness/arrivals/schedule.ts';
import { seededRandom } from '../../../src/harness/arrivals/seeded-random.ts';

function take(schedule: ArrivalSchedule, n: number): number[] {
  return Array.from({ length: n }, () => schedule.nextNs());
}

function takeUntil(schedule: ArrivalSchedule, endNs: number): number[] {
  const times: number[] = [];
  for (let at = schedule.nextNs(); at < endNs; at = schedule.nextNs()) times.push(at);
  return times;
}

function gapsOf(times: readonly number[]): number[] {
  return times.map((at, index) => at - (times[index - 1] ?? 0));
}

/** Kolmogorov-Smirnov distance to a law, and the distance that a true sample exceeds once in a thousand. */
function ksDistance(values: readonly number[], law: (x: number) => number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.reduce((worst, x, i) => {
    const f = law(x);
    return Math.max(worst, Math.abs(f - i / sorted.length), Math.abs((i + 1) / sorted.length - f));
  }, 0);
}
const ksLimit = (n: number): number => 1.949 / Math.sqrt(n);

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function cvOf(values: readonly number[]): number {
  const mean = meanOf(values);
  const square = meanOf(values.map((value) => (value - mean) ** 2));
  return Math.sqrt(square) / mean;
}

describe('constant schedule', () => {
  it('puts call k at exactly k / rate, also after a million calls', () => {
    const times = take(constantSchedule(300), 1_000_001);
    assert.equal(times[0], 0);
    assert.equal(times[1], 1e9 / 300);
    assert.equal(times[1_000_000], (1_000_000 * 1e9) / 300);
  });
});

describe('Poisson schedule', () => {
  const rate = 200;
  const times = take(poissonSchedule(rate, seededRandom(1)), 20_000);
  const gaps = gapsOf(times);

  it('has exponential gaps of the rate by Kolmogorov-Smirnov', () => {
    const distance = ksDistance(gaps, (x) => 1 - Math.exp((-x * rate) / 1e9));
    assert(distance < ksLimit(gaps.length), `distance ${distance}`);
  });

  it('has gaps with a coefficient of variation of 1 within 3 / √n', () => {
    const cv = cvOf(gaps);
    assert(Math.abs(cv - 1) < 3 / Math.sqrt(gaps.length), `cv ${cv}`);
  });

  it('has per-second counts whose variance is their mean', () => {
    const dispersions = Array.from({ length: 25 }, (_, seed) => {
      const counts = new Array<number>(100).fill(0);
      for (const at of takeUntil(poissonSchedule(rate, seededRandom(seed)), 100e9)) {
        const second = Math.floor(at / 1e9);
        counts[second] = (counts[second] ?? 0) + 1;
      }
      return cvOf(counts) ** 2 * meanOf(counts) * (100 / 99);
    });
    // Chi-square with 99 degrees of freedom over them, 25 times: 99.9 % of the means lie in 1 ± 3.3 · √(2 / 99 / 25).
    assert(
      Math.abs(meanOf(dispersions) - 1) < 3.3 * Math.sqrt(2 / 99 / 25),
      `${meanOf(dispersions)}`,
    );
  });

  it('is the same for the same seed and another for another', () => {
    assert.deepEqual(take(poissonSchedule(rate, seededRandom(1)), 100), times.slice(0, 100));
    assert.notDeepEqual(take(poissonSchedule(rate, seededRandom(2)), 100), times.slice(0, 100));
  });
});

describe('gamma schedule', () => {
  it('has the mean rate and a coefficient of variation of 1 / √burstiness', () => {
    for (const burstiness of [0.25, 0.5, 1, 2, 9]) {
      const gaps = gapsOf(take(gammaSchedule(100, burstiness, seededRandom(3)), 40_000));
      const cv = 1 / Math.sqrt(burstiness);
      const mean = meanOf(gaps) / 1e7;
      assert(Math.abs(mean - 1) < (4 * cv) / 200, `burstiness ${burstiness}: mean ${mean}`);
      // The sd of a sample CV of gamma is about cv·√((1/2 + cv²)/n); five of them.
      const bound = 5 * cv * Math.sqrt((0.5 + cv ** 2) / gaps.length);
      assert(Math.abs(cvOf(gaps) - cv) < bound, `burstiness ${burstiness}: cv ${cvOf(gaps)}`);
    }
  });

  it('is exponential at burstiness 1 by Kolmogorov-Smirnov', () => {
    const gaps = gapsOf(take(gammaSchedule(100, 1, seededRandom(5)), 20_000));
    assert(ksDistance(gaps, (x) => 1 - Math.exp(-x / 1e7)) < ksLimit(gaps.length));
  });
});

describe('stages schedule', () => {
  it('sends each stage at its rate and ends with the last', () => {
    const schedule = stagesSchedule([
      { ratePerS: 50, durationMs: 10_000, ramp: false },
      { ratePerS: 100, durationMs: 20_000, ramp: false },
    ]);
    const times = takeUntil(schedule, Infinity);
    assert.equal(times.filter((at) => at < 10e9).length, 500);
    assert.equal(times.length, 2500);
    assert.equal(schedule.nextNs(), Infinity);
    assert.equal(schedule.nextNs(), Infinity);
  });

  it('follows the integral of a ramp: t²/2 calls by t at a slope of 1/s²', () => {
    const times = takeUntil(
      stagesSchedule([{ ratePerS: 100, durationMs: 100_000, ramp: true }]),
      Infinity,
    );
    assert.equal(times.length, 5000);
    times.forEach((at, k) => assert(Math.abs(at - Math.sqrt(2 * k) * 1e9) < 1e3, `call ${k}`));
  });

  it('ramps down, pauses at rate 0 and goes on', () => {
    const times = takeUntil(
      stagesSchedule([
        { ratePerS: 10, durationMs: 1000, ramp: false },
        { ratePerS: 0, durationMs: 2000, ramp: true },
        { ratePerS: 0, durationMs: 1000, ramp: false },
        { ratePerS: 10, durationMs: 1000, ramp: false },
      ]),
      Infinity,
    );
    assert.equal(times.filter((at) => at < 1e9).length, 10);
    assert.equal(times.filter((at) => at >= 1e9 && at < 3e9).length, 10);
    assert.equal(times.filter((at) => at >= 3e9 && at < 4e9).length, 0);
    assert.equal(times.filter((at) => at >= 4e9).length, 10);
  });

  it('never goes back and sends the integral of any stages, within one call', () => {
    const stage = fc.record({
      ratePerS: fc.integer({ min: 0, max: 500 }),
      durationMs: fc.integer({ min: 1, max: 3000 }),
      ramp: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(stage, { minLength: 1, maxLength: 6 }), (stages) => {
        const times = takeUntil(stagesSchedule(stages), Infinity);
        times.forEach((at, k) => assert(at >= (times[k - 1] ?? 0)));
        const integral = stages.reduce((sum, { ratePerS, durationMs, ramp }, index) => {
          const from = ramp ? (stages[index - 1]?.ratePerS ?? 0) : ratePerS;
          return sum + ((from + ratePerS) / 2) * (durationMs / 1000);
        }, 0);
        assert(Math.abs(times.length - integral) <= 1 + 1e-6, `${times.length} for ${integral}`);
      }),
      { seed: 11 },
    );
  });
});

describe('replay', () => {
  it('reads times in milliseconds, passes comments, and gives them back as they are', () => {
    const parsed = parseReplay('# two calls at once\n0\n1.5\n\n1.5 # again\n2e3\n');
    assert(parsed.kind === 'ok');
    assert.deepEqual(take(replaySchedule(parsed.timesNs), 5), [0, 1.5e6, 1.5e6, 2e9, Infinity]);
  });

  it('names the line that is no time or goes back, and refuses an empty file', () => {
    assert.deepEqual(parseReplay('1\nx\n'), {
      kind: 'invalid',
      line: 2,
      message: '"x" is not a time in milliseconds',
    });
    const back = parseReplay('2\n1\n');
    assert(back.kind === 'invalid' && back.line === 2 && back.message.includes('go back'));
    assert.equal(parseReplay('-1').kind, 'invalid');
    assert.equal(parseReplay('NaN').kind, 'invalid');
    // A week, as for any run; 1e303 ms would be Infinity in nanoseconds.
    assert.equal(parseReplay('604800000').kind, 'ok');
    for (const far of ['604800001', '1e303', '1e400']) {
      assert.equal(parseReplay(`0\n${far}\n`).kind, 'invalid', far);
    }
    const binary = parseReplay(`\u001b[2J${'x'.repeat(1e5)}`);
    assert(binary.kind === 'invalid' && binary.message.length < 150);
    assert.ok(!binary.message.includes('\u001b'));
    assert.equal(parseReplay('\n#\n').kind, 'invalid');
  });
});
