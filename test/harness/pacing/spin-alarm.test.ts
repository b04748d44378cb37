import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, it } from 'node:test';
import { spinAlarm } from '../../../src/harness/pacing/alarm.ts';

/** What the clock of these tests goes on by with each reading. */
const STEP_NS = 100;
const FAR_NS = 1e9;

describe('an alarm by spinning', () => {
  function started() {
    const state = { nowNs: 0, readings: 0, wokenAtNs: [] as number[] };
    const clock = {
      originNs: 0n,
      nowNs: () => {
        state.readings += 1;
        return (state.nowNs += STEP_NS);
      },
    };
    return { state, alarm: spinAlarm(clock, () => state.wokenAtNs.push(state.nowNs)) };
  }

  it('wakes at the first reading that is not before an instant close by', async () => {
    for (const idle of [true, false]) {
      const { state, alarm } = started();
      alarm.set(3_050, idle);
      await nextTurn();
      assert.deepEqual(state.wokenAtNs, [3_100]);
    }
  });

  it('lets the event loop turn after 5 µs while answers may come, and after 50 µs while none can', async () => {
    for (const [idle, dwellNs] of [
      [false, 5_000],
      [true, 50_000],
    ] as const) {
      const { state, alarm } = started();
      alarm.set(FAR_NS, idle);
      await nextTurn();
      assert.deepEqual(state.wokenAtNs, [STEP_NS + dwellNs]);
    }
  });

  it('wakes in the next turn, without a wait, for what is due already', async () => {
    const { state, alarm } = started();
    alarm.set(0, false);
    await nextTurn();
    assert.equal(state.wokenAtNs.length, 1);
    assert(state.readings <= 2, `${state.readings} readings`);
  });

  it('wakes once, for the instant that was set last, and never after it was cleared', async () => {
    const { state, alarm } = started();
    alarm.set(2_000, false);
    alarm.set(4_000, false);
    await nextTurn();
    assert.deepEqual(state.wokenAtNs, [4_000]);
    alarm.set(6_000, false);
    alarm.clear();
    await nextTurn();
    assert.deepEqual(state.wokenAtNs, [4_000]);
  });
});
