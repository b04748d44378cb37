// Entry of an alarm's thread: sleeps until the instant in the shared memory, says so, and waits for the next one. Its
// owner ends it.

import { parentPort, workerData } from 'node:worker_threads';
import { createMonotonicClock } from '../../runtime/monotonic-clock.ts';
import { ALARM_CELL, alarmViews, NO_ALARM } from './alarm-cells.ts';

// Only thread-alarm.ts starts this module.
const { memory, originNs } = workerData as { memory: SharedArrayBuffer; originNs: bigint };
const { words, dueNs } = alarmViews(memory);
const clock = createMonotonicClock(originNs);
Atomics.store(dueNs, 0, NO_ALARM);
Atomics.store(words, ALARM_CELL.idle, 1);
parentPort?.postMessage(null);
for (;;) {
  const sequence = Atomics.load(words, ALARM_CELL.sequence);
  if (Atomics.load(words, ALARM_CELL.idle) === 1) {
    Atomics.wait(words, ALARM_CELL.sequence, sequence);
    continue;
  }
  const waitMs = (Number(Atomics.load(dueNs, 0)) - clock.nowNs()) / 1e6;
  if (waitMs > 0) {
    Atomics.wait(words, ALARM_CELL.sequence, sequence, waitMs);
    continue;
  }
  Atomics.store(words, ALARM_CELL.idle, 1);
  Atomics.add(words, ALARM_CELL.rings, 1);
  Atomics.notify(words, ALARM_CELL.rings);
}
