import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { BenchmarkConfig } from '../../src/contract/config.ts';
import type { Settings } from '../../src/contract/scenario.ts';
import type { LevelResult, RunCost, SuitePlan } from '../../src/contract/suite.ts';
import { readSuiteRequest } from '../../src/config/suite-request.ts';
import { costFrom, estimateCheckMs, estimateLevelMs } from '../../src/suite/estimate.ts';
import { planSuite } from '../../src/suite/plan-suite.ts';
import { aLevelResult } from '../support/suite-results.ts';

function config(settings: Readonly<Record<string, unknown>>): BenchmarkConfig {
  const resolved = resolveConfig({ llmJitter: '0ms', runs: 1, warmupRuns: 0, ...settings });
  assert.ok(resolved.kind === 'ok', JSON.stringify(resolved));
  return resolved.config;
}

function estimated(settings: Readonly<Record<string, unknown>>): number {
  return estimateLevelMs(config(settings));
}

/** What the second load takes longer than the first, everything around them being equal. */
function difference(
  settings: Readonly<Record<string, unknown>>,
  first: Readonly<Record<string, unknown>>,
  second: Readonly<Record<string, unknown>>,
): number {
  return estimated({ ...settings, ...second }) - estimated({ ...settings, ...first });
}

function near(valueMs: number, expectedMs: number, share: number): void {
  assert.ok(Math.abs(valueMs / expectedMs - 1) <= share, `${valueMs} ms, not ${expectedMs} ms`);
}

describe('the estimate of a level', () => {
  it('holds every second of a load of given duration, of every run and every pause', () => {
    near(difference({}, { duration: '5s' }, { duration: '65s' }), 60_000, 1e-9);
    const two = { runs: 2, warmupRuns: 1 };
    near(difference(two, { duration: '5s' }, { duration: '65s' }), 180_000, 1e-9);
    near(difference(two, { cooldown: '0s' }, { cooldown: '10s' }), 20_000, 1e-9);
    // The last calls begin at the end of the duration.
    const slow = { duration: '5s', llmJitter: '200ms' };
    near(difference(slow, { llmBaseLatency: '0ms' }, { llmBaseLatency: '1s' }), 1000, 1e-9);
  });

  it('has a run cost the same around its load, whichever it is', () => {
    const load = { duration: '1s', llmBaseLatency: '0ms' };
    const first = difference(load, { runs: 1 }, { runs: 2 });
    near(difference(load, { runs: 2 }, { runs: 3 }), first, 1e-9);
    assert.ok(first > 1000 + 200 && first < 1000 + 5000, String(first));
    const cost = (startUpMs: number): number =>
      estimateLevelMs(config({ ...load, runs: 3, warmupRuns: 1 }), { startUpMs, from: 'measured' });
    // That of the machine, for each of the four, and half as much for the level.
    near(cost(2500) - cost(500), 4.5 * 2000, 1e-9);
    near(difference(load, { warmupRuns: 0 }, { warmupRuns: 1 }), first, 1e-9);
  });

  it('lets calls of given number be bound by workers, limiter, lock or machine, whichever is the tightest', () => {
    const calls = { totalRequests: 1000 };
    const more = { totalRequests: 11_000 };
    const llm = { llmBaseLatency: '50ms', llmConcurrencyLimit: 1000 };
    // 10 workers of 50 ms are 200 calls/s: 10,000 of them take 50 s.
    near(difference({ ...llm, concurrency: 10 }, calls, more), 50_000, 0.03);
    // A limiter of 5 is 100 calls/s, and the one that is in force by default.
    near(
      difference({ ...llm, llmConcurrencyLimit: 5, concurrency: 50 }, calls, more),
      100_000,
      0.03,
    );
    near(
      difference({ ...llm, llmConcurrencyLimit: 0, concurrency: 50 }, calls, more),
      100_000,
      0.03,
    );
    // One session is one call at a time: 20 calls/s.
    near(difference({ ...llm, sessionId: 's', concurrency: 50 }, calls, more), 500_000, 0.03);
    // Jitter counts with its mean.
    const jitter = { ...llm, llmBaseLatency: '40ms', llmJitter: '20ms', concurrency: 10 };
    near(difference(jitter, calls, more), 50_000, 0.03);
    // An open loop has its own pace, whatever the workers could.
    const open = { ...llm, arrival: 'constant', rate: 100, concurrency: 1 };
    near(difference(open, calls, more), 100_000, 1e-9);
    // Nothing binds but the machine: some thousand calls a second, not a million.
    const free = { llmBaseLatency: '0ms', concurrency: 1000 };
    const seconds = difference(free, calls, more) / 1000;
    assert.ok(seconds > 0.5 && seconds < 5, String(seconds));
    // And the slower it is, the longer that takes.
    const slow = estimateLevelMs(config({ ...free, ...more }), { startUpMs: 6000, from: 'learnt' });
    const fast = estimateLevelMs(config({ ...free, ...more }), { startUpMs: 600, from: 'learnt' });
    near(slow - 150, 10 * (fast - 150), 1e-9);
  });
});

describe('the estimate for a server given by address', () => {
  const remote = { serverAddr: 'loom.test:60051', duration: '1s' };
  const cost: RunCost = { startUpMs: 1000, from: 'measured' };

  it('leaves out the start of a target, and counts the calls that check its settings', () => {
    const own = { duration: '1s' };
    assert.ok(estimateLevelMs(config(remote), cost) < estimateLevelMs(config(own), cost));
    const checked = (settings: Settings): number =>
      estimateCheckMs(config({ ...remote, ...settings }), cost);
    const quick = checked({ llmBaseLatency: '0ms' });
    assert.ok(quick > 300 && quick < 1000, String(quick));
    // Serial calls, 5 of 1 s instead of 10 of nothing, and 20 at once on a limit of 5: four rounds of 1 s, by another generator.
    const slow = checked({ llmBaseLatency: '1s', llmConcurrencyLimit: 5 });
    assert.ok(slow - quick > 9000 && slow - quick < 10_000, String(slow - quick));
    // 100 calls where errors are asked for, instead of 10.
    const failing = checked({ llmBaseLatency: '10ms', llmErrorRate: 0.1 });
    near(failing - checked({ llmBaseLatency: '10ms' }), 90 * 10, 0.1);
  });

  it('is part of the plan of a suite, but where the server is trusted or measured as it was started', () => {
    const total = (changes: Record<string, unknown>): number =>
      planOf({ scenarios: ['multi_agent'], settings: remote, ...changes }).estimateMs;
    assert.ok(total({}) - total({ trustServer: true }) > 7 * 300);
    assert.equal(
      total({ scenarios: ['cold_start'] }),
      total({ scenarios: ['cold_start'], trustServer: true }),
    );
  });
});

function planOf(raw: Record<string, unknown>, cost?: RunCost): SuitePlan {
  const read = readSuiteRequest(raw);
  assert.ok(read.kind === 'ok', JSON.stringify(read));
  const planned = planSuite(read.request, cost);
  assert.ok(planned.kind === 'ok');
  return planned.plan;
}

describe('what a run costs a machine, as a suite shows it', () => {
  const plan = planOf({ scenarios: ['all'], scale: 0.02, runs: 2 });
  /** Levels that took what a machine of that cost is estimated to take, and some that were held up. */
  function results(cost: RunCost, heldUpMs: readonly number[] = []): LevelResult[] {
    const { levels } = planOf({ scenarios: ['all'], scale: 0.02, runs: 2 }, cost);
    return levels.map(({ scenario, level, estimateMs }, index) =>
      aLevelResult({ scenario, level, tookMs: estimateMs + (heldUpMs[index] ?? 0) }),
    );
  }

  it('is what makes the estimate of that suite the time that it took', () => {
    for (const startUpMs of [300, 900, 2500]) {
      const took = results({ startUpMs, from: 'assumed' });
      const learnt = costFrom(plan.levels, took);
      near(learnt?.startUpMs ?? NaN, startUpMs, 0.005);
      assert.equal(learnt?.from, 'learnt');
    }
  });

  it('is not taken from levels that waited for the host, failed or were skipped', () => {
    const heldUp = results({ startUpMs: 900, from: 'assumed' }, [120_000, 30_000, 500_000]);
    near(costFrom(plan.levels, heldUp)?.startUpMs ?? NaN, 900, 0.005);
    const skipped = { kind: 'skipped', reason: 'r' } as const;
    const others = heldUp.map((result, index) =>
      index < 70 ? { ...result, tookMs: 1, outcome: skipped } : result,
    );
    near(costFrom(plan.levels, others)?.startUpMs ?? NaN, 900, 0.005);
  });

  it('is not known from a few levels, nor from a server given by address', () => {
    assert.equal(
      costFrom(plan.levels, results({ startUpMs: 900, from: 'assumed' }).slice(0, 4)),
      null,
    );
    const settings = { serverAddr: 'loom.test:60051' };
    const remote = planOf({ scenarios: ['all'], scale: 0.02, runs: 2, settings });
    assert.equal(costFrom(remote.levels, results({ startUpMs: 900, from: 'assumed' })), null);
  });
});
