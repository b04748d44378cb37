import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planLoad, workerStartsNs } from '../../../src/harness/arrivals/load-model.ts';
import { seededRandom } from '../../../src/harness/arrivals/seeded-random.ts';
import { harnessConfig } from '../../support/run-plans.ts';

describe('planned load', () => {
  it('needs no more workers than calls', () => {
    const few = planLoad(harnessConfig({ concurrency: 10, totalRequests: 3 }), null);
    assert.equal(few.slots, 3);
    assert.deepEqual(few.limit, { kind: 'count', calls: 3 });
    const timed = planLoad(harnessConfig({ concurrency: 10, durationMs: 250 }), null);
    assert.equal(timed.slots, 10);
    assert.deepEqual(timed.limit, { kind: 'duration', endNs: 250e6 });
  });

  it('takes the rate of an open loop as the total, not per worker', () => {
    const arrival = { kind: 'constant', ratePerS: 100 } as const;
    const { model } = planLoad(harnessConfig({ concurrency: 10, arrival }), null);
    assert(model.kind === 'open');
    assert.equal(model.offeredRps, 100);
    model.schedule.nextNs();
    assert.equal(model.schedule.nextNs(), 10e6);
  });

  it('ends stages with the last of them, whatever the duration says', () => {
    const stages = [
      { ratePerS: 10, durationMs: 1000, ramp: false },
      { ratePerS: 20, durationMs: 500, ramp: true },
    ];
    const config = harnessConfig({ durationMs: 60_000, arrival: { kind: 'stages', stages } });
    assert.deepEqual(planLoad(config, null).limit, { kind: 'duration', endNs: 1500e6 });
  });

  it('offers the mean rate of stages over their whole length', () => {
    const stages = [
      { ratePerS: 10, durationMs: 1000, ramp: false },
      { ratePerS: 20, durationMs: 3000, ramp: true },
    ];
    const { model } = planLoad(harnessConfig({ arrival: { kind: 'stages', stages } }), null);
    assert(model.kind === 'open');
    // 10 calls, then 15/s over 3 s.
    assert.equal(model.offeredRps, 55 / 4);
  });

  it('starts workers at a seeded random phase when one is asked for', () => {
    const starts = (seed: number): readonly number[] => {
      const config = harnessConfig({ concurrency: 50, initialPhaseMs: 20, seed });
      const { model } = planLoad(config, null);
      assert(model.kind === 'closed');
      return model.workerStartsNs;
    };
    assert(starts(1).every((at) => at >= 0 && at < 20e6));
    assert.equal(new Set(starts(1)).size, 50);
    assert.deepEqual(starts(1), starts(1));
    assert.notDeepEqual(starts(1), starts(2));
  });

  it('replays as many calls as the file has and names a bad line', () => {
    const config = harnessConfig({ arrival: { kind: 'replay', path: 'times.txt' } });
    assert.deepEqual(planLoad(config, '0\n5\n').limit, { kind: 'count', calls: 2 });
    assert.throws(() => planLoad(config, '5\n0\n'), {
      code: 'config-invalid',
      message: /times\.txt, line 2/,
    });
  });

  it('moves each worker start by a seeded phase below its bound', () => {
    const phase = { withinNs: 1e6, random: seededRandom(9) };
    const moved = workerStartsNs(100, 100, phase);
    moved.forEach((at, worker) => assert(at >= worker * 1e6 && at < (worker + 1) * 1e6));
    assert.equal(new Set(moved.map((at) => at % 1e6)).size, 100);
    assert.deepEqual(workerStartsNs(100, 100, { withinNs: 1e6, random: seededRandom(9) }), moved);
  });
});
