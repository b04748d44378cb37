import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { z } from 'zod';
import fc from 'fast-check';
import type { GcPause } from '../../src/contract/resources.ts';
import { correlateGcWithLatency } from '../../src/statistics/gc-correlation.ts';
import { gcOddsRatio } from '../../src/statistics/odds-ratio.ts';
import {
  buildPauseTrain,
  overlapCountsByShift,
  overlapNs,
} from '../../src/statistics/pause-train.ts';
import { mulberry32 } from '../../src/statistics/seeded-random.ts';
import { chanceOverlap } from '../support/queueing-theory.ts';
import { exponential } from '../support/random-variates.ts';
import { assertVector, inputOf, numbers } from '../support/vectors.ts';

const MS = 1e6;
const exact = { mergeGapNs: 0, padNs: 0 };

function pause(startMs: number, durationMs: number): GcPause {
  return { startNs: startMs * MS, durationNs: durationMs * MS, kind: 'major' };
}

/** Poisson stalls of 50 ms at 0.5/s over five minutes, and requests of 10–12 ms that wait them out. */
function stalledSystem(seed: number): {
  startsNs: Float64Array;
  endsNs: Float64Array;
  pauses: GcPause[];
} {
  const random = mulberry32(seed);
  const gapMs = exponential(random, 2000);
  const pauses: GcPause[] = [];
  for (let atMs = gapMs(); atMs < 299_000; atMs += 50 + gapMs()) pauses.push(pause(atMs, 50));
  const n = 15_000;
  const startsNs = Float64Array.from({ length: n }, (_, index) => (index * 20 + 5) * MS);
  const endsNs = startsNs.map((startNs) => {
    let endNs = startNs + (10 + 2 * random()) * MS;
    for (const { startNs: from, durationNs } of pauses) {
      if (from < endNs && from + durationNs > startNs) {
        endNs += from + durationNs - Math.max(from, startNs);
      }
    }
    return endNs;
  });
  return { startsNs, endsNs, pauses };
}

/** The same pauses, turned by a random angle: no more to do with the requests. */
function turned(pauses: readonly GcPause[], shiftMs: number): GcPause[] {
  return pauses.map((one) => ({ ...one, startNs: (one.startNs + shiftMs * MS) % (300_000 * MS) }));
}

describe('correlateGcWithLatency', () => {
  it('finds stalls that delayed the tail: high lift, smallest p, most of the excess time', () => {
    const found = correlateGcWithLatency({ role: 'target', seed: 1, ...stalledSystem(11) });
    assert.ok((found.lift ?? 0) > 3, `lift ${found.lift}`);
    assert.ok((found.liftLow ?? 0) > 1, `lift low ${found.liftLow}`);
    assert.ok((found.pValue ?? 1) <= 0.001, `p ${found.pValue}`);
    assert.ok((found.tailTimeShare ?? 0) > 0.8, `time share ${found.tailTimeShare}`);
    assert.match(found.note, /not a cause/);
  });

  it('finds nothing in the same stalls moved by an independent draw', () => {
    const system = stalledSystem(11);
    const random = mulberry32(5);
    const draws = 60;
    const pValues: number[] = [];
    let outside = 0;
    for (let draw = 0; draw < draws; draw++) {
      const pauses = turned(system.pauses, random() * 300_000);
      const found = correlateGcWithLatency({ role: 'target', seed: draw, ...system, pauses });
      pValues.push(found.pValue ?? NaN);
      if (found.liftLow === null || found.liftLow > 1) outside += 1;
    }
    // Binomial(60, p), 99.9 %: at most 9 of 60 at level .05, 17…43 at .5; the interval's upper side has level .025.
    const atMost = (level: number) => pValues.filter((p) => p <= level).length;
    assert.ok(atMost(0.05) <= 9, `${atMost(0.05)} of ${draws} below .05`);
    assert.ok(atMost(0.5) >= 17 && atMost(0.5) <= 43, `${atMost(0.5)} of ${draws} below .5`);
    assert.ok(outside <= 7, `${outside} of ${draws} with a lift above 1`);
  });

  it('sees that long requests meet pauses by their length alone', () => {
    // 20 workers back to back, 20–50 ms, and unrelated pauses of 1 ms at 10/s for 100 s.
    const random = mulberry32(3);
    const starts: number[] = [];
    const ends: number[] = [];
    for (let worker = 0; worker < 20; worker++) {
      for (let atMs = random() * 30; atMs < 100_000;) {
        const lengthMs = 20 + 30 * random();
        starts.push(atMs * MS);
        ends.push((atMs + lengthMs) * MS);
        atMs += lengthMs;
      }
    }
    const gapMs = exponential(random, 100);
    const pauses: GcPause[] = [];
    for (let atMs = gapMs(); atMs < 100_000; atMs += gapMs()) pauses.push(pause(atMs, 1));
    const found = correlateGcWithLatency({
      role: 'target',
      startsNs: Float64Array.from(starts),
      endsNs: Float64Array.from(ends),
      pauses,
      seed: 9,
      ...exact,
    });
    const expected = chanceOverlap(0.01, 1, 49.25);
    assert.ok(Math.abs((found.observedOverlapShare ?? 0) - expected) < 0.05);
    assert.ok(Math.abs((found.chanceOverlapShare ?? 0) - expected) < 0.03);
    assert.ok(found.lift !== null && found.lift > 0.9 && found.lift < 1.1, `lift ${found.lift}`);
    assert.ok((found.pValue ?? 0) > 0.01);
    const share = 100 * (found.observedOverlapShare ?? NaN);
    assert.ok(Math.abs((found.correlation?.gc_attribution_pct ?? 0) - share) < 1e-9);
  });

  it('counts only requests strictly slower than the p95', () => {
    // Nearest rank of 20: the p95 is the 19th, so one request is slower; it alone meets the pause.
    const startsNs = Float64Array.from({ length: 20 }, (_, index) => index * 100 * MS);
    const endsNs = startsNs.map((startNs, index) => startNs + (index === 7 ? 30 : 10) * MS);
    const pauses = [pause(710, 5), pause(1010, 0.25)];
    const found = correlateGcWithLatency({
      role: 'generator',
      startsNs,
      endsNs,
      pauses,
      seed: 1,
      ...exact,
    });
    assert.deepEqual(found.correlation, {
      total_p95_requests: 1,
      gc_attributed_requests: 1,
      gc_attribution_pct: 100,
      total_gc_pauses: 2,
      max_gc_pause_us: 5000,
      avg_gc_pause_us: 2625,
      total_gc_pause_us: 5250,
    });
    // 5 ms paused of 20 ms above the median.
    assert.ok(Math.abs((found.tailTimeShare ?? 0) - 0.25) < 1e-12);
  });

  it('tells no pauses from not measured, and an empty tail from both', () => {
    const startsNs = Float64Array.from({ length: 100 }, (_, index) => index * MS);
    const endsNs = startsNs.map((startNs, index) => startNs + (1 + index) * MS);
    const base = { role: 'target', startsNs, endsNs, seed: 1 } as const;
    const quiet = correlateGcWithLatency({ ...base, pauses: [] });
    assert.equal(quiet.lift, null);
    assert.equal(quiet.observedOverlapShare, 0);
    assert.equal(quiet.correlation?.total_gc_pauses, 0);
    assert.match(quiet.note, /no pause/);
    const blind = correlateGcWithLatency({ ...base, pauses: null });
    assert.equal(blind.correlation, null);
    assert.equal(blind.observedOverlapShare, null);
    assert.match(blind.note, /not measured/);
    const tied = correlateGcWithLatency({
      ...base,
      endsNs: startsNs.map((startNs) => startNs + MS),
      pauses: [pause(1, 1)],
    });
    assert.equal(tied.correlation, null);
    assert.match(tied.note, /strictly slower/);
    const none = correlateGcWithLatency({
      ...base,
      startsNs: new Float64Array(),
      endsNs: new Float64Array(),
      pauses: [],
    });
    assert.equal(none.correlation, null);
  });

  it('says so when the chance baseline is from a sample of the tail', () => {
    const n = 500_000;
    const startsNs = Float64Array.from({ length: n }, (_, index) => index * 1000);
    const endsNs = startsNs.map((startNs, index) => startNs + (index % 197) * 1000 + 1);
    const found = correlateGcWithLatency({
      role: 'target',
      startsNs,
      endsNs,
      pauses: [pause(100, 3)],
      seed: 1,
      ...exact,
    });
    assert.match(found.note, /seeded sample of 20000 of \d+ slow/);
  });

  it('gives the same figures for the same seed', () => {
    const system = stalledSystem(12);
    const once = correlateGcWithLatency({ role: 'target', seed: 77, ...system });
    assert.deepEqual(correlateGcWithLatency({ role: 'target', seed: 77, ...system }), once);
  });
});

describe('a pause train', () => {
  it('meets requests by shift as the reference does', () => {
    const { windowMs, pauses, requests, shiftsMs } = inputOf(
      'gc_circular_shift',
      z.object({
        windowMs: z.number(),
        pauses: z.array(z.tuple([z.number(), z.number()])),
        requests: z.array(z.tuple([z.number(), z.number()])),
        shiftsMs: numbers,
      }),
    );
    const train = buildPauseTrain(
      pauses.map(([from, to]) => ({ startNs: from, durationNs: to - from })),
      { windowStartNs: 0, windowEndNs: windowMs, ...exact },
    );
    const counts = [
      ...overlapCountsByShift(
        train,
        {
          startsNs: Float64Array.from(requests, ([from]) => from),
          endsNs: Float64Array.from(requests, ([, to]) => to),
        },
        Float64Array.from(shiftsMs),
      ),
    ];
    const [observed = NaN, ...others] = counts;
    const expectedCount = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    assertVector('gc_circular_shift', {
      counts,
      observed,
      expectedCount,
      lift: observed / expectedCount,
      p: (1 + others.filter((count) => count >= observed).length) / counts.length,
    });
  });

  it('counts by shift what comparing every pair on the circle counts', () => {
    const W = 100;
    const interval = fc.tuple(fc.nat(80), fc.integer({ min: 1, max: 19 }));
    fc.assert(
      fc.property(
        fc.array(interval, { maxLength: 6 }),
        fc.array(interval, { minLength: 1, maxLength: 12 }),
        fc.nat(99),
        (pauses, requests, shift) => {
          const sorted = [...requests].sort(([a], [b]) => a - b);
          const train = buildPauseTrain(
            pauses.map(([startNs, durationNs]) => ({ startNs, durationNs })),
            { windowStartNs: 0, windowEndNs: W, ...exact },
          );
          const [count] = overlapCountsByShift(
            train,
            {
              startsNs: Float64Array.from(sorted, ([from]) => from),
              endsNs: Float64Array.from(sorted, ([from, length]) => from + length),
            },
            Float64Array.of(shift),
          );
          const paused = new Set(
            pauses.flatMap(([from, length]) =>
              Array.from({ length }, (_, i) => (from + i + shift) % W),
            ),
          );
          const meeting = requests.filter(([from, length]) =>
            Array.from({ length }, (_, i) => from + i).some((tick) => paused.has(tick)),
          );
          assert.equal(count, meeting.length);
        },
      ),
    );
  });

  it('merges pauses closer than the gap, pads them and cuts them to the window', () => {
    const train = buildPauseTrain([pause(10, 2), pause(12.5, 1), pause(30, 1), pause(99, 5)], {
      windowStartNs: 5 * MS,
      windowEndNs: 100 * MS,
      mergeGapNs: MS,
      padNs: 0,
    });
    assert.deepEqual([...train.startsNs], [5 * MS, 25 * MS, 94 * MS]);
    assert.deepEqual([...train.endsNs], [8.5 * MS, 26 * MS, 95 * MS]);
    const padded = buildPauseTrain([pause(10, 2)], {
      windowStartNs: 0,
      windowEndNs: 100 * MS,
      mergeGapNs: MS,
      padNs: MS,
    });
    assert.deepEqual([padded.startsNs[0], padded.endsNs[0]], [9 * MS, 13 * MS]);
    assert.equal(overlapNs(padded, 12 * MS, 20 * MS), MS);
    assert.equal(overlapNs(padded, 0, 9 * MS), 0);
  });
});

describe('the odds ratio of exposure', () => {
  it('agrees with the reference', () => {
    const table = z.object({
      tailOverlap: z.number(),
      tailNoOverlap: z.number(),
      bodyOverlap: z.number(),
      bodyNoOverlap: z.number(),
    });
    assertVector('gc_odds_ratio', gcOddsRatio(inputOf('gc_odds_ratio', table)));
  });

  it('is 1 for equal rates and finite for empty cells', () => {
    const even = gcOddsRatio({
      tailOverlap: 10,
      tailNoOverlap: 10,
      bodyOverlap: 10,
      bodyNoOverlap: 10,
    });
    assert.equal(even.oddsRatio, 1);
    const empty = gcOddsRatio({
      tailOverlap: 0,
      tailNoOverlap: 0,
      bodyOverlap: 5,
      bodyNoOverlap: 5,
    });
    assert.equal(empty.tailRate, null);
    assert.ok(Number.isFinite(empty.oddsRatio) && empty.fisherP === 1);
  });
});

describe('the chance of meeting a Poisson pause', () => {
  for (const name of ['gc_chance_overlap', 'gc_chance_only_attribution']) {
    it(`agrees with ${name}`, () => {
      const { gcPerMs, pauseMs, requestMs } = inputOf(
        name,
        z.object({ gcPerMs: z.number(), pauseMs: z.number(), requestMs: numbers }),
      );
      assertVector(
        name,
        requestMs.map((lengthMs) => chanceOverlap(gcPerMs, pauseMs, lengthMs)),
      );
    });
  }
});
