// A load on N threads must be the load: the same starts and sends, the same number of calls, none twice.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { planLoad, type PlannedLoad } from '../../../src/harness/arrivals/load-model.ts';
import { shareOfLoad, usefulThreads } from '../../../src/harness/arrivals/load-shares.ts';
import { harnessConfig, type HarnessChanges } from '../../support/run-plans.ts';
import { runVirtualLoad } from '../../support/virtual-load.ts';

function load(changes: HarnessChanges): PlannedLoad {
  return planLoad(harnessConfig(changes), null);
}

/** Each share plans the load for itself, as threads do. */
function shares(changes: HarnessChanges, threads: number): PlannedLoad[] {
  const counter = new Int32Array(new SharedArrayBuffer(4));
  return Array.from({ length: threads }, (_, thread) =>
    shareOfLoad(load(changes), { thread, threads, counter }),
  );
}

function numbersOf(share: PlannedLoad, count: number): (number | null)[] {
  return Array.from({ length: count }, () => share.numbers?.take() ?? null);
}

function sendsOf(planned: PlannedLoad, count: number): number[] {
  const { model } = planned;
  assert(model.kind === 'open');
  return Array.from({ length: count }, () => model.schedule.nextNs());
}

describe('shares of a closed loop', () => {
  it('have every worker once, with the start it has in the whole load', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 16 }), (c, asked) => {
        const changes = { concurrency: c, rampUpMs: 1000 };
        const whole = load(changes);
        const threads = usefulThreads(whole, asked);
        const parts = shares(changes, threads).map((share) => {
          assert(share.model.kind === 'closed');
          assert.equal(share.slots, share.model.workerStartsNs.length);
          return share.model.workerStartsNs;
        });
        assert(whole.model.kind === 'closed');
        assert.deepEqual(
          parts.flat().sort((a, b) => a - b),
          whole.model.workerStartsNs,
        );
        const sizes = parts.map((starts) => starts.length);
        assert(Math.min(...sizes) >= 1 && Math.max(...sizes) - Math.min(...sizes) <= 1);
      }),
    );
  });

  it('draw n calls from one counter, each number once, however unevenly they draw', () => {
    const [first, second] = shares({ concurrency: 4, totalRequests: 10 }, 2);
    assert(first !== undefined && second !== undefined);
    assert.equal(first.numbers?.isSpent(), false);
    const drawn = [...numbersOf(first, 7), ...numbersOf(second, 5), ...numbersOf(first, 2)];
    assert.deepEqual(drawn, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, null, null, null, null]);
    assert.equal(second.numbers?.isSpent(), true);
  });

  it('are no more than calls or workers: n below c sends n', () => {
    assert.equal(usefulThreads(load({ concurrency: 10, totalRequests: 3 }), 8), 3);
    assert.equal(usefulThreads(load({ concurrency: 2 }), 8), 2);
    assert.equal(usefulThreads(load({ concurrency: 20 }), 8), 8);
  });

  it('send n calls together when driven, whichever thread is faster', async () => {
    for (const [concurrency, totalRequests, threads] of [
      [10, 1000, 3],
      [10, 3, 3],
      [7, 8, 2],
    ] as const) {
      let issued = 0;
      for (const share of shares({ concurrency, totalRequests }, threads)) {
        const { result } = await runVirtualLoad({ load: share, serviceMs: () => 5 });
        issued += result.issued;
      }
      assert.equal(issued, totalRequests);
    }
  });

  it('end when another thread took the last call, also while a call of their own hangs', async () => {
    const [hanging, other] = shares({ concurrency: 4, totalRequests: 6 }, 2);
    assert(hanging !== undefined && other !== undefined);
    const { result } = await runVirtualLoad({
      load: hanging,
      serviceMs: (index) => {
        if (index === 1) numbersOf(other, 4);
        return index === 0 ? Infinity : 5;
      },
      graceMs: 50,
      limitMs: 1000,
    });
    assert.equal(result.issued, 2);
    assert(result.endNs < 200e6, `${result.endNs} ns`);
  });

  it('end within the grace when all their calls hang and they only hear that the last one was taken', async () => {
    const [hanging, other] = shares({ concurrency: 4, totalRequests: 6 }, 2);
    assert(hanging !== undefined && other !== undefined);
    const { result, calls } = await runVirtualLoad({
      load: hanging,
      serviceMs: (index) => {
        if (index === 1) numbersOf(other, 4);
        return Infinity;
      },
      limitReachedAtMs: 20,
      graceMs: 50,
      limitMs: 1000,
    });
    assert.deepEqual(
      calls.map(({ fate }) => fate),
      ['cancelled', 'cancelled'],
    );
    assert.equal(result.issueEndNs, 20e6);
    assert.equal(result.endNs, 70e6);
  });
});

describe('shares of an open loop', () => {
  const models: readonly HarnessChanges[] = [
    { arrival: { kind: 'constant', ratePerS: 1000 } },
    { arrival: { kind: 'poisson', ratePerS: 1000 } },
    { arrival: { kind: 'gamma', ratePerS: 1000, burstiness: 0.3 } },
  ];

  it('have every send of the schedule once, at its time, with its number', () => {
    for (const changes of models) {
      const threads = 3;
      const whole = sendsOf(load(changes), 300);
      for (const [thread, share] of shares(changes, threads).entries()) {
        const own = whole.filter((_, at) => at % threads === thread);
        assert.deepEqual(sendsOf(share, 100), own);
        assert.deepEqual(numbersOf(share, 3), [thread, thread + 3, thread + 6]);
      }
    }
  });

  it('split a number of calls and the cap on calls in flight without loss', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 16 }),
        (totalRequests, maxInFlight, asked) => {
          const changes: HarnessChanges = {
            arrival: { kind: 'constant', ratePerS: 100 },
            totalRequests,
            maxInFlight,
          };
          const threads = usefulThreads(load(changes), asked);
          let calls = 0;
          let slots = 0;
          for (const share of shares(changes, threads)) {
            assert(share.limit.kind === 'count');
            assert(share.limit.calls >= 1 && share.slots >= 1);
            calls += share.limit.calls;
            slots += share.slots;
          }
          assert.deepEqual([calls, slots], [totalRequests, maxInFlight]);
        },
      ),
    );
  });
});
