// Was the window one steady state, and does it hold enough independent calls for its percentiles?

import type { PercentileInterval, Steadiness } from '../../contract/steadiness.ts';
import type { GateResult } from '../../contract/warning.ts';
import { notMeasured, shown, type GateHead } from './gate-facts.ts';

const STEADY: GateHead = { id: 'S1', name: 'steady state', unit: '%' };
const DRIFT_FAIL_PCT = 5;
const DRIFT_WARN_PCT = 2;
const DRIFT_P = 0.01;
/** Of the mean: an unsettled start that changes less is no matter. */
const WARMUP_SHIFT_PCT = 1;
/** MSER-5 cuts in steps of five seconds. */
const MSER_STEP_S = 5;

export interface SteadinessFacts {
  readonly steadiness: Steadiness;
  /** The trimmed warm-up, since the load's start. */
  readonly windowStartMs: number;
}

export function steadyStateGate(facts: SteadinessFacts): GateResult {
  const { seconds, trend, warmup, levels } = facts.steadiness;
  if (trend === null) {
    return notMeasured(STEADY, `${seconds} whole seconds of window are too few to see a drift.`);
  }
  const drift = driftStatus(trend);
  const reasons = [
    ...(drift === 'pass' ? [] : [`the mean latency drifts by ${shown(trend.driftPct)} %`]),
    ...warmupReasons(facts),
    ...levelReasons(levels),
  ];
  // MSER-5 alone is at its limit in up to 4 % of level runs.
  const isConfirmed =
    warmup?.atLimit === true && (drift !== 'pass' || levels?.shape === 'no-steady-state');
  return {
    ...STEADY,
    status: isConfirmed ? 'fail' : worst(drift, reasons),
    value: trend.driftPct,
    limit: DRIFT_FAIL_PCT,
    message:
      reasons.length === 0
        ? `The mean latency is level over ${seconds} s.`
        : `Not one steady state: ${reasons.join('; ')}.`,
  };
}

type Status = 'pass' | 'warn' | 'fail';

function worst(drift: Status, reasons: readonly string[]): Status {
  return drift === 'pass' && reasons.length > 0 ? 'warn' : drift;
}

function driftStatus({ driftPct, pValue }: NonNullable<Steadiness['trend']>): Status {
  if (pValue >= DRIFT_P) return 'pass';
  const size = Math.abs(driftPct);
  if (size > DRIFT_FAIL_PCT) return 'fail';
  return size > DRIFT_WARN_PCT ? 'warn' : 'pass';
}

const SHAPE_WORDS = {
  'warm-up': 'a warm-up reaches into the window',
  slowdown: 'it slows down to another level',
  'no-steady-state': 'its last level lasts for less than half of the window',
} as const;

function levelReasons(levels: Steadiness['levels']): string[] {
  return levels === null || levels.shape === 'flat' ? [] : [SHAPE_WORDS[levels.shape]];
}

function warmupReasons({ steadiness: { warmup }, windowStartMs }: SteadinessFacts): string[] {
  if (warmup === null) return [];
  if (warmup.atLimit) return ['it never settles (MSER-5 at its limit): measure for longer'];
  const isSmall = Math.abs(warmup.shiftPct) <= WARMUP_SHIFT_PCT;
  if (isSmall || warmup.steadyFromSecond < windowStartMs / 1000 + MSER_STEP_S) return [];
  return [
    `it settles only after ${warmup.steadyFromSecond} s, and ${shown(windowStartMs / 1000)} s are trimmed`,
  ];
}

const EFFECTIVE: GateHead = { id: 'S2', name: 'independent calls', unit: 'calls' };
/** Expected beyond a percentile, for an interval of it to mean anything. */
const MIN_BEYOND = 10;

/** Of the p99: the highest percentile that every report shows. */
export function effectiveCallsGate(intervals: readonly PercentileInterval[]): GateResult {
  const p99 = intervals.find(({ percentile }) => percentile === 'p99');
  if (p99 === undefined) return notMeasured(EFFECTIVE, 'No call succeeded.');
  const beyond = p99.effectiveN / 100;
  const isFew = beyond < MIN_BEYOND;
  const worth = `${p99.n} ok calls are worth ${p99.effectiveN} independent ones for the p99`;
  return {
    ...EFFECTIVE,
    status: isFew ? 'warn' : 'pass',
    value: p99.effectiveN,
    limit: 100 * MIN_BEYOND,
    message: isFew ? `${worth}, ${100 * MIN_BEYOND} wanted: run longer.` : `${worth}.`,
  };
}
