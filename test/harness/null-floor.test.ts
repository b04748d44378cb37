import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { RunPlan } from '../../src/contract/run-plan.ts';
import { nullFloorIn } from '../../src/harness/null-floor.ts';
import { latencyAround, measurement, noLatency } from '../support/run-measurements.ts';
import { harnessConfig } from '../support/run-plans.ts';

const directory = mkdtempSync(join(tmpdir(), 'loombench-floor-test-'));
after(() => rmSync(directory, { recursive: true, force: true }));

describe('the null floor', () => {
  const harness = harnessConfig({ serverAddr: '10.0.0.1:443', concurrency: 50, engine: 'wire' });
  const plans: RunPlan[] = [];
  const measure = (plan: RunPlan) => {
    plans.push(plan);
    return Promise.resolve(measurement({ latency: { ...latencyAround(400), p99Us: 900 } }));
  };

  it('is measured with one worker on an embedded target without LLM time, once per engine, and kept', async () => {
    const floor = await nullFloorIn(directory, {})(harness, measure);
    assert.equal(floor?.p50Us, 400);
    assert.equal(floor.p99Us, 900);
    const [plan] = plans;
    assert(plan !== undefined);
    assert.equal(plan.harness.serverAddr, '');
    assert.equal(plan.harness.concurrency, 1);
    assert.equal(plan.harness.llm.baseLatencyMs + plan.harness.llm.jitterMs, 0);
    assert.deepEqual(await nullFloorIn(directory, {})(harness, measure), floor);
    assert.equal(plans.length, 1);
    await nullFloorIn(directory, {})({ ...harness, engine: 'grpc-js' }, measure);
    assert.equal(plans.length, 2);
  });

  it('is none when no call succeeded or when it is switched off', async () => {
    const failed = () => Promise.resolve(measurement({ latency: noLatency }));
    const elsewhere = join(directory, 'none');
    assert.equal(await nullFloorIn(elsewhere, {})(harness, failed), null);
    assert.equal(
      await nullFloorIn(elsewhere, { LOOMBENCH_NULL_FLOOR: 'off' })(harness, measure),
      null,
    );
  });
});
