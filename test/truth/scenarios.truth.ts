// The standard scenarios at length, on real processes over loopback: what each is known to show. Some minutes of a machine
// that does nothing else. Their counts are held against the target's on any machine by test/integration/scenario-figures.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSuiteRequest } from '../../src/config/suite-request.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { RunMeasurement } from '../../src/contract/run-result.ts';
import type { Settings } from '../../src/contract/scenario.ts';
import { planSuite } from '../../src/suite/plan-suite.ts';
import { binomialBand } from '../support/queueing-theory.ts';
import { inBand, msOf, truthRun } from '../support/truth-runs.ts';

async function measured(
  scenario: string,
  level: string,
  settings: Settings = {},
): Promise<RunMeasurement> {
  const read = readSuiteRequest({ scenarios: [scenario], settings });
  assert.ok(read.kind === 'ok');
  const planned = planSuite(read.request);
  assert.ok(planned.kind === 'ok', JSON.stringify(planned));
  const found = planned.plan.levels.find((one) => one.level === level);
  assert.ok(found !== undefined, level);
  const resolved = resolveConfig(found.settings);
  assert.ok(resolved.kind === 'ok');
  return truthRun(resolved.config, resolved.config.perRunWarmupMs);
}

describe('realistic_llm', () => {
  for (const [llmMs, duration] of [
    [100, '10s'],
    [500, '15s'],
    [1000, '30s'],
  ] as const) {
    it(`has a p50 within 3 % of base + jitter / 2 at ${llmMs} ms with 10 workers`, async (t) => {
      const { latency } = await measured('realistic_llm', `${llmMs}ms-10-workers`, { duration });
      const middleMs = 1.1 * llmMs;
      inBand(t, 'p50, ms', msOf(latency.p50Us), [0.97 * middleMs, 1.03 * middleMs]);
    });
  }
});

describe('session_contention', () => {
  it('has a flat throughput and R = N/X within 3 %, as the lock of the session has it', async (t) => {
    // Held for 5 ms, so that it is the lock that binds, and not what the generator takes between two calls.
    const settings = { duration: '8s', perRunWarmup: '2s', llmBaseLatency: '5ms' };
    const rates: number[] = [];
    for (const workers of [2, 10, 50, 200]) {
      const { latency, okThroughputRps } = await measured(
        'session_contention',
        `${workers}-workers`,
        settings,
      );
      const perS = okThroughputRps ?? NaN;
      inBand(t, `R X of ${workers}`, msOf(latency.meanUs) * (perS / 1000), [
        0.97 * workers,
        1.03 * workers,
      ]);
      rates.push(perS);
    }
    const [first = NaN] = rates;
    for (const perS of rates) inBand(t, 'calls/s', perS, [0.95 * first, 1.05 * first]);
  });
});

describe('session_contention as it is', () => {
  // Nothing is held long enough for the lock to bind: up to some 50 workers calls share what a wake-up costs, and are more.
  for (const workers of [1, 2, 10, 50, 200]) {
    it(`has R = N/X within 3 % with ${workers} workers on an LLM that takes no time`, async (t) => {
      const settings = { duration: '8s', perRunWarmup: '2s' };
      const { latency, okThroughputRps } = await measured(
        'session_contention',
        `${workers}-workers`,
        settings,
      );
      const inFlight = msOf(latency.meanUs) * ((okThroughputRps ?? NaN) / 1000);
      inBand(t, 'R X', inFlight, [0.97 * workers, 1.03 * workers]);
    });
  }
});

describe('multi_agent', () => {
  for (const agents of [1, 5, 10, 20, 50, 100, 200]) {
    it(`spreads its calls evenly over ${agents} agents`, async (t) => {
      const { target, calls } = await measured('multi_agent', `${agents}-agents`);
      const counts = Object.values(target?.callsByAgent ?? {});
      assert.equal(counts.length, agents);
      assert.equal(calls.ok, 2000);
      inBand(t, 'most - least', Math.max(...counts) - Math.min(...counts), [0, 1]);
    });
  }
});

describe('error_resilience', () => {
  for (const percent of [10, 30, 50, 70]) {
    it(`fails in ${percent} % of its calls, as many as the target failed`, async (t) => {
      const settings = { duration: '5s', perRunWarmup: '0s' };
      const { calls, target } = await measured('error_resilience', `${percent}-percent`, settings);
      const failed = calls.degraded + calls.errors;
      assert.equal(failed, target?.llmErrors);
      const { lo, hi } = binomialBand(calls.ok + failed, percent / 100, 0.999);
      inBand(t, `failures of ${calls.ok + failed}`, failed, [lo, hi]);
    });
  }
});

describe('streamweave', () => {
  for (const workers of [1, 10]) {
    it(`has its first token and its chunks when they are due with ${workers} workers`, async (t) => {
      const settings = { duration: '6s', perRunWarmup: '1s' };
      const { latency, streams } = await measured('streamweave', `${workers}-workers`, settings);
      const firstMs = msOf(streams?.timeToFirstToken.p50Us);
      // Timers of the target count whole milliseconds.
      inBand(t, 'first token, ms', firstMs, [10, 12.5]);
      const chunks = (streams?.messages ?? NaN) / (streams?.streams ?? NaN) - 2;
      const gapMs = (msOf(latency.p50Us) - firstMs) / (chunks - 1);
      // The first and the last may each be late by a timer's tick.
      const tick = 1.2 / (chunks - 1);
      inBand(t, `gap of ${chunks} chunks, ms`, gapMs, [1 - tick, 1 + tick]);
    });
  }
});

describe('fresh_vs_reused', () => {
  it('shows the lock: one session makes at most a call per millisecond, fresh ones do not wait', async (t) => {
    const fresh = await measured('fresh_vs_reused', 'fresh');
    const reused = await measured('fresh_vs_reused', 'reused');
    inBand(t, 'one session, calls/s', reused.okThroughputRps, [300, 1000]);
    // Ten workers: nine others go first.
    inBand(t, 'one session, p50 ms', msOf(reused.latency.p50Us), [10, 25]);
    const ratio = (fresh.okThroughputRps ?? NaN) / (reused.okThroughputRps ?? NaN);
    inBand(t, 'fresh over reused', ratio, [2, 50]);
  });
});
