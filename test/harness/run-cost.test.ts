import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { after, before, describe, it } from 'node:test';
import type { RunPlan } from '../../src/contract/run-plan.ts';
import { keepRunCost, knownRunCost, measureRunCost } from '../../src/harness/run-cost.ts';
import { harnessConfig } from '../support/run-plans.ts';
import { aMeasurement } from '../support/stored-run.ts';

describe('what a run costs this machine', () => {
  let directory = '';
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'loombench-run-cost-'));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  it('is the median time around the load of small runs, without the first, which finds nothing in the caches', async (t) => {
    let nowMs = 1000;
    t.mock.method(performance, 'now', () => nowMs);
    const tookMs = [9000, 800, 5000, 900];
    const plans: RunPlan[] = [];
    const cost = await measureRunCost(harnessConfig({ sessionId: '' }), (plan) => {
      nowMs += 25 + (tookMs[plans.length] ?? 0);
      plans.push(plan);
      return Promise.resolve(aMeasurement({ wallTimeMs: 25 }));
    });
    assert.deepEqual(cost, { startUpMs: 900, from: 'measured' });
    assert.equal(plans.length, 4);
    // Serial calls of nothing, with all that runs of a suite collect.
    for (const { harness, collect } of plans) {
      assert.equal(harness.concurrency, 1);
      assert.equal(harness.llm.baseLatencyMs, 0);
      assert.ok(collect.resources && collect.histogram);
    }
  });

  it('is remembered in the state directory until something newer is known', async () => {
    assert.equal(await knownRunCost(directory), null);
    await keepRunCost(directory, { startUpMs: 900, from: 'measured' });
    await keepRunCost(directory, { startUpMs: 1200, from: 'learnt' });
    assert.deepEqual(await knownRunCost(directory), { startUpMs: 1200, from: 'learnt' });
    await writeFile(join(directory, 'run-cost.json'), 'not ours');
    assert.equal(await knownRunCost(directory), null);
  });
});
