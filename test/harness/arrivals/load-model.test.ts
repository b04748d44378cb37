import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ArrivalModel } from '../../../src/contract/config.ts';
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

  it('takes the rate of an open loop as the total, not per worker, connection or thread', () => {
    const stages = [{ ratePerS: 100, durationMs: 60_000, ramp: false }];
    const arrivals: readonly ArrivalModel[] = [
      { kind: 'constant', ratePerS: 100 },
      { kind: 'poisson', ratePerS: 100 },
      { kind: 'gamma', ratePerS: 100, burstiness: 2 },
      { kind: 'stages', stages },
    ];
    for (const arrival of arrivals) {
      const changes = { concurrency: 10, connections: 7, threads: 3, arrival };
      const { model } = planLoad(harnessConfig(changes), null);
      assert(model.kind === 'open');
      assert.equal(model.offeredRps, 100);
      let calls = 0;
      while (model.schedule.nextNs() < 50e9) calls += 1;
      // 5000 are due; even Poisson's spread of √5000 leaves 10 % far away.
      assert.ok(Math.abs(calls - 5000) < 500, `${arrival.kind}: ${calls} calls in 50 s`);
    }
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
