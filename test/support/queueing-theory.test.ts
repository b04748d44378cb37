import { describe, it } from 'node:test';
import { z } from 'zod';
import { nearestRank } from '../../src/statistics/percentile.ts';
import {
  binomialBand,
  closedThink0,
  exponentialPercentileBias,
  finiteSource,
  freezeCorrectedMs,
  littlesLaw,
  md1,
  mmc,
  uniformMeanBand,
  uniformPercentileBand,
} from './queueing-theory.ts';
import { assertVector, expectedOf, inputOf, numbers } from './vectors.ts';

function atEach(levels: object, percentile: (p: number) => number): Record<string, number> {
  return Object.fromEntries(Object.keys(levels).map((p) => [p, percentile(Number(p))]));
}

describe('the theory that experiments are judged by', () => {
  it('knows one server with fixed service', () => {
    const cases = inputOf(
      'md1_theory',
      z.array(z.object({ rho: z.number(), serviceMs: z.number() })),
    );
    const expected = expectedOf(
      'md1_theory',
      z.array(z.object({ responsePercentilesMs: z.looseObject({}) })),
    );
    assertVector(
      'md1_theory',
      cases.map(({ rho, serviceMs }, index) => {
        const queue = md1(rho, serviceMs);
        return {
          rho,
          serviceMs,
          lambdaPerS: (1000 * rho) / serviceMs,
          ...queue,
          responsePercentilesMs: atEach(
            expected[index]?.responsePercentilesMs ?? {},
            queue.responsePercentileMs,
          ),
        };
      }),
    );
  });

  it('knows several servers with exponential service', () => {
    const cases = inputOf(
      'mmc_erlangC',
      z.array(z.object({ lambdaPerMs: z.number(), serviceMs: z.number(), c: z.number() })),
    );
    const expected = expectedOf(
      'mmc_erlangC',
      z.array(
        z.object({
          waitPercentilesMs: z.looseObject({}),
          responsePercentilesMs: z.looseObject({}),
        }),
      ),
    );
    assertVector(
      'mmc_erlangC',
      cases.map(({ lambdaPerMs, serviceMs, c }, index) => {
        const queue = mmc(lambdaPerMs, serviceMs, c);
        const levels = expected[index];
        return {
          lambdaPerS: 1000 * lambdaPerMs,
          serviceMs,
          c,
          ...queue,
          waitPercentilesMs: atEach(levels?.waitPercentilesMs ?? {}, queue.waitPercentileMs),
          responsePercentilesMs: atEach(
            levels?.responsePercentilesMs ?? {},
            queue.responsePercentileMs,
          ),
        };
      }),
    );
  });

  it('knows a closed loop with think time', () => {
    const cases = inputOf(
      'closed_loop_finite_source',
      z.array(
        z.object({ N: z.number(), thinkMs: z.number(), serviceMs: z.number(), c: z.number() }),
      ),
    );
    assertVector(
      'closed_loop_finite_source',
      cases.map((one) => {
        const found = finiteSource(one.N, one.thinkMs, one.serviceMs, one.c);
        const checkNminusXZ = one.N - (found.throughputPerS / 1000) * one.thinkMs;
        return { ...one, ...found, checkNminusXZ };
      }),
    );
  });

  it('knows a closed loop without think time', () => {
    const cases = inputOf(
      'closed_loop_think0',
      z.array(z.object({ N: z.number(), serviceMs: z.number(), c: z.number() })),
    );
    assertVector(
      'closed_loop_think0',
      cases.map(({ N, serviceMs, c }) => closedThink0(N, serviceMs, c)),
    );
  });

  it('knows what a freeze does to calls that keep coming and to callers that wait', () => {
    const input = inputOf(
      'freeze_coordinated_omission',
      z.object({ periodMs: z.number(), freezeMs: z.number(), serviceMs: z.number(), p: numbers }),
    );
    const { periodMs, freezeMs, serviceMs } = input;
    const expected = expectedOf(
      'freeze_coordinated_omission',
      z.object({
        uncorrectedClosedLoop: z.looseObject({}),
        hdrCorrectedExpectedInterval1ms: z.looseObject({}),
      }),
    );
    const perPeriod = (periodMs - freezeMs) / serviceMs;
    const nearest = (values: Float64Array, p: number) =>
      values[(nearestRank(values.length, p) ?? 1) - 1] ?? NaN;
    const closed = new Float64Array(perPeriod).fill(serviceMs);
    closed[perPeriod - 1] = serviceMs + freezeMs;
    // Copying back what the stalled caller did not send: 1001, 1000, …, 1 ms.
    const filled = Float64Array.from([
      ...closed,
      ...Array.from({ length: freezeMs / serviceMs }, (_, k) => freezeMs - k * serviceMs),
    ]).sort();
    assertVector('freeze_coordinated_omission', {
      corrected: Object.fromEntries(input.p.map((p) => [p, freezeCorrectedMs(input, p)])),
      correctedMean: serviceMs + (freezeMs / periodMs) * (freezeMs / 2),
      uncorrectedClosedLoop: atEach(expected.uncorrectedClosedLoop, (p) => nearest(closed, p)),
      uncorrectedStalledFraction: 1 / perPeriod,
      uncorrectedMean: periodMs / perPeriod,
      requestsPerPeriodPerWorker: perPeriod,
      hdrCorrectedExpectedInterval1ms: atEach(expected.hdrCorrectedExpectedInterval1ms, (p) =>
        nearest(filled, p),
      ),
    });
  });

  it('knows the scatter of percentiles of uniform jitter', () => {
    const input = inputOf(
      'uniform_jitter_percentiles',
      z.object({ baseMs: z.number(), jitterMs: z.number(), n: z.number(), conf: z.number() }),
    );
    const expected = expectedOf(
      'uniform_jitter_percentiles',
      z.object({ percentiles: z.array(z.object({ p: z.number() })) }),
    );
    assertVector('uniform_jitter_percentiles', {
      percentiles: expected.percentiles.map(({ p }) => ({
        p,
        n: input.n,
        ...uniformPercentileBand(input, p),
      })),
      ...uniformMeanBand(input),
    });
  });

  it('knows the scatter of a count of injected errors', () => {
    const cases = inputOf(
      'error_injection_band',
      z.array(z.object({ n: z.number(), p: z.number(), conf: z.number() })),
    );
    assertVector(
      'error_injection_band',
      cases.map(({ n, p, conf }) => binomialBand(n, p, conf)),
    );
  });

  it('knows how far a mean of percentiles of short runs is off', () => {
    const sizes = inputOf('pooled_vs_mean_of_p99', numbers);
    assertVector(
      'pooled_vs_mean_of_p99',
      sizes.map((n) => {
        const rank = nearestRank(n, 0.99) ?? 0;
        return { n, rank, expectedOverTrue: exponentialPercentileBias(n, rank, 0.99) };
      }),
    );
  });

  it('knows that in flight equals throughput times response', () => {
    const { requests, window } = inputOf(
      'littles_law_exact',
      z.object({
        requests: z.array(z.tuple([z.number(), z.number()])),
        window: z.tuple([z.number(), z.number()]),
      }),
    );
    assertVector('littles_law_exact', littlesLaw(requests, window));
  });
});
