import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultBenchmarkConfig } from '../../src/config/defaults.ts';
import { benchmarkBoundMs, runBoundMs, sequenceBoundMs } from '../../src/contract/run-bound.ts';

const base = {
  ...defaultBenchmarkConfig(),
  rampUpMs: 1_000,
  connectTimeoutMs: 2_000,
  graceMs: 3_000,
  requestTimeoutMs: 4_000,
  concurrency: 10,
};
/** Ramp-up, connecting, grace and two minutes for everything around the load. */
const FIXED_MS = 6_000 + 120_000;

describe('the longest that a run may last', () => {
  it('is its duration and one deadline more when it runs for a time', () => {
    assert.equal(
      runBoundMs({ ...base, totalRequests: 0, durationMs: 60_000 }),
      FIXED_MS + 60_000 + 4_000,
    );
  });

  it('is every caller waiting out every deadline when it runs for a number of calls', () => {
    assert.equal(runBoundMs({ ...base, totalRequests: 95 }), FIXED_MS + 10 * 4_000 + 4_000);
  });

  it('leaves an open loop the time that its own rate needs', () => {
    const constant = { kind: 'constant', ratePerS: 1 } as const;
    const hour = runBoundMs({ ...base, totalRequests: 3_600, arrival: constant });
    assert.ok(hour >= FIXED_MS + 3_600_000, String(hour));
    const stages = [
      { ratePerS: 1, durationMs: 600_000, ramp: false },
      { ratePerS: 2, durationMs: 900_000, ramp: true },
    ];
    assert.equal(
      runBoundMs({ ...base, totalRequests: 0, durationMs: 1, arrival: { kind: 'stages', stages } }),
      FIXED_MS + 1_500_000 + 4_000,
    );
  });

  it('is bounded whatever the plan asks for', () => {
    const day = 24 * 3600 * 1000;
    assert.equal(runBoundMs({ ...base, totalRequests: 1e9 }), FIXED_MS + day + 4_000);
  });
});

describe('the longest that a suite may last', () => {
  it('is every run of every level with the pauses between them, and one rest for all of it', () => {
    const small = { ...base, totalRequests: 10, runs: 2, warmupRuns: 1 };
    const large = { ...base, totalRequests: 10, runs: 5, warmupRuns: 0 };
    const restMs = benchmarkBoundMs({ ...small, runs: 0, warmupRuns: 0 });
    assert.equal(restMs, 7 * 24 * 3_600_000);
    const [one, other] = [small, large].map((config) => benchmarkBoundMs(config) - restMs);
    assert.equal(
      sequenceBoundMs([small, large], 1_000),
      restMs + (one ?? 0) + (other ?? 0) + 2_000,
    );
  });
});
