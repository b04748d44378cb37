import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { createMonotonicClock } from '../../src/runtime/monotonic-clock.ts';
import type { MonotonicClock } from '../../src/runtime/monotonic-clock.ts';
import { ResourceSampler } from '../../src/runtime/resource-sampler.ts';

function clockAgedMs(ageMs: number): MonotonicClock {
  return createMonotonicClock(process.hrtime.bigint() - BigInt(ageMs) * 1_000_000n);
}

function block(durationMs: number): void {
  const endMs = performance.now() + durationMs;
  while (performance.now() < endMs);
}

/** Real time that can be pushed ahead, as if the loop had been blocked that long. */
class JumpingClock implements MonotonicClock {
  readonly originNs = 0n;
  readonly #real: MonotonicClock;
  #aheadNs = 0;

  constructor(ageMs: number) {
    this.#real = clockAgedMs(ageMs);
  }

  nowNs(): number {
    return this.#real.nowNs() + this.#aheadNs;
  }

  jumpMs(durationMs: number): void {
    this.#aheadNs += durationMs * 1e6;
  }
}

function seconds(sampler: ResourceSampler): number[] {
  return sampler.stop().map((sample) => sample.second);
}

describe('ResourceSampler', () => {
  it('counts seconds from the origin of the clock and labels the rest at the stop by its second', async () => {
    const sampler = new ResourceSampler({ clock: clockAgedMs(7800) });
    sampler.start();
    await delay(400);
    assert.deepEqual(seconds(sampler), [7, 8]);
  });

  it('keeps absolute deadlines after a late tick and has no sample for seconds that a block skipped', async () => {
    const clock = new JumpingClock(800);
    const sampler = new ResourceSampler({ clock });
    sampler.start();
    clock.jumpMs(2700);
    await delay(800);
    assert.deepEqual(seconds(sampler), [2, 3, 4]);
  });

  it('samples the last whole second when the stop comes before the late tick', () => {
    const clock = new JumpingClock(0);
    const sampler = new ResourceSampler({ clock });
    sampler.start();
    clock.jumpMs(1000);
    assert.deepEqual(seconds(sampler), [0]);
  });

  it('has a sample even for a run of a few milliseconds', () => {
    const clock = new JumpingClock(100);
    const sampler = new ResourceSampler({ clock });
    sampler.start();
    assert.deepEqual(seconds(sampler), [0]);
  });

  it('sees a busy loop in CPU, utilisation and delay, and an idle one as idle', async () => {
    const sampler = new ResourceSampler({ clock: clockAgedMs(0) });
    sampler.start();
    await delay(20);
    block(300);
    await delay(1000 - 320 + 100);
    await delay(1000);
    const samples = sampler.stop();
    const [busy, idle] = samples;
    assert.ok(busy !== undefined && idle !== undefined);
    assert.ok(busy.eventLoopUtilisation > 0.2, `utilisation ${busy.eventLoopUtilisation}`);
    assert.ok(busy.eventLoopUtilisation > idle.eventLoopUtilisation);
    assert.ok(busy.cpuUserUs + busy.cpuSystemUs > idle.cpuUserUs + idle.cpuSystemUs);
    assert.ok((busy.eventLoopDelayMaxUs ?? 0) >= 280_000, `delay ${busy.eventLoopDelayMaxUs}`);
    assert.ok((idle.eventLoopDelayP99Us ?? Infinity) < (busy.eventLoopDelayMaxUs ?? 0));
    assert.ok(busy.rssBytes > 1e6 && busy.heap_alloc_mb > 0);
    assert.ok(busy.heap_sys_mb >= busy.heap_alloc_mb);
  });

  it('does not lose the delay of a block that covers a deadline', async () => {
    const sampler = new ResourceSampler({ clock: clockAgedMs(700) });
    sampler.start();
    await delay(200);
    block(250);
    await delay(100);
    const samples = sampler.stop();
    const worstUs = Math.max(...samples.map((sample) => sample.eventLoopDelayMaxUs ?? 0));
    assert.ok(worstUs >= 230_000, `worst delay ${worstUs}`);
  });

  it('is empty before a start', () => {
    assert.deepEqual(new ResourceSampler({ clock: clockAgedMs(0) }).stop(), []);
  });
});
