import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { RunPlan } from '../../src/contract/run-plan.ts';
import type { RunCost } from '../../src/contract/suite.ts';
import { keepRunCost, knownRunCost, measureRunCost } from '../../src/harness/run-cost.ts';
import { harnessConfig } from '../support/run-plans.ts';
import { aMeasurement } from '../support/stored-run.ts';

describe('what a run costs this machine', () => {
  let directory = '';
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'loombench-run-cost-'));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  /** The cost as measured by runs that take so long around their load, and how many there were. */
  async function measured(
    t: TestContext,
    tookMs: (index: number) => number,
  ): Promise<{ cost: RunCost; plans: RunPlan[] }> {
    let nowMs = 1000;
    t.mock.method(performance, 'now', () => nowMs);
    const plans: RunPlan[] = [];
    const cost = await measureRunCost(harnessConfig({ sessionId: '' }), (plan) => {
      nowMs += 25 + tookMs(plans.length);
      plans.push(plan);
      return Promise.resolve(aMeasurement({ wallTimeMs: 25 }));
    });
    return { cost, plans };
  }

  it('is the least time around the load of small runs, which others on the machine can only lengthen', async (t) => {
    const { cost, plans } = await measured(t, (index) => [9000, 800, 5000][index] ?? 900);
    // And a little more, which runs of a suite were seen to take.
    assert.deepEqual(cost, { startUpMs: 920, from: 'measured' });
    // Serial calls of nothing, with all that runs of a suite collect.
    for (const { harness, collect } of plans) {
      assert.equal(harness.concurrency, 1);
      assert.equal(harness.llm.baseLatencyMs, 0);
      assert.ok(collect.resources && collect.histogram);
    }
  });

  it('is measured by few runs on a machine at rest, and by more while shorter ones still turn up', async (t) => {
    const atRest = await measured(t, (index) => [1000, 510, 500, 505, 503][index] ?? 502);
    assert.equal(atRest.plans.length, 6);
    t.mock.restoreAll();
    // Busy for the first eight.
    const busy = await measured(t, (index) => (index < 8 ? 1500 - 60 * index : 500));
    assert.equal(busy.cost.startUpMs, 575);
    t.mock.restoreAll();
    const endless = await measured(t, (index) => 10_000 * 0.9 ** index);
    assert.ok(endless.plans.length <= 20, String(endless.plans.length));
  });

  it('is remembered in the state directory', async () => {
    assert.equal(await knownRunCost(directory), null);
    await keepRunCost(directory, { startUpMs: 900, from: 'measured' });
    assert.deepEqual(await knownRunCost(directory), { startUpMs: 900, from: 'measured' });
    for (const other of ['not ours', '{"a": 1}', 'null']) {
      await writeFile(join(directory, 'run-cost.json'), other);
      assert.equal(await knownRunCost(directory), null);
    }
  });

  it('is the middle one of the last five that were measured or learnt, the lower of two, so that one busy suite changes little', async () => {
    const learnt = async (startUpMs: number): Promise<number | undefined> => {
      await keepRunCost(directory, { startUpMs, from: 'learnt' });
      return (await knownRunCost(directory))?.startUpMs;
    };
    await keepRunCost(directory, { startUpMs: 900, from: 'measured' });
    assert.equal(await learnt(1700), 900);
    assert.equal(await learnt(950), 950);
    // Another machine by now, in all but its name.
    assert.equal(await learnt(400), 900);
    assert.equal(await learnt(420), 900);
    assert.equal(await learnt(410), 420);
  });
});
