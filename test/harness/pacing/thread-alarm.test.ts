import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ThreadAlarm } from '../../../src/harness/pacing/thread-alarm.ts';
import { createMonotonicClock } from '../../../src/runtime/monotonic-clock.ts';

const clock = createMonotonicClock();
/** What the alarm allows itself to be early, for its message to arrive in time. */
const LEAD_NS = 60_000;

describe('an alarm by a thread', () => {
  let alarm: ThreadAlarm;
  let woken: (atNs: number) => void = () => undefined;
  // An alarm's thread does not keep the process alive; the load around it does.
  const alive = setInterval(() => undefined, 1000);

  function nextWake(): Promise<number> {
    return new Promise((resolve) => (woken = resolve));
  }

  before(async () => {
    alarm = await ThreadAlarm.start(clock);
    alarm.for(() => woken(clock.nowNs()));
  });
  after(async () => {
    clearInterval(alive);
    await alarm.close();
  });

  it('wakes once for each instant, in order, and not before its time', async () => {
    for (const waitMs of [5, 0.3, 0.5, 20, 1.7]) {
      const dueNs = clock.nowNs() + waitMs * 1e6;
      const wake = nextWake();
      alarm.set(dueNs);
      assert((await wake) >= dueNs - LEAD_NS);
    }
  });

  it('wakes at once for what is due already', async () => {
    const wake = nextWake();
    alarm.set(clock.nowNs() - 1e6);
    await wake;
  });

  it('forgets what was cleared', async () => {
    const wakes: number[] = [];
    woken = (atNs) => wakes.push(atNs);
    alarm.set(clock.nowNs() + 1e6);
    alarm.clear();
    const dueNs = clock.nowNs() + 30e6;
    const wake = nextWake();
    alarm.set(dueNs);
    assert((await wake) >= dueNs - LEAD_NS);
    assert.deepEqual(wakes, []);
  });

  it('does not take the wake of a cleared instant, which was under way already, for that of the next', async () => {
    for (let round = 0; round < 20; round += 1) {
      const clearedNs = clock.nowNs() + 1e6;
      alarm.set(clearedNs);
      // The message is sent while this thread is busy, and comes when the instant is cleared and another one set.
      while (clock.nowNs() < clearedNs + 2e6);
      alarm.clear();
      const dueNs = clock.nowNs() + 10e6;
      const wake = nextWake();
      alarm.set(dueNs);
      assert((await wake) >= dueNs - LEAD_NS);
    }
  });

  it('wakes for an instant that is set after a clear, however far the thread had read on', async () => {
    for (let round = 0; round < 200; round += 1) {
      alarm.set(clock.nowNs() + 200e6);
      // Lets the thread read the instant or its clearing, at ever another place of its loop.
      const untilNs = clock.nowNs() + round * 1_000;
      while (clock.nowNs() < untilNs);
      alarm.clear();
      while (clock.nowNs() < untilNs + 50_000);
      const wake = nextWake();
      alarm.set(clock.nowNs() + 0.2e6);
      await wake;
    }
  });

  it('goes on by timers when its thread has ended', async () => {
    await alarm.close();
    const wake = nextWake();
    alarm.set(clock.nowNs() + 5e6);
    await wake;
  });
});
