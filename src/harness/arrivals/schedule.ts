// When open-loop calls are due: absolute times since the load start, from a seed, ascending. Each is computed from its
// own law and never from when earlier calls were really sent, so a late generator owes its calls instead of losing them.

import type { LoadStage } from '../../contract/config.ts';
import { drawExponential, drawGammaMeanOne } from './draws.ts';
import type { RandomSource } from './seeded-random.ts';

/** Yields the next intended send in nanoseconds since the load start; Infinity for ever after the last. */
export interface ArrivalSchedule {
  nextNs(): number;
}

const NS_PER_S = 1e9;
const NS_PER_MS = 1e6;

/** The k-th call (from 0) at exactly k / rate: no sum, so no drift. */
export function constantSchedule(ratePerS: number): ArrivalSchedule {
  let k = 0;
  return { nextNs: () => (k++ * NS_PER_S) / ratePerS };
}

/** Independent exponential gaps; the first call comes after a gap, as the process demands. */
export function poissonSchedule(ratePerS: number, random: RandomSource): ArrivalSchedule {
  return renewalSchedule(NS_PER_S / ratePerS, () => drawExponential(random));
}

/** Gamma gaps: `burstiness` is their shape, 1 is Poisson, below 1 comes in bursts; CV of the gaps 1 / √burstiness. */
export function gammaSchedule(
  ratePerS: number,
  burstiness: number,
  random: RandomSource,
): ArrivalSchedule {
  return renewalSchedule(NS_PER_S / ratePerS, () => drawGammaMeanOne(burstiness, random));
}

function renewalSchedule(meanGapNs: number, drawGap: () => number): ArrivalSchedule {
  // The sum is kept in mean gaps with a compensation term: at 10^9 calls a plain sum would have lost microseconds.
  let sum = 0;
  let lost = 0;
  return {
    nextNs: () => {
      const gap = drawGap() - lost;
      const next = sum + gap;
      lost = next - sum - gap;
      sum = next;
      return sum * meanGapNs;
    },
  };
}

/**
 * Evenly spaced within the changing rate: call k (from 0) is due when the rate's integral reaches k.
 * A first stage with `ramp` starts from rate 0.
 */
export function stagesSchedule(stages: readonly LoadStage[]): ArrivalSchedule {
  let stage = 0;
  let stageStartNs = 0;
  let callsBefore = 0;
  let k = 0;
  return {
    nextNs: () => {
      for (;;) {
        const current = stages[stage];
        if (current === undefined) return Infinity;
        const from = startRate(current, stages[stage - 1]);
        const offsetNs = whenIntegralReaches(k - callsBefore, from, current);
        if (offsetNs < current.durationMs * NS_PER_MS) {
          k += 1;
          return stageStartNs + offsetNs;
        }
        callsBefore += stageCalls(current, stages[stage - 1]);
        stageStartNs += current.durationMs * NS_PER_MS;
        stage += 1;
      }
    },
  };
}

function startRate(stage: LoadStage, before: LoadStage | undefined): number {
  return stage.ramp ? (before?.ratePerS ?? 0) : stage.ratePerS;
}

/** Calls that a stage sends, as the integral of its rate: not whole. */
export function stageCalls(stage: LoadStage, before: LoadStage | undefined): number {
  return ((startRate(stage, before) + stage.ratePerS) / 2) * (stage.durationMs / 1000);
}

/** Time since the stage's start at which `calls` were due at a rate that moves from `from` to the stage's; ns. */
function whenIntegralReaches(calls: number, from: number, stage: LoadStage): number {
  if (from === 0 && stage.ratePerS === 0) return Infinity;
  if (calls <= 0) return 0;
  const slope = (stage.ratePerS - from) / (stage.durationMs / 1000);
  const discriminant = from * from + 2 * slope * calls;
  // A falling ramp that ends before this many calls.
  if (discriminant < 0) return Infinity;
  return ((2 * calls) / (from + Math.sqrt(discriminant))) * NS_PER_S;
}

/** Given times, as they are. */
export function replaySchedule(timesNs: readonly number[]): ArrivalSchedule {
  let next = 0;
  return { nextNs: () => timesNs[next++] ?? Infinity };
}

export type ParsedReplay =
  | { readonly kind: 'ok'; readonly timesNs: readonly number[] }
  | { readonly kind: 'invalid'; readonly line: number; readonly message: string };

/** As for every run: far beyond any benchmark, and exact in nanoseconds. */
const LONGEST_MS = 7 * 24 * 3_600_000;

/** One intended send per line, in milliseconds since the load start, ascending; empty lines and `#` comments pass. */
export function parseReplay(text: string): ParsedReplay {
  const timesNs: number[] = [];
  let line = 0;
  for (const raw of text.split('\n')) {
    line += 1;
    const content = raw.replace(/#.*/, '').trim();
    if (content === '') continue;
    const ms = /^\d+(\.\d+)?([eE][+-]?\d+)?$/.test(content) ? Number(content) : NaN;
    if (!Number.isFinite(ms)) {
      return { kind: 'invalid', line, message: `${shown(content)} is not a time in milliseconds` };
    }
    if (ms > LONGEST_MS) {
      return { kind: 'invalid', line, message: `${shown(content)} ms is more than a week` };
    }
    const ns = ms * NS_PER_MS;
    if (ns < (timesNs.at(-1) ?? 0)) {
      return { kind: 'invalid', line, message: 'times must not go back' };
    }
    timesNs.push(ns);
  }
  return timesNs.length > 0
    ? { kind: 'ok', timesNs }
    : { kind: 'invalid', line, message: 'no times in the file' };
}

/** A file of something else may have anything in its lines, and any length of it. */
function shown(content: string): string {
  return JSON.stringify(content.length > 40 ? `${content.slice(0, 37)}...` : content);
}
