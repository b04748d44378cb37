// What a recorder hands over when its run is done: plain data in typed arrays, structured-cloneable between threads,
// and mergeable, so that N threads report as one.

import { CALL_CLASS, resolveClass } from './classify.ts';
import type { CallCounts } from '../../contract/outcome.ts';
import { sumCells } from './exact-sum.ts';
import { mergeHistogramSets, type RecordedHistogramSet } from './histogram-set.ts';
import { mergeInFlight, type RecordedInFlight } from './in-flight-account.ts';
import { mergeRaw, type RecordedRaw } from './raw-columns.ts';
import { mergeSlo, type RecordedSlo } from './slo-account.ts';
import { mergeStatuses, type RecordedStatuses } from './status-account.ts';
import { mergeTimelines, type RecordedTimeline } from './timeline.ts';
import { sameRule, type TrimRule } from './trim-rule.ts';

/** Number of classes a call can have in the end, incomplete included. */
export const CALL_CLASSES = 5;

/** Cells of `streams` per answer class. */
export const STREAM_CELL = { messages: 0, tokens: 1, bytes: 2, empty: 3 } as const;
export const STREAM_STRIDE = 4;

/** Things that should not happen, counted because they would spoil the numbers. */
export interface RecordingAnomalies {
  /** Events of a slot in which no call was in flight. */
  readonly strayEvents: number;
  /** Ends stamped before their dispatch; recorded as 0. */
  readonly backwardClock: number;
  /** Message gaps left out, because too many had to wait for the outcome of their streams. */
  readonly lostGaps: number;
}

export interface RecordedRun {
  readonly streaming: boolean;
  readonly trim: TrimRule;
  readonly loadStartNs: number;
  /** Every call of the run by CALL_CLASS. */
  readonly callsByClass: Float64Array;
  /** Measured calls only. */
  readonly measuredByClass: Float64Array;
  /** Some call of the run, however it ended, bore a sign of LLM output. */
  readonly sawLlmOutput: boolean;
  readonly histograms: RecordedHistogramSet;
  readonly inFlight: RecordedInFlight;
  readonly timeline: RecordedTimeline;
  readonly raw: RecordedRaw;
  readonly statuses: RecordedStatuses;
  /** Measured streams: STREAM_STRIDE cells per answer class. */
  readonly streams: Float64Array;
  /** Null when no service level was declared. */
  readonly slo: RecordedSlo | null;
  /** When the calls still in flight were given up, relative to the load's start; null when none was. */
  readonly abandonedAtNs: number | null;
  readonly anomalies: RecordingAnomalies;
}

/** All recordings of one run as one. Throws RangeError for none, or for recordings of different runs. */
export function mergeRecordings(list: readonly RecordedRun[]): RecordedRun {
  const [first] = list;
  if (first === undefined) throw new RangeError('there is no recording to merge');
  if (!list.every((part) => isSameRun(part, first))) {
    throw new RangeError('recordings of different runs or trim rules cannot be merged');
  }
  const abandoned = list.flatMap((part) => part.abandonedAtNs ?? []);
  return {
    streaming: first.streaming,
    trim: first.trim,
    loadStartNs: first.loadStartNs,
    callsByClass: sumCells(list.map((part) => part.callsByClass)),
    measuredByClass: sumCells(list.map((part) => part.measuredByClass)),
    sawLlmOutput: list.some((part) => part.sawLlmOutput),
    histograms: mergeHistogramSets(list.map((part) => part.histograms)),
    inFlight: mergeInFlight(list.map((part) => part.inFlight)),
    timeline: mergeTimelines(list.map((part) => part.timeline)),
    raw: mergeRaw(list.map((part) => part.raw)),
    statuses: mergeStatuses(list.map((part) => part.statuses)),
    streams: sumCells(list.map((part) => part.streams)),
    slo: mergeSlo(list.map((part) => part.slo)),
    abandonedAtNs: abandoned.length === 0 ? null : Math.max(...abandoned),
    anomalies: {
      strayEvents: total(list, 'strayEvents'),
      backwardClock: total(list, 'backwardClock'),
      lostGaps: total(list, 'lostGaps'),
    },
  };
}

/** Counts by outcome, silent calls resolved by what the whole run showed. */
export function callCounts(byClass: Float64Array, sawLlmOutput: boolean): CallCounts {
  const counts = { ok: 0, degraded: 0, error: 0, incomplete: 0 };
  for (const callClass of Object.values(CALL_CLASS)) {
    counts[resolveClass(callClass, sawLlmOutput)] += byClass[callClass] ?? 0;
  }
  const { ok, degraded, error, incomplete } = counts;
  return {
    issued: ok + degraded + error + incomplete,
    ok,
    degraded,
    errors: error,
    incomplete,
  };
}

function isSameRun(a: RecordedRun, b: RecordedRun): boolean {
  return a.streaming === b.streaming && a.loadStartNs === b.loadStartNs && sameRule(a.trim, b.trim);
}

function total(list: readonly RecordedRun[], key: keyof RecordingAnomalies): number {
  return list.reduce((sum, part) => sum + part.anomalies[key], 0);
}
