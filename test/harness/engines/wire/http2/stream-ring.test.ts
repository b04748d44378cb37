import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { StreamRing } from '../../../../../src/harness/engines/wire/http2/stream-ring.ts';

describe('stream ring', () => {
  it('finds every open stream and no other, however long some stay open', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { maxLength: 3000 }), (steps) => {
        const ring = new StreamRing();
        const open = new Map<number, number>();
        let slot = 0;
        for (const step of steps) {
          // Mostly open; close the newest, or, rarely, any: some stay open for long while ids run past them.
          const ids = [...open.keys()];
          const victim = step === 0 ? ids[slot % Math.max(1, ids.length)] : ids.at(-1);
          if (step > 4 || victim === undefined) {
            const id = ring.open(slot);
            assert.equal(id % 2, 1);
            assert.ok(ids.every((other) => other < id));
            open.set(id, slot);
            slot += 1;
          } else {
            ring.close(victim);
            open.delete(victim);
            assert.equal(ring.slotOf(victim), -1);
            assert.equal(ring.isIdle(victim), false);
          }
        }
        assert.equal(ring.live, open.size);
        for (const [id, held] of open) assert.equal(ring.slotOf(id), held);
      }),
      { numRuns: 20 },
    );
  });

  it('is used up a round before the last id, so that a taken cell can still be skipped', () => {
    const last = 0x7fffffff;
    const ring = new StreamRing(last - 2 * 256);
    assert.equal(ring.exhausted, false);
    const id = ring.open(0);
    assert.ok(id > 0);
    assert.equal(ring.exhausted, true);
    assert.ok(ring.open(1) > id);
  });

  it('takes even ids and ids to come for idle', () => {
    const ring = new StreamRing();
    ring.open(0);
    assert.deepEqual(
      [1, 2, 3].map((id) => ring.isIdle(id)),
      [false, true, true],
    );
  });
});
