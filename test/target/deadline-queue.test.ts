import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createMonotonicClock } from '../../src/runtime/monotonic-clock.ts';
import { DeadlineQueue, type Due } from '../../src/target/deadline-queue.ts';

const NS_PER_MS = 1e6;

function entry(deadlineNs: number, onDue: (nowNs: number) => void): Due {
  return { deadlineNs, heapIndex: -1, onDue };
}

describe('Deadline queue', () => {
  it('never fires early and fires each entry exactly once, in order of deadline', async () => {
    const clock = createMonotonicClock();
    const queue = new DeadlineQueue(clock);
    const startNs = clock.nowNs();
    // Fractions of a millisecond are what a bare timer gets wrong.
    const waitsMs = Array.from({ length: 200 }, (_, i) => 1 + ((i * 7919) % 2000) / 100);
    const fired: { deadlineNs: number; atNs: number }[] = [];
    await new Promise<void>((resolve) => {
      for (const waitMs of waitsMs) {
        const due = entry(startNs + waitMs * NS_PER_MS, () => {
          fired.push({ deadlineNs: due.deadlineNs, atNs: clock.nowNs() });
          if (fired.length === waitsMs.length) resolve();
        });
        queue.schedule(due);
      }
    });
    for (const { deadlineNs, atNs } of fired) assert.ok(atNs >= deadlineNs, `${atNs - deadlineNs}`);
    const order = fired.map((f) => f.deadlineNs);
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
    );
    assert.equal(queue.size, 0);
  });

  it('does not fire an entry that was cancelled, and lets it be scheduled again', async () => {
    const clock = createMonotonicClock();
    const queue = new DeadlineQueue(clock);
    const fired: string[] = [];
    await new Promise<void>((resolve) => {
      const cancelled = entry(clock.nowNs() + NS_PER_MS, () => fired.push('cancelled'));
      queue.schedule(cancelled);
      queue.schedule(
        entry(clock.nowNs() + 4 * NS_PER_MS, () => {
          fired.push('kept');
          cancelled.deadlineNs = clock.nowNs() + NS_PER_MS;
          cancelled.onDue = () => {
            fired.push('again');
            resolve();
          };
          queue.schedule(cancelled);
        }),
      );
      queue.cancel(cancelled);
      queue.cancel(cancelled);
      assert.equal(queue.size, 1);
    });
    assert.deepEqual(fired, ['kept', 'again']);
  });

  it('fires what an entry schedules while it fires', async () => {
    const clock = createMonotonicClock();
    const queue = new DeadlineQueue(clock);
    let rounds = 0;
    await new Promise<void>((resolve) => {
      const due = entry(clock.nowNs(), () => {
        rounds += 1;
        if (rounds === 50) {
          resolve();
          return;
        }
        due.deadlineNs = clock.nowNs() + NS_PER_MS / 10;
        queue.schedule(due);
      });
      queue.schedule(due);
    });
    assert.equal(rounds, 50);
  });

  it('keeps its order under any mix of scheduling and cancelling', async () => {
    const operation = fc.record({ deadlineNs: fc.nat(1000), cancels: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 60 }), async (operations) => {
        // A clock that starts far after every deadline: all is due on the first turn.
        const queue = new DeadlineQueue({ originNs: 0n, nowNs: () => 10_000 });
        const fired: number[] = [];
        const entries = operations.map((o) => entry(o.deadlineNs, () => fired.push(o.deadlineNs)));
        for (const due of entries) queue.schedule(due);
        operations.forEach((o, index) => {
          const due = entries[index];
          if (o.cancels && due !== undefined) queue.cancel(due);
        });
        await new Promise((resolve) => setImmediate(resolve));
        const expected = operations.filter((o) => !o.cancels).map((o) => o.deadlineNs);
        assert.deepEqual(
          fired,
          expected.sort((a, b) => a - b),
        );
      }),
      { numRuns: 200 },
    );
  });
});
