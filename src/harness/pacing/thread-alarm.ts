// An alarm that is exact to a fraction of a millisecond and still sleeps: Node's timers count milliseconds, but a thread
// that waits on a futex does not. It sleeps until shortly before the instant and then
// counts up a word on which the event loop waits, which costs a fifth less of processor time than a message.

import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { siblingModule } from '../../runtime/child-process.ts';
import { startThread } from '../../runtime/worker-thread.ts';
import type { MonotonicClock } from '../../runtime/monotonic-clock.ts';
import { timerAlarm, type Alarm } from './alarm.ts';
import { ALARM_CELL, ALARM_BYTES, alarmViews, NO_ALARM, type AlarmViews } from './alarm-cells.ts';

/** From the thread's waking to the event loop's; what is early waits for the rest by turns of the loop. */
const LEAD_NS = 60_000;
/** Bounds what waking costs at high rates, where each wake sends all that is due. */
const MIN_SPACING_NS = 500_000;

export class ThreadAlarm implements Alarm {
  readonly #clock: MonotonicClock;
  readonly #views: AlarmViews;
  readonly #worker: Worker;
  #wake: () => void = () => undefined;
  #turn: NodeJS.Immediate | null = null;
  #setNs = Infinity;
  /** The thread may have read that there is no instant, and then sleeps until it is told otherwise. */
  #cleared = false;
  #lastWakeNs = -Infinity;
  #rings = 0;
  /** Should the thread end before its time, Node's timers take over. */
  #fallback: Alarm | null = null;

  private constructor(clock: MonotonicClock, views: AlarmViews, worker: Worker) {
    this.#clock = clock;
    this.#views = views;
    this.#worker = worker;
    worker.on('error', () => undefined);
    worker.on('exit', () => this.#fallBack());
    this.#awaitRing();
  }

  /** Resolves when the thread listens. */
  static async start(clock: MonotonicClock): Promise<ThreadAlarm> {
    const memory = new SharedArrayBuffer(ALARM_BYTES);
    const views = alarmViews(memory);
    const worker = startThread(siblingModule(import.meta.url, './alarm-thread-main'), {
      workerData: { memory, originNs: clock.originNs },
    });
    worker.unref();
    await once(worker, 'message');
    return new ThreadAlarm(clock, views, worker);
  }

  /** The maker that an open loop wants; the alarm serves one loop. */
  for(wake: () => void): Alarm {
    this.#wake = wake;
    return this;
  }

  set(atNs: number): void {
    this.#setNs = atNs;
    if (this.#fallback !== null) {
      this.#fallback.set(atNs, false);
      return;
    }
    if (atNs - this.#clock.nowNs() < LEAD_NS) {
      this.#nextTurn();
      return;
    }
    const wakeNs = Math.max(atNs - LEAD_NS, this.#lastWakeNs + MIN_SPACING_NS);
    const { words, dueNs } = this.#views;
    Atomics.store(dueNs, 0, BigInt(Math.round(wakeNs)));
    // A thread that sleeps for an earlier instant reads the new one when it wakes.
    if (Atomics.exchange(words, ALARM_CELL.idle, 0) === 1 || this.#cleared) {
      this.#cleared = false;
      Atomics.add(words, ALARM_CELL.sequence, 1);
      Atomics.notify(words, ALARM_CELL.sequence);
    }
  }

  clear(): void {
    this.#setNs = Infinity;
    this.#cleared = true;
    Atomics.store(this.#views.dueNs, 0, NO_ALARM);
    if (this.#turn !== null) clearImmediate(this.#turn);
    this.#turn = null;
    this.#fallback?.clear();
  }

  async close(): Promise<void> {
    this.clear();
    await this.#worker.terminate();
  }

  #awaitRing(): void {
    const wait = Atomics.waitAsync(this.#views.words, ALARM_CELL.rings, this.#rings);
    void (wait.async ? wait.value : Promise.resolve()).then(this.#onRing);
  }

  readonly #onRing = (): void => {
    this.#rings = Atomics.load(this.#views.words, ALARM_CELL.rings);
    this.#woken();
    this.#awaitRing();
  };

  #woken(): void {
    const nowNs = this.#clock.nowNs();
    this.#lastWakeNs = nowNs;
    if (this.#setNs === Infinity) return;
    // Sent for an instant that was cleared while the message was under way, and the thread may sleep again by now.
    if (this.#setNs - nowNs > LEAD_NS) this.set(this.#setNs);
    else this.#wake();
  }

  #nextTurn(): void {
    this.#turn ??= setImmediate(() => {
      this.#turn = null;
      this.#wake();
    });
  }

  #fallBack(): void {
    this.#fallback = timerAlarm(this.#clock, () => this.#wake());
    if (this.#setNs !== Infinity) this.#fallback.set(this.#setNs, false);
  }
}
