import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setTimeout as delay } from 'node:timers/promises';
import { GcLog } from '../../src/runtime/gc-log.ts';
import { createMonotonicClock } from '../../src/runtime/monotonic-clock.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void; // the flag above makes `gc` a global function

describe('GcLog', () => {
  it('places a forced collection between clock readings taken around it, to a tenth of a millisecond', async () => {
    const clock = createMonotonicClock(process.hrtime.bigint() - 5_000_000_000n);
    const log = new GcLog(clock);
    log.start();
    await delay(150);
    const beforeNs = clock.nowNs();
    collect();
    const afterNs = clock.nowNs();
    await delay(20);
    const pauses = await log.stop();
    const inside = pauses.filter(
      (pause) =>
        pause.startNs >= beforeNs - 1e5 && pause.startNs + pause.durationNs <= afterNs + 1e5,
    );
    assert.ok(
      inside.some((pause) => pause.kind === 'major' && pause.durationNs > 0),
      `no major pause within [${beforeNs}, ${afterNs}] in ${JSON.stringify(pauses)}`,
    );
    assert.equal(log.dropped, 0);
  });

  it('delivers a collection that ended just before the stop', async () => {
    const log = new GcLog(createMonotonicClock());
    log.start();
    collect();
    const pauses = await log.stop();
    assert.ok(pauses.some((pause) => pause.kind === 'major'));
  });

  it('gives pauses in order of their start, as whole nanoseconds', async () => {
    const log = new GcLog(createMonotonicClock());
    log.start();
    for (let index = 0; index < 5; index++) collect();
    const pauses = await log.stop();
    assert.ok(pauses.length >= 5);
    for (const [index, pause] of pauses.entries()) {
      assert.ok(Number.isSafeInteger(pause.startNs) && Number.isSafeInteger(pause.durationNs));
      const next = pauses[index + 1];
      if (next !== undefined) assert.ok(next.startNs >= pause.startNs);
    }
  });

  it('is empty before a start, and a second start forgets the first log', async () => {
    const log = new GcLog(createMonotonicClock());
    assert.deepEqual(await log.stop(), []);
    log.start();
    collect();
    await log.stop();
    log.start();
    const quiet = await log.stop();
    assert.ok(quiet.every((pause) => pause.kind !== 'major'));
  });
});
