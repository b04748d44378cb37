// One clock for every process of a host: CLOCK_MONOTONIC, as plain numbers relative to an origin that can be shared.
// Relative, because nanoseconds since boot leave the safe integers after 104 days of uptime.

export interface MonotonicClock {
  /** Nanoseconds since the origin; a safe integer for 104 days. */
  nowNs(): number;
  /** CLOCK_MONOTONIC at the origin. */
  readonly originNs: bigint;
}

export function createMonotonicClock(originNs: bigint = process.hrtime.bigint()): MonotonicClock {
  return { originNs, nowNs: () => Number(process.hrtime.bigint() - originNs) };
}
