// What a configuration asks for, as the driver wants it: who may issue calls when, and where that ends. Pure; the text of
// a replay file is passed in.

import type { HarnessConfig } from '../../contract/config.ts';
import { BenchmarkError } from '../../contract/failure.ts';
import {
  constantSchedule,
  gammaSchedule,
  parseReplay,
  poissonSchedule,
  replaySchedule,
  stageCalls,
  stagesSchedule,
  type ArrivalSchedule,
} from './schedule.ts';
import { seededRandom, type RandomSource } from './seeded-random.ts';

export type LoadModel =
  | {
      readonly kind: 'closed';
      /** When worker i issues its first call, nanoseconds since the load start. */
      readonly workerStartsNs: readonly number[];
    }
  | {
      readonly kind: 'open';
      readonly schedule: ArrivalSchedule;
      readonly maxInFlight: number;
      readonly pacing: HarnessConfig['pacing'];
      /** Mean rate asked for over the whole schedule; null when that has no length. */
      readonly offeredRps: number | null;
    };

/** Where issuing ends. `schedule`: with its last entry; `endNs` is where that is, for progress and grace. */
export type LoadLimit =
  | { readonly kind: 'count'; readonly calls: number }
  | { readonly kind: 'duration'; readonly endNs: number };

/** Numbers calls over all threads of a run. */
export interface CallNumbers {
  /** The next call's index in the run; null when the run has no call left. */
  take(): number | null;
  /** No thread will get another call. */
  isSpent(): boolean;
}

export interface PlannedLoad {
  readonly model: LoadModel;
  readonly limit: LoadLimit;
  /** Calls that can be in flight at once, which is how many slots engine and recorder need. */
  readonly slots: number;
  /** Only when the load is one thread's share: numbers its calls among those of the run. */
  readonly numbers?: CallNumbers;
}

const NS_PER_MS = 1e6;

/** `replayText` is the content of the file that a replay names; unused otherwise. */
export function planLoad(config: HarnessConfig, replayText: string | null): PlannedLoad {
  const { arrival } = config;
  const limit: LoadLimit =
    config.totalRequests > 0
      ? { kind: 'count', calls: config.totalRequests }
      : { kind: 'duration', endNs: config.durationMs * NS_PER_MS };
  if (arrival.kind === 'closed') return planClosed(config, limit);
  const random = seededRandom(config.seed);
  switch (arrival.kind) {
    case 'constant':
      return planOpen(config, limit, constantSchedule(arrival.ratePerS), arrival.ratePerS);
    case 'poisson':
      return planOpen(config, limit, poissonSchedule(arrival.ratePerS, random), arrival.ratePerS);
    case 'gamma': {
      const schedule = gammaSchedule(arrival.ratePerS, arrival.burstiness, random);
      return planOpen(config, limit, schedule, arrival.ratePerS);
    }
    case 'stages': {
      const totalMs = arrival.stages.reduce((sum, stage) => sum + stage.durationMs, 0);
      const end: LoadLimit = { kind: 'duration', endNs: totalMs * NS_PER_MS };
      const calls = arrival.stages.reduce(
        (sum, stage, index) => sum + stageCalls(stage, arrival.stages[index - 1]),
        0,
      );
      return planOpen(config, end, stagesSchedule(arrival.stages), (1000 * calls) / totalMs);
    }
    case 'replay':
      return planReplay(config, arrival.path, replayText ?? '');
  }
}

/**
 * Worker i of c starts at rampUp · i / c. With `phase`, each start moves by a uniform draw below `phase.withinNs`, so that
 * workers of a server with a constant service time do not march in step.
 */
export function workerStartsNs(
  workers: number,
  rampUpMs: number,
  phase?: { readonly withinNs: number; readonly random: RandomSource },
): number[] {
  return Array.from({ length: workers }, (_, worker) => {
    const ramp = (rampUpMs * NS_PER_MS * worker) / workers;
    return phase === undefined ? ramp : ramp + phase.random() * phase.withinNs;
  });
}

function planClosed(config: HarnessConfig, limit: LoadLimit): PlannedLoad {
  const { concurrency, rampUpMs, initialPhaseMs = 0, seed } = config;
  const phase =
    initialPhaseMs > 0
      ? { withinNs: initialPhaseMs * NS_PER_MS, random: seededRandom(seed) }
      : undefined;
  const all = workerStartsNs(concurrency, rampUpMs, phase);
  // Fewer calls than workers: the ones over would only wait for work that never comes.
  const starts = limit.kind === 'count' ? all.slice(0, limit.calls) : all;
  return { model: { kind: 'closed', workerStartsNs: starts }, limit, slots: starts.length };
}

function planOpen(
  config: HarnessConfig,
  limit: LoadLimit,
  schedule: ArrivalSchedule,
  offeredRps: number | null,
): PlannedLoad {
  const { maxInFlight, pacing } = config;
  return {
    model: { kind: 'open', schedule, maxInFlight, pacing, offeredRps },
    limit,
    slots: maxInFlight,
  };
}

/** Throws BenchmarkError 'config-invalid', which names the line. */
export function replayTimesNs(path: string, text: string): readonly number[] {
  const parsed = parseReplay(text);
  if (parsed.kind === 'invalid') {
    throw new BenchmarkError(
      'config-invalid',
      `Schedule file ${path}, line ${parsed.line}: ${parsed.message}.`,
    );
  }
  return parsed.timesNs;
}

function planReplay(config: HarnessConfig, path: string, text: string): PlannedLoad {
  const timesNs = replayTimesNs(path, text);
  const limit: LoadLimit = { kind: 'count', calls: timesNs.length };
  const lengthNs = timesNs.at(-1) ?? 0;
  const offeredRps = lengthNs > 0 ? (1e9 * timesNs.length) / lengthNs : null;
  return planOpen(config, limit, replaySchedule(timesNs), offeredRps);
}
