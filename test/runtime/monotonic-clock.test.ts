import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMonotonicClock } from '../../src/runtime/monotonic-clock.ts';

describe('the monotonic clock', () => {
  it('reads whole nanoseconds of CLOCK_MONOTONIC since any origin, before or after it', () => {
    const now = process.hrtime.bigint();
    const origins = [0n, 1n, 999_999_999n, now, now + 1_500_000_001n, now - 1_500_000_001n];
    for (const originNs of origins) {
      const clock = createMonotonicClock(originNs);
      for (let reading = 0; reading < 1000; reading += 1) {
        const before = process.hrtime.bigint();
        const read = BigInt(clock.nowNs()) + originNs;
        const after = process.hrtime.bigint();
        assert.ok(before <= read && read <= after, `${before} ${read} ${after}`);
      }
    }
  });
});
