import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LoadFence } from '../../src/harness/load-fence.ts';

const MS = 1e6;

describe('the fence around the load', () => {
  it('admits load while the supervisor is heard of, and not when it has been silent for longer than the limit', () => {
    const fence = LoadFence.opened(6_000, 0);
    assert.equal(fence.admits(6_000 * MS), true);
    fence.hear(5_000 * MS);
    assert.equal(fence.admits(11_000 * MS), true);
    assert.equal(fence.admits(11_001 * MS), false);
  });

  it('stays closed when the supervisor comes back: by then another attempt may have begun', () => {
    const fence = LoadFence.opened(6_000, 0);
    assert.equal(fence.admits(7_000 * MS), false);
    fence.hear(7_001 * MS);
    assert.equal(fence.admits(7_002 * MS), false);
    assert.equal(fence.isClosed, true);
  });

  it('closes for all threads at once, which share its memory', () => {
    const fence = LoadFence.opened(6_000, 0);
    const elsewhere = new LoadFence(fence.plan);
    fence.hear(3_000 * MS);
    assert.equal(elsewhere.admits(9_000 * MS), true);
    assert.equal(fence.admits(9_001 * MS), false);
    assert.equal(elsewhere.admits(9_000 * MS), false);
  });
});
