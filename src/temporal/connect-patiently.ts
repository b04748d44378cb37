// Connecting to a Temporal server that may just be starting, as it does after a reboot of everything: it is waited for,
// and said to be; one that never comes is an error in a sentence.

import { setTimeout as delay } from 'node:timers/promises';
import { BenchmarkError } from '../contract/failure.ts';
import { connectToTemporal, type TemporalConnection, type TemporalSettings } from './connection.ts';

export interface ConnectOptions {
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** What a test puts in the place of the network and the clock. */
export interface ConnectMeans {
  readonly connect: (settings: TemporalSettings) => Promise<TemporalConnection>;
  readonly nowMs: () => number;
  /** Returns early when the signal aborts; never rejects. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

const PATIENCE_MS = 30_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

const REAL: ConnectMeans = {
  connect: connectToTemporal,
  nowMs: () => performance.now(),
  pause: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
};

/**
 * Tries for 30 s. Throws the last attempt's BenchmarkError 'temporal-unreachable', any other error of an attempt at once,
 * or 'run-cancelled' when the signal aborts.
 */
export async function connectPatiently(
  settings: TemporalSettings,
  { signal, log }: ConnectOptions,
  means: ConnectMeans = REAL,
): Promise<TemporalConnection> {
  const deadlineMs = means.nowMs() + PATIENCE_MS;
  let pauseMs = FIRST_PAUSE_MS;
  for (let attempt = 1; ; attempt += 1) {
    if (signal.aborted) throw new BenchmarkError('run-cancelled', 'Interrupted while connecting.');
    try {
      return await means.connect(settings);
    } catch (error) {
      const transient = error instanceof BenchmarkError && error.code === 'temporal-unreachable';
      if (!transient || means.nowMs() + pauseMs > deadlineMs) throw error;
    }
    if (attempt === 1) {
      log(`No Temporal server answers at ${settings.address}; trying for ${PATIENCE_MS / 1000} s.`);
    }
    await means.pause(pauseMs, signal);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}
