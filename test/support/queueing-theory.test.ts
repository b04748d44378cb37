import { describe, it } from 'node:test';
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
import { assertVector, expectedOf, inputOf } from './vectors.ts';

function atEach(levels: object, percentile: (p: number) => number): Record<string, number> {
  return Object.fromEntries(Object.keys(levels).map((p) => [p, percentile(Number(p))]));
}

describe('the theory that experiments are judged by', () => {
  it('knows one server with fixed service', () => {
    const cases = inputOf<{ rho: number; serviceMs: number }[]>('md1_theory');
    const expected = expectedOf<{ responsePercentilesMs: object }[]>('md1_theory');
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
    const cases = inputOf<{ lambdaPerMs: number; serviceMs: number; c: number }[]>('mmc_erlangC');
    const expected =
      expectedOf<{ waitPercentilesMs: object; responsePercentilesMs: object }[]>('mmc_erlangC');
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
    const cases = inputOf<{ N: number; thinkMs: number; serviceMs: number; c: number }[]>(
      'closed_loop_finite_source',
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
    const cases = inputOf<{ N: number; serviceMs: number; c: number }[]>('closed_loop_think0');
    assertVector(
      'closed_loop_think0',
      cases.map(({ N, serviceMs, c }) => closedThink0(N, serviceMs, c)),
    );
  });

  it('knows what a freeze does to calls that keep coming and to callers that wait', () => {
    const input = inputOf<{ periodMs: number; freezeMs: number; serviceMs: number; p: number[] }>(
      'freeze_coordinated_omission',
    );
    const { periodMs, freezeMs, serviceMs } = input;
    const expected = expectedOf<{
      uncorrectedClosedLoop: object;
      hdrCorrectedExpectedInterval1ms: object;
    }>('freeze_coordinated_omission');
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
    const input = inputOf<{ baseMs: number; jitterMs: number; n: number; conf: number }>(
      'uniform_jitter_percentiles',
    );
    const expected = expectedOf<{ percentiles: { p: number }[] }>('uniform_jitter_percentiles');
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
    const cases = inputOf<{ n: number; p: number; conf: number }[]>('error_injection_band');
    assertVector(
      'error_injection_band',
      cases.map(({ n, p, conf }) => binomialBand(n, p, conf)),
    );
  });

  it('knows how far a mean of percentiles of short runs is off', () => {
    const sizes = inputOf<number[]>('pooled_vs_mean_of_p99');
    assertVector(
      'pooled_vs_mean_of_p99',
      sizes.map((n) => {
        const rank = nearestRank(n, 0.99) ?? 0;
        return { n, rank, expectedOverTrue: exponentialPercentileBias(n, rank, 0.99) };
      }),
    );
  });

  it('knows that in flight equals throughput times response', () => {
    const { requests, window } = inputOf<{
      requests: [number, number][];
      window: [number, number];
    }>('littles_law_exact');
    assertVector('littles_law_exact', littlesLaw(requests, window));
  });
});
