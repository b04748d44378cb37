// The memory that an alarm's two threads share.

export const ALARM_BYTES = 24;

/** Words: `sequence` is what the thread sleeps on, `idle` is 1 while it has nothing to wait for, `rings` counts its wakes. */
export const ALARM_CELL = { sequence: 0, idle: 1, rings: 2 } as const;

/** As an instant: none. */
export const NO_ALARM = 2n ** 62n;

export interface AlarmViews {
  readonly words: Int32Array<SharedArrayBuffer>;
  /** One instant, on the clock of the run. */
  readonly dueNs: BigInt64Array<SharedArrayBuffer>;
}

export function alarmViews(memory: SharedArrayBuffer): AlarmViews {
  return { words: new Int32Array(memory, 0, 3), dueNs: new BigInt64Array(memory, 16, 1) };
}
