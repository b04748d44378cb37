// Queues of which theory knows the waits (experiments E1 to E3, E7), on real processes over loopback. They take minutes and
// want a machine that does nothing else: `npm run test:truth`, nightly, not part of `npm test`. Bands hold 99.8 % of samples of
// the true process; the law's own figures are formed with the service times that the target had, since no timer is exact.

import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { RawResult } from '../../src/harness/recording/raw-results.ts';
import { M_D_1_BANDS } from '../support/known-truth-bands.ts';
import { md1, mmc } from '../support/queueing-theory.ts';
import { gateStatus } from '../support/run-plans.ts';
import {
  byIntendedStart,
  inBand,
  mean,
  msOf,
  rank,
  rawTruthRun,
  responseMs,
  SHIFT_MS,
  truthRun,
} from '../support/truth-runs.ts';

const WARM = 1000;
const KEPT = 5000;

const PERCENTILES = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p95', 0.95],
  ['p99', 0.99],
] as const;

describe('one place of 10 ms under Poisson arrivals (E1)', () => {
  for (const ratePerS of [50, 70] as const) {
    const bands = M_D_1_BANDS[ratePerS];
    it(`is M/D/1 at ${ratePerS} calls/s, and each call ends when the recursion says`, async (t) => {
      const { results, measurement } = await rawTruthRun({
        arrival: { kind: 'poisson', ratePerS },
        totalRequests: WARM + KEPT,
        durationMs: 0,
        llmConcurrencyLimit: 1,
        llm: { baseLatencyMs: 10 },
      });
      assert.equal(gateStatus(measurement, 'G7'), 'pass');
      const serviceMs = msOf(measurement.target?.llmLatencyMeanUs);
      inBand(t, 'service as the target had it', serviceMs, [10, 10 + SHIFT_MS]);
      const kept = byIntendedStart(results).slice(WARM).map(responseMs);
      const told = md1((ratePerS / 1000) * serviceMs, serviceMs);
      const book = md1((ratePerS / 1000) * 10, 10);
      const held = (
        name: keyof typeof bands,
        value: number,
        [truth, tableTruth]: readonly [number, number],
      ): void => {
        const [low, high] = bands[name];
        const scale = truth / tableTruth;
        inBand(t, name, value, [low * scale, high * scale + SHIFT_MS]);
      };
      held('mean', mean(kept), [told.meanResponseMs, book.meanResponseMs]);
      for (const [name, p] of PERCENTILES) {
        const truths = [told.responsePercentileMs(p), book.responsePercentileMs(p)] as const;
        held(name, rank(kept, p), truths);
      }
      assertResiduals(t, results, serviceMs);
    });
  }
});

/**
 * Lindley's recursion over the recorded intended starts says when each call must end. What calls take beyond it that found the
 * place free is the floor of the tool. The warm-up is part of the recursion and not of what is held against it.
 */
function assertResiduals(t: TestContext, results: readonly RawResult[], serviceMs: number): void {
  let freeNs = -Infinity;
  const calls = byIntendedStart(results).map(({ intendedNs, startedAtNs, latencyNs }) => {
    const waited = freeNs > intendedNs;
    freeNs = Math.max(intendedNs, freeNs) + serviceMs * 1e6;
    return { waited, residualMs: (startedAtNs + latencyNs - freeNs) / 1e6 };
  });
  const kept = calls.slice(WARM);
  const free = kept.filter(({ waited }) => !waited);
  const floorMs = rank(
    free.map(({ residualMs }) => residualMs),
    0.5,
  );
  const residuals = kept.map(({ residualMs }) => Math.abs(residualMs - floorMs));
  inBand(t, 'floor', floorMs, [-0.5, SHIFT_MS]);
  inBand(t, 'p50 of the residuals', rank(residuals, 0.5), [0, 0.5]);
  inBand(t, 'p99 of the residuals', rank(residuals, 0.99), [0, 5]);
}

describe('a limiter of 5 and exponential service of 50 ms (E2)', () => {
  for (const [ratePerS, bands] of [
    [50, { mean: [49.9, 56.2], p99: [214, 258] }],
    [80, { mean: [64.4, 103.8], p99: null }],
  ] as const) {
    it(`has the waits of M/M/5 at ${ratePerS} calls/s, which nothing without a limiter has`, async (t) => {
      const measured = await truthRun(
        {
          arrival: { kind: 'poisson', ratePerS },
          durationMs: ((WARM + KEPT) / ratePerS) * 1000,
          llmConcurrencyLimit: 5,
          llm: { baseLatencyMs: 50, latencyDistribution: 'exponential' },
        },
        (WARM / ratePerS) * 1000,
      );
      assert.equal(gateStatus(measured, 'G7'), 'pass');
      const { responseTime, target } = measured;
      const serviceMs = msOf(target?.llmLatencyMeanUs);
      const scale =
        mmc(ratePerS / 1000, serviceMs, 5).meanResponseMs /
        mmc(ratePerS / 1000, 50, 5).meanResponseMs;
      t.diagnostic(`service ${serviceMs} ms`);
      const [low, high] = bands.mean;
      inBand(t, 'mean', msOf(responseTime.meanUs), [low, high * Math.max(1, scale) + SHIFT_MS]);
      if (bands.p99 === null) return;
      const [p99Low, p99High] = bands.p99;
      inBand(t, 'p99', msOf(responseTime.p99Us), [p99Low, p99High + SHIFT_MS]);
    });
  }
});

/** A target's first thousand or two of calls cost it a multiple of the later ones: its code is being compiled. */
const COMPILED_AFTER_MS = 10_000;

describe('a closed loop without think time on a service of 50 ms in the mean (E3, E7)', () => {
  for (const [concurrency, llmConcurrencyLimit] of [
    [10, 1000],
    [20, 5],
    [20, 20],
  ] as const) {
    const busy = Math.min(concurrency, llmConcurrencyLimit);
    it(`of ${concurrency} workers and ${llmConcurrencyLimit} places makes ${busy * 20} calls/s`, async (t) => {
      // The law asks for the mean only. With a service that never varies, calls that once ended together would start and end
      // together for ever after: more and more workers fall into step, each round queues for the target's processor, and
      // the loop is slower by that queue, which is no part of the law. So the service varies, and the phases do, too.
      const load = { concurrency, llmConcurrencyLimit, initialPhaseMs: 50 };
      const llm = { baseLatencyMs: 45, jitterMs: 10 };
      const durationMs = COMPILED_AFTER_MS + 10_000;
      const measured = await truthRun({ ...load, durationMs, llm }, COMPILED_AFTER_MS);
      const serviceMs = msOf(measured.target?.llmLatencyMeanUs);
      inBand(t, 'service as the target had it', serviceMs, [50, 50 + SHIFT_MS]);
      const perS = (1000 * busy) / serviceMs;
      inBand(t, 'calls/s', measured.throughputRps, [0.98 * perS, 1.005 * perS]);
      assert.equal(gateStatus(measured, 'G4'), 'pass');
      assert.equal(gateStatus(measured, 'G5'), 'pass');
      const law = measured.littlesLaw;
      assert(law !== null);
      // N = X · R.
      const workers = (law.throughputRps * law.meanResponseUs) / 1e6;
      inBand(t, 'X · R', workers, [0.995 * concurrency, 1.005 * concurrency]);
    });
  }
});
