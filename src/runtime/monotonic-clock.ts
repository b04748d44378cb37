// One clock for every process of a host: CLOCK_MONOTONIC, as plain numbers relative to an origin that can be shared.
// Relative, because nanoseconds since boot leave the safe integers after 104 days of uptime.

import { hrtime } from 'node:process';

export interface MonotonicClock {
  /** Nanoseconds since the origin; a safe integer for 104 days. */
  nowNs(): number;
  /** CLOCK_MONOTONIC at the origin. */
  readonly originNs: bigint;
}

const NS_PER_SECOND = 1_000_000_000;

/** A reading is taken for every call of a load: seconds and nanoseconds apart cost half of what a bigint does. */
export function createMonotonicClock(originNs: bigint = hrtime.bigint()): MonotonicClock {
  const originSeconds = Number(originNs / BigInt(NS_PER_SECOND));
  const originRestNs = Number(originNs % BigInt(NS_PER_SECOND));
  return {
    originNs,
    nowNs: () => {
      // By index: to take it apart by its iterator costs as much as the reading.
      const reading = hrtime();
      return (reading[0] - originSeconds) * NS_PER_SECOND + (reading[1] - originRestNs);
    },
  };
}
