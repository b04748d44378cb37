import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolveConfig } from '../../src/config/resolve.ts';
import { estimateLevelMs } from '../../src/suite/estimate.ts';

function estimated(settings: Readonly<Record<string, unknown>>): number {
  const resolved = resolveConfig({ llmJitter: '0ms', runs: 1, warmupRuns: 0, ...settings });
  assert.ok(resolved.kind === 'ok', JSON.stringify(resolved));
  return estimateLevelMs(resolved.config);
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
    assert.ok(first > 1000 && first < 1000 + 5000, String(first));
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
    // Nothing binds but the machine: some thousand calls a second, not a million.
    const free = { llmBaseLatency: '0ms', concurrency: 1000 };
    const seconds = difference(free, calls, more) / 1000;
    assert.ok(seconds > 0.5 && seconds < 5, String(seconds));
  });
});
