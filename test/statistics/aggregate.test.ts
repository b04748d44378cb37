import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { z } from 'zod';
import type { FailedRun, RunMeasurement } from '../../src/contract/run-result.ts';
import { summarizeBenchmark } from '../../src/statistics/aggregate.ts';
import { errorRateOf } from '../../src/statistics/run-metrics.ts';
import { checkRunIndependence, midRanks } from '../../src/statistics/run-independence.ts';
import { expectedOf, inputOf, numbers } from '../support/vectors.ts';
import { latencyAround, noLatency, storedRun } from '../support/run-measurements.ts';

type Part = Partial<RunMeasurement>;

const invalid: Part = {
  verdict: 'INVALID',
  throughputRps: 1,
  gates: [
    {
      id: 'G1',
      name: 'send lateness',
      status: 'fail',
      value: 9,
      limit: 1,
      unit: 'ms',
      message: 'Calls were sent up to 9 ms late, more than 1 ms.',
    },
  ],
};

function failed(index: number): FailedRun {
  return {
    key: { workflowId: 'w', firstExecutionRunId: 'r', phase: 'measured', index },
    code: 'target-died',
    message: 'The target exited with code 1.',
    attempts: 3,
  };
}

function runsOf(parts: readonly Part[]) {
  return parts.map((part, index) => storedRun(index + 1, part));
}

function summarize(parts: readonly Part[], failedRuns: readonly FailedRun[] = []) {
  return summarizeBenchmark({
    runs: runsOf(parts),
    failedRuns,
    expectedRuns: parts.length + failedRuns.length,
  });
}

/** Ten runs that scatter a little, in no order. */
const tenThroughputs = inputOf('summary_rps_n10', numbers);
const tenRuns: readonly Part[] = tenThroughputs.map((throughputRps) => ({
  throughputRps,
  latency: latencyAround(throughputRps),
}));

describe('runs that are no repetitions of one another', () => {
  it('make the benchmark INVALID when their build or configuration differs', () => {
    const of = (build: string, configSha256: string): Part => ({
      identity: { build, configSha256 },
    });
    assert.match(summarize([of('a', 'c'), of('a', 'c')]).reasons.join(' '), /^(?!.*G12)/);
    for (const other of [of('b', 'c'), of('a', 'd')]) {
      const mixed = summarize([of('a', 'c'), other]);
      assert.equal(mixed.verdict, 'INVALID');
      assert.match(mixed.reasons[0] ?? '', /G12/);
    }
  });

  it('are taken for repetitions when they are of a version that did not note its identity', () => {
    const noted: Part = { identity: { build: 'a', configSha256: 'c' } };
    assert.notEqual(summarize([noted, {}]).verdict, 'INVALID');
  });
});

function codes(summary: { warnings: readonly { code: string }[] }): string[] {
  return summary.warnings.map(({ code }) => code);
}

describe('summarizeBenchmark', () => {
  it('gives each metric its statistics over the runs', () => {
    const found = summarize(tenRuns);
    const expected = expectedOf(
      'summary_rps_n10',
      z.object({ mean: z.number(), ciLow: z.number(), ciHigh: z.number(), cvPct: z.number() }),
    );
    const { throughput_rps, latency_p99_us } = found.aggregate;
    assert.ok(Math.abs((throughput_rps.mean ?? 0) - expected.mean) < 1e-9);
    assert.ok(Math.abs((throughput_rps.ci95_low ?? 0) - expected.ciLow) < 1e-6);
    assert.ok(Math.abs((latency_p99_us.ci95_high ?? 0) - 2 * expected.ciHigh) < 1e-6);
    assert.ok(Math.abs((latency_p99_us.cv_pct ?? 0) - expected.cvPct) < 1e-9);
    assert.equal(found.verdict, 'VALID');
    assert.deepEqual(found.reasons, ['All 10 runs passed their checks.']);
    assert.deepEqual(codes(found), []);
    assert.equal(found.validRuns, 10);
  });

  it('leaves an INVALID run out of every figure, lists why and warns', () => {
    const found = summarize([...tenRuns.slice(0, 9), invalid]);
    assert.equal(found.validRuns, 9);
    assert.equal(found.aggregate.throughput_rps.min, 2399.7);
    assert.equal(found.verdict, 'WARN');
    assert.deepEqual(found.reasons, [
      'G1 (send lateness) failed in run 10, which is INVALID: Calls were sent up to 9 ms late, more than 1 ms.',
    ]);
  });

  it('is still WARN with exactly a fifth of the runs lost and INVALID above it', () => {
    assert.equal(summarize([...tenRuns.slice(0, 8), invalid], [failed(10)]).verdict, 'WARN');
    const above = summarize([...tenRuns.slice(0, 7), invalid, invalid], [failed(10)]);
    assert.equal(above.verdict, 'INVALID');
    assert.match(above.reasons[0] ?? '', /^3 of 10 declared runs/);
    assert.ok(
      above.reasons.includes('Run 10 failed (target-died): The target exited with code 1.'),
    );
  });

  it('is INVALID with null figures when no run is left', () => {
    const found = summarize([invalid]);
    assert.equal(found.verdict, 'INVALID');
    assert.equal(found.aggregate.throughput_rps.mean, null);
    assert.equal(found.errorRate.mean, null);
    assert.equal(summarize([]).verdict, 'INVALID');
  });

  it('never averages a run that was stopped early', () => {
    const found = summarize([...tenRuns.slice(0, 9), { interrupted: true, throughputRps: 5 }]);
    assert.equal(found.aggregate.throughput_rps.min, 2399.7);
    assert.equal(found.verdict, 'WARN');
    assert.match(found.reasons.join(' '), /stopped early: 1 run\./);
  });

  it('counts runs that were never measured against those that were declared', () => {
    const found = summarizeBenchmark({ runs: runsOf(tenRuns), failedRuns: [], expectedRuns: 12 });
    assert.equal(found.verdict, 'WARN');
    assert.deepEqual(found.reasons, ['Not measured: 2 of 12 declared runs.']);
  });

  it('is WARN when a run is, with the gate’s sentence', () => {
    const warned: Part = {
      ...tenRuns[0],
      verdict: 'WARN',
      gates: (invalid.gates ?? []).map((gate) => ({ ...gate, status: 'warn' })),
    };
    const found = summarize([warned, ...tenRuns.slice(1)]);
    assert.equal(found.verdict, 'WARN');
    assert.match(found.reasons[0] ?? '', /^G1 \(send lateness\) warns in run 1: Calls were /);
    assert.equal(found.validRuns, 10);
  });

  it('has latency only over runs with a success, and an error rate of 1 for the others', () => {
    const allFailed: Part = {
      latency: noLatency,
      windowCalls: { issued: 10, ok: 0, degraded: 4, errors: 6, incomplete: 0 },
    };
    const found = summarize([allFailed, { latency: latencyAround(100) }]);
    assert.equal(found.aggregate.latency_p50_us.mean, 100);
    assert.equal(found.aggregate.latency_p50_us.stddev, null);
    assert.equal(found.errorRate.max, 1);
    assert.equal(found.errorRate.min, 0);
    const said = (parts: readonly Part[]): string | undefined =>
      summarize(parts).warnings.find(({ code }) => code === 'runs-without-latency')?.message;
    assert.match(said([allFailed, {}]) ?? '', /^1 of 2 runs had .*: latency is over the others/);
    assert.equal(
      said([allFailed, allFailed]),
      'No call of any run succeeded: there is no latency.',
    );
  });

  it('warns of few runs, of one run, of scatter, of a short tail and of several hosts', () => {
    assert.deepEqual(codes(summarize(tenRuns.slice(0, 5))), ['few-runs']);
    assert.match(summarize(tenRuns.slice(0, 1)).warnings[0]?.message ?? '', /One run/);
    const scattered = summarize(
      [100, 130, 90, 120, 80, 110].map((throughputRps) => ({ throughputRps })),
    );
    assert.deepEqual(codes(scattered), ['high-variation']);
    assert.match(scattered.warnings[0]?.message ?? '', /throughput by 17\.8 %/);
    const short = summarize(tenRuns.map((run) => ({ ...run, latency: latencyAround(50, 367) })));
    assert.deepEqual(codes(short), ['p99-under-sampled']);
    const [one, ...others] = runsOf(tenRuns);
    assert.ok(one);
    const moved = summarizeBenchmark({
      runs: [{ ...one, host: 'host-b' }, ...others],
      failedRuns: [],
      expectedRuns: 10,
    });
    assert.deepEqual(codes(moved), ['several-hosts']);
  });

  it('warns when throughput rises run by run', () => {
    const rising = summarize(
      [100, 101, 102, 103, 104, 105, 106, 107].map((throughputRps) => ({ throughputRps })),
    );
    assert.deepEqual(codes(rising), ['runs-not-independent']);
  });

  it('repeats a warning of the runs once, with how many share it', () => {
    const warnings = [{ code: 'no-usage-reported', message: 'No call reported tokens.' }];
    const found = summarize(tenRuns.map((run, index) => (index < 4 ? { ...run, warnings } : run)));
    assert.deepEqual(found.warnings, [
      { code: 'no-usage-reported', message: 'No call reported tokens. (4 of 10 runs)' },
    ]);
  });
});

describe('the error rate of a run', () => {
  it('counts degraded answers as errors and leaves incomplete calls out', () => {
    const windowCalls = { issued: 12, ok: 6, degraded: 1, errors: 3, incomplete: 2 };
    assert.equal(errorRateOf({ windowCalls }), 0.4);
  });

  it('is null when nothing completed', () => {
    const windowCalls = { issued: 2, ok: 0, degraded: 0, errors: 0, incomplete: 2 };
    assert.equal(errorRateOf({ windowCalls }), null);
  });
});

describe('the independence of runs', () => {
  it('is not judged for fewer than six or equal values', () => {
    assert.equal(checkRunIndependence([1, 2, 3, 4, 5]), null);
    assert.equal(checkRunIndependence([3, 3, 3, 3, 3, 3]), null);
  });

  it('finds a trend by rank and an alternation by lag', () => {
    const trend = checkRunIndependence([1, 2, 3, 4, 5, 6]);
    assert.ok(trend && Math.abs(trend.spearman - 1) < 1e-12 && trend.suspicious);
    const alternating = checkRunIndependence([1, 2, 1, 2, 1, 2, 1, 2]);
    // Deviations ±½ throughout: seven products of −¼ over eight squares of ¼.
    assert.ok(alternating && Math.abs(alternating.lag1 + 7 / 8) < 1e-12 && alternating.suspicious);
  });

  it('gives equal values the mean of their ranks', () => {
    assert.deepEqual([...midRanks([10, 20, 10, 5])], [2.5, 4, 2.5, 1]);
  });
});
