import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { workerStartsNs, type PlannedLoad } from '../../src/harness/arrivals/load-model.ts';
import {
  constantSchedule,
  replaySchedule,
  stagesSchedule,
} from '../../src/harness/arrivals/schedule.ts';
import { runVirtualLoad } from '../support/virtual-load.ts';

function closed(workers: number, limit: PlannedLoad['limit'], rampUpMs = 0): PlannedLoad {
  const starts = workerStartsNs(workers, rampUpMs);
  return { model: { kind: 'closed', workerStartsNs: starts }, limit, slots: workers };
}

function forMs(endMs: number): PlannedLoad['limit'] {
  return { kind: 'duration', endNs: endMs * 1e6 };
}

function open(
  ratePerS: number,
  slots: number,
  limit: PlannedLoad['limit'],
  pacing: 'timer' | 'spin' = 'timer',
): PlannedLoad {
  const schedule = constantSchedule(ratePerS);
  return {
    model: { kind: 'open', schedule, maxInFlight: slots, pacing, offeredRps: ratePerS },
    limit,
    slots,
  };
}

describe('closed loop', () => {
  it('sends exactly n calls, also when n is below the number of workers', async () => {
    for (const [workers, n] of [
      [10, 3],
      [1, 1],
      [10, 10],
      [7, 1000],
    ] as const) {
      const { result, calls } = await runVirtualLoad({
        load: closed(workers, { kind: 'count', calls: n }),
        serviceMs: () => 5,
      });
      assert.equal(result.issued, n);
      assert.equal(calls.length, n);
      assert(calls.every((call) => call.fate === 'ended'));
    }
  });

  it('keeps the concurrency asked for, never more, and never idles', async () => {
    const { calls, maxInFlight, result } = await runVirtualLoad({
      load: closed(45, forMs(2000)),
      serviceMs: () => 10,
    });
    assert.equal(maxInFlight, 45);
    assert.equal(result.maxInFlight, 45);
    assert.equal(calls.length, 45 * 200);
  });

  it('starts worker i at ramp-up · i / c', async () => {
    const { calls } = await runVirtualLoad({
      load: closed(4, forMs(1000), 400),
      serviceMs: () => 5000,
      graceMs: 10_000,
    });
    assert.deepEqual(
      calls.map((call) => call.startMs),
      [0, 100, 200, 300],
    );
  });

  it('offers nothing more once the fence has closed, and gives up what is in flight', async () => {
    const { calls, endedAtMs } = await runVirtualLoad({
      load: closed(2, forMs(1000)),
      serviceMs: (index) => (index === 1 ? 300 : 10),
      fencedAtMs: 100,
    });
    assert.equal(endedAtMs, 100);
    assert.ok(calls.every((call) => call.startMs < 100));
    assert.deepEqual(
      calls.filter((call) => call.fate !== 'ended').map((call) => call.fate),
      ['cancelled'],
    );
  });

  it('goes round-robin over the templates', async () => {
    const { calls } = await runVirtualLoad({
      load: closed(2, { kind: 'count', calls: 7 }),
      serviceMs: () => 5,
      templates: 3,
    });
    assert.deepEqual(
      calls.map((call) => call.template),
      [0, 1, 2, 0, 1, 2, 0],
    );
  });

  it('stops issuing at the end and lets calls in flight finish within the grace', async () => {
    const { calls, endedAtMs, result } = await runVirtualLoad({
      load: closed(4, forMs(2000)),
      serviceMs: () => 1500,
      graceMs: 5000,
    });
    assert.equal(result.issued, 8);
    assert(calls.every((call) => call.fate === 'ended' && call.startMs < 2000));
    assert.equal(endedAtMs, 3000);
    assert.equal(result.interrupted, false);
  });

  it('gives up and cancels what the grace does not see end', async () => {
    const { calls, endedAtMs } = await runVirtualLoad({
      load: closed(4, forMs(2000)),
      serviceMs: (index) => (index < 2 ? 100 : 60_000),
      graceMs: 1000,
    });
    assert.equal(endedAtMs, 3000);
    assert.deepEqual(
      calls.map((call) => call.fate),
      ['ended', 'ended', 'cancelled', 'cancelled', 'cancelled', 'cancelled'],
    );
  });

  it('stops at once when aborted and says that it was interrupted', async () => {
    const { calls, endedAtMs, result } = await runVirtualLoad({
      load: closed(3, { kind: 'count', calls: 1000 }),
      serviceMs: () => 50,
      abortAtMs: 220,
    });
    assert.equal(result.interrupted, true);
    assert(endedAtMs <= 221, `ended at ${endedAtMs} ms`);
    assert.equal(calls.filter((call) => call.fate === 'ended').length, 12);
    assert.equal(calls.filter((call) => call.fate === 'cancelled').length, 3);
  });

  it('does not spin on a dead server: failures of this side come at most once a millisecond', async () => {
    const { result, calls } = await runVirtualLoad({
      load: closed(50, forMs(1000)),
      serviceMs: () => 0,
      end: () => ({ grpcStatus: 14, origin: 'client' }),
    });
    assert(calls.length <= 50 + 1000, `${calls.length} calls`);
    assert(calls.length >= 500, `${calls.length} calls`);
    assert.equal(result.endsByClient[14], calls.length);
    assert(result.heldBack > 0);
  });

  // A server that is up, gone, up and gone again: what an outage long ago allowed is no credit for the next.
  for (const [what, failureMs] of [
    ['at once', () => 0],
    ['after a while', () => 3],
    ['each at its own pace', (index: number) => index % 7],
  ] as const) {
    it(`spaces retries by a millisecond over all workers in every outage, when calls fail ${what}`, async () => {
      const workers = 20;
      const down = (atMs: number): boolean => Math.floor(atMs / 200) % 2 === 1;
      const { calls, result } = await runVirtualLoad({
        load: closed(workers, forMs(800)),
        serviceMs: (index) => (down(Date.now()) ? failureMs(index) : 10),
        end: () => (down(Date.now()) ? { grpcStatus: 14, origin: 'client' } : {}),
      });
      const downAtEnd = new Map<number, boolean>();
      const retriesByMs = new Map<number, number>();
      for (const { slot, startMs, endMs } of calls) {
        if (downAtEnd.get(slot) === true)
          retriesByMs.set(startMs, (retriesByMs.get(startMs) ?? 0) + 1);
        downAtEnd.set(slot, endMs !== null && down(endMs));
      }
      assert.deepEqual(
        [...retriesByMs].filter(([, retries]) => retries > 1),
        [],
      );
      // Two outages of 200 ms: a retry in nearly each of their milliseconds, less the time that failing takes.
      assert(retriesByMs.size > 300, `${retriesByMs.size} retries`);
      assert(result.heldBack >= retriesByMs.size);
    });
  }

  it('retries in the order in which calls failed, the first a millisecond after its failure', async () => {
    const { calls } = await runVirtualLoad({
      load: closed(4, forMs(50)),
      serviceMs: () => 20,
      end: () => ({ grpcStatus: 14, origin: 'client' }),
    });
    assert.deepEqual(
      calls.slice(0, 12).map(({ slot, startMs }) => [slot, startMs]),
      [
        [0, 0],
        [1, 0],
        [2, 0],
        [3, 0],
        [0, 21],
        [1, 22],
        [2, 23],
        [3, 24],
        [0, 42],
        [1, 43],
        [2, 44],
        [3, 45],
      ],
    );
  });

  it('goes on at once after a deadline or a cancellation of this side, for the server had its chance', async () => {
    for (const grpcStatus of [1, 4]) {
      const { calls, result } = await runVirtualLoad({
        load: closed(5, forMs(100)),
        serviceMs: () => 10,
        end: () => ({ grpcStatus, origin: 'client' }),
      });
      assert.equal(calls.length, 50);
      assert.equal(result.heldBack, 0);
    }
  });

  it('takes a quick error of the server for an answer and goes on at once', async () => {
    const { result, calls } = await runVirtualLoad({
      load: closed(5, forMs(100)),
      serviceMs: () => 1,
      end: () => ({ grpcStatus: 14, origin: 'server' }),
    });
    assert.equal(calls.length, 500);
    assert.equal(result.heldBack, 0);
  });

  it('accounts for every call in exactly one way, whatever the service times', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 60 }),
        fc.array(fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constant(Infinity)), {
          minLength: 1,
          maxLength: 20,
        }),
        fc.option(fc.integer({ min: 0, max: 500 }), { nil: undefined }),
        async (workers, n, services, abortAtMs) => {
          const { calls, result, maxInFlight } = await runVirtualLoad({
            load: closed(Math.min(workers, n), { kind: 'count', calls: n }),
            serviceMs: (index) => services[index % services.length] ?? 0,
            graceMs: 200,
            ...(abortAtMs === undefined
              ? services.includes(Infinity)
                ? { abortAtMs: 1000 }
                : {}
              : { abortAtMs }),
          });
          assert.equal(result.issued, calls.length);
          assert(calls.length <= n && maxInFlight <= workers);
          assert(calls.every((call) => call.fate === 'ended' || call.fate === 'cancelled'));
          const ends = [...result.endsByServer, ...result.endsByClient];
          assert.equal(
            ends.reduce((sum, count) => sum + count, 0),
            calls.filter((call) => call.fate === 'ended').length,
          );
        },
      ),
      { numRuns: 40, seed: 7 },
    );
  });
});

describe('open loop', () => {
  it('sends what is due when it is due, and drains after the last reply', async () => {
    const { calls, endedAtMs, result } = await runVirtualLoad({
      load: open(5, 100, forMs(10_000)),
      serviceMs: () => 3000,
      graceMs: 10_000,
    });
    assert.equal(calls.length, 50);
    assert(calls.every((call, index) => call.intendedMs === index * 200));
    assert(calls.every((call) => call.startMs - call.intendedMs <= 1));
    assert(Math.abs(endedAtMs - 12_800) <= 2, `ended at ${endedAtMs} ms`);
    assert.equal(result.unsent, 0);
  });

  it('ends no stage before its sends: what was due before the end goes out after it, within the grace', async () => {
    const stages = [
      { ratePerS: 5, durationMs: 4000, ramp: false },
      { ratePerS: 10, durationMs: 1000, ramp: false },
      { ratePerS: 20, durationMs: 1000, ramp: false },
    ];
    for (const schedule of [
      stagesSchedule(stages),
      replaySchedule(Array.from({ length: 50 }, (_, k) => k * 100e6)),
    ]) {
      const { calls, result, endedAtMs } = await runVirtualLoad({
        load: {
          model: { kind: 'open', schedule, maxInFlight: 10, pacing: 'timer', offeredRps: null },
          limit: forMs(6000),
          slots: 10,
        },
        // Ten at a time for three seconds each: the last of fifty begins no sooner than at 12 s and ends at 15 s.
        serviceMs: () => 3000,
        graceMs: 20_000,
      });
      assert.equal(calls.length, 50);
      assert.equal(result.unsent, 0);
      assert.ok(calls.every(({ fate, intendedMs }) => fate === 'ended' && intendedMs < 6000));
      assert.ok((calls.at(-1)?.startMs ?? 0) >= 12_000);
      assert.ok(endedAtMs >= Math.max(...calls.map(({ endMs }) => endMs ?? Infinity)));
    }
  });

  it('keeps the intended time of calls that the cap made late, and never skips one', async () => {
    const { calls, maxInFlight, result } = await runVirtualLoad({
      load: open(100, 10, { kind: 'count', calls: 200 }),
      // No end falls on an instant at which a call is due.
      serviceMs: (index) => (index < 10 ? 1003 : 5),
      graceMs: 10_000,
    });
    assert.equal(calls.length, 200);
    assert.equal(maxInFlight, 10);
    assert.equal(result.unsent, 0);
    const late = calls.filter((call) => call.startMs > call.intendedMs);
    assert(late.length >= 90, `${late.length} late calls`);
    assert.equal(result.cappedCalls, late.length);
    calls.forEach((call, index) => assert.equal(call.intendedMs, index * 10));
    const [first] = late;
    assert(first !== undefined);
    assert.equal(first.intendedMs, 100);
    assert(first.startMs >= 1000);
  });

  it('reads answers between the sends of a loop that is far behind', async () => {
    const { calls, maxInFlight, result } = await runVirtualLoad({
      load: open(1_000_000, 5000, { kind: 'count', calls: 3000 }),
      serviceMs: () => 0,
    });
    assert.equal(result.issued, 3000);
    assert.equal(result.cappedCalls, 0);
    assert(maxInFlight < 3000, `${maxInFlight} in flight`);
    assert(calls.every((call) => call.startMs >= call.intendedMs));
  });

  it('counts what could not be sent within the grace', async () => {
    const { calls, result } = await runVirtualLoad({
      load: open(100, 2, forMs(1000)),
      serviceMs: () => 400,
      graceMs: 1000,
    });
    assert.equal(calls.length + result.unsent, 100);
    assert(result.unsent > 0);
  });

  it('replays given times as they are', async () => {
    const schedule = replaySchedule([0, 3e6, 3e6, 250e6]);
    const { calls } = await runVirtualLoad({
      load: {
        model: { kind: 'open', schedule, maxInFlight: 10, pacing: 'timer', offeredRps: null },
        limit: { kind: 'count', calls: 4 },
        slots: 10,
      },
      serviceMs: () => 1,
    });
    assert.deepEqual(
      calls.map((call) => call.intendedMs),
      [0, 3, 3, 250],
    );
  });
});
