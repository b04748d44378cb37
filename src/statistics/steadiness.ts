// Whether the window of a run is one steady state, by independent methods: a line through it, where its warm-up ends,
// at which seconds its level changes, and how far one second tells the next.

import type { LevelShape, Steadiness } from '../contract/steadiness.ts';
import { effectiveSampleSize, ljungBox } from './autocorrelation.ts';
import { mser5 } from './mser.ts';
import { peltL2 } from './pelt.ts';
import { linearTrend } from './trend.ts';

/** With fewer seconds a slope is an accident. */
const MIN_SECONDS = 10;
/** As long as a level must last to be one. */
const MIN_LEVEL_S = 5;
/** Levels this near are the same one. */
const SAME_LEVEL_SHARE = 0.01;
const MAX_LAGS = 10;

export interface SecondOfLoad {
  /** Since the load's start. */
  readonly second: number;
  readonly meanUs: number;
}

export interface LoadSeconds {
  /** Whole seconds in which a call succeeded, in order, from the load's start to the window's end. */
  readonly seconds: readonly SecondOfLoad[];
  /** The first whole second of the window. */
  readonly windowStart: number;
}

export function steadinessOf({ seconds, windowStart }: LoadSeconds): Steadiness {
  const window = seconds.filter(({ second }) => second >= windowStart);
  const values = window.map(({ meanUs }) => meanUs);
  if (values.length < MIN_SECONDS) {
    return { seconds: values.length, trend: null, warmup: null, levels: null, dependence: null };
  }
  return {
    seconds: values.length,
    trend: trendOf(values),
    warmup: warmupOf(seconds, values),
    levels: levelsOf(window, values),
    dependence: dependenceOf(values),
  };
}

function trendOf(values: readonly number[]): Steadiness['trend'] {
  const trend = linearTrend(values);
  const driftPct = trend?.driftPct ?? null;
  return trend === null || driftPct === null ? null : { driftPct, pValue: trend.pValue };
}

function warmupOf(
  seconds: readonly SecondOfLoad[],
  windowValues: readonly number[],
): Steadiness['warmup'] {
  const found = mser5(seconds.map(({ meanUs }) => meanUs));
  if (found === null) return null;
  const mean = meanOf(windowValues);
  return {
    steadyFromSecond: seconds[found.truncIndex]?.second ?? 0,
    atLimit: found.atLimit,
    shiftPct: (100 * (found.meanAfter - mean)) / mean,
  };
}

function levelsOf(
  window: readonly SecondOfLoad[],
  values: readonly number[],
): Steadiness['levels'] {
  const found = peltL2(values, { minSegment: MIN_LEVEL_S });
  if (found === null) return null;
  const { segmentMeans, changepoints, sigma } = found;
  const last = segmentMeans.at(-1) ?? 0;
  const near = Math.max(SAME_LEVEL_SHARE * last, 2 * sigma);
  const other = segmentMeans.findLastIndex((mean) => Math.abs(mean - last) > near);
  const steadyStart = other === -1 ? 0 : (changepoints[other] ?? values.length);
  const steadyShare = (values.length - steadyStart) / values.length;
  return {
    shape: shapeOf(steadyShare, meanOf(values.slice(0, steadyStart)), last),
    changesAtSecond: changepoints.map((index) => window[index]?.second ?? index),
    steadyShare,
  };
}

function shapeOf(steadyShare: number, meanBefore: number, lastMean: number): LevelShape {
  if (steadyShare === 1) return 'flat';
  if (steadyShare < 0.5) return 'no-steady-state';
  return meanBefore > lastMean ? 'warm-up' : 'slowdown';
}

function dependenceOf(values: readonly number[]): Steadiness['dependence'] {
  const box = ljungBox(values, Math.max(1, Math.min(MAX_LAGS, Math.floor(values.length / 5))));
  const { tau, lag1 } = effectiveSampleSize(values);
  if (box === null || tau === null || lag1 === null) return null;
  return { lag1, ljungBoxP: box.p, tau };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
