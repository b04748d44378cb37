import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DeadlineList } from '../../../../src/harness/engines/wire/deadline-list.ts';

const SLOTS = 5;

describe('deadline list', () => {
  it('counts a deadline from the stamp, not from the start', () => {
    const list = new DeadlineList(2);
    list.add(0, 100);
    assert.equal(list.nextDueNs, Infinity);
    list.stamp(1000);
    assert.equal(list.nextDueNs, 1100);
    assert.equal(list.takeDue(1099), -1);
    assert.equal(list.takeDue(1100), 0);
    assert.equal(list.nextDueNs, Infinity);
  });

  it('gives what a plain sorted list gives, under any sequence of calls', () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('add' as const),
        slot: fc.nat(SLOTS - 1),
        timeout: fc.nat(50),
      }),
      fc.record({ kind: fc.constant('remove' as const), slot: fc.nat(SLOTS - 1) }),
      fc.record({ kind: fc.constant('pass' as const), ns: fc.nat(30) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const list = new DeadlineList(SLOTS);
        const due = new Map<number, number>();
        let nowNs = 0;
        for (const one of steps) {
          if (one.kind === 'add' && !due.has(one.slot)) {
            list.add(one.slot, one.timeout);
            list.stamp(nowNs);
            due.set(one.slot, nowNs + one.timeout);
          } else if (one.kind === 'remove') {
            list.remove(one.slot);
            due.delete(one.slot);
          } else if (one.kind === 'pass') {
            nowNs += one.ns;
            const late = [...due].filter(([, at]) => at <= nowNs).map(([slot]) => slot);
            const taken: number[] = [];
            for (let slot = list.takeDue(nowNs); slot >= 0; slot = list.takeDue(nowNs)) {
              taken.push(slot);
            }
            assert.deepEqual(taken.toSorted(), late.toSorted());
            for (const slot of late) due.delete(slot);
          }
          assert.equal(list.nextDueNs, Math.min(Infinity, ...due.values()));
        }
      }),
      { numRuns: 500 },
    );
  });
});
