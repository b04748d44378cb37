// The window of a run, the throughput in it and Little's law over it. Throughput counts what ended in the window and
// divides by the window: never a trimmed count by an untrimmed time.

import type { LittlesLaw, MeasurementWindow } from '../../contract/run-result.ts';
import { callCounts, type RecordedRun } from './recorded-run.ts';
import { IN_FLIGHT_SUM, TAIL_STRIDE, type RecordedInFlight } from './in-flight-account.ts';
import { readSum } from './exact-sum.ts';

const SECOND_NS = 1e9;

export interface WindowFigures {
  readonly window: MeasurementWindow;
  /** null when the window has no length. */
  readonly throughputRps: number | null;
  readonly okThroughputRps: number | null;
  readonly littlesLaw: LittlesLaw | null;
}

export function windowFigures(recorded: RecordedRun): WindowFigures {
  const { startNs, endNs } = windowBounds(recorded);
  const window: MeasurementWindow = {
    startMs: startNs / 1e6,
    endMs: endNs / 1e6,
    trimmedBy: trimmedBy(recorded),
  };
  const lengthNs = endNs - startNs;
  if (lengthNs <= 0)
    return { window, throughputRps: null, okThroughputRps: null, littlesLaw: null };
  const tail = tailInWindow(recorded.inFlight, startNs);
  const ended = recorded.inFlight.endedByClass.map(
    (count, callClass) => count + (tail.endedByClass[callClass] ?? 0),
  );
  const counts = callCounts(ended, recorded.sawLlmOutput);
  return {
    window,
    throughputRps: (counts.issued / lengthNs) * SECOND_NS,
    okThroughputRps: (counts.ok / lengthNs) * SECOND_NS,
    littlesLaw: littlesLaw(recorded.inFlight, {
      startNs,
      endNs,
      tail,
      completions: counts.issued,
    }),
  };
}

/** Relative to the load's start. A run that was given up before its window's end has a window that ends there. */
function windowBounds(recorded: RecordedRun): Readonly<{ startNs: number; endNs: number }> {
  const { trim, inFlight, loadStartNs } = recorded;
  if (trim.kind === 'duration') {
    const startNs = trim.startNs - loadStartNs;
    const endNs = Math.min(trim.endNs - loadStartNs, recorded.abandonedAtNs ?? Infinity);
    return { startNs, endNs: Math.max(startNs, endNs) };
  }
  const isTrimmed = trim.kind === 'count' && trim.firstIndex > 0;
  const startNs = isTrimmed ? finiteOr(inFlight.firstIntendedNs, 0) : 0;
  return { startNs, endNs: Math.max(startNs, finiteOr(inFlight.lastEndNs, startNs)) };
}

function trimmedBy(recorded: RecordedRun): MeasurementWindow['trimmedBy'] {
  const { trim, loadStartNs } = recorded;
  switch (trim.kind) {
    case 'none':
      return 'nothing';
    case 'duration':
      return trim.startNs > loadStartNs ? 'duration' : 'nothing';
    case 'count':
      return trim.firstIndex > 0 ? 'count' : 'nothing';
  }
}

interface TailFigures {
  readonly endedByClass: readonly number[];
  readonly overlapNs: number;
  readonly serviceNs: number;
  readonly beforeNs: number;
}

/** Trimmed calls of a count window that ended after it began. */
function tailInWindow(inFlight: RecordedInFlight, startNs: number): TailFigures {
  const { trimmedTail } = inFlight;
  const endedByClass = [0, 0, 0, 0];
  let overlapNs = 0;
  let serviceNs = 0;
  let beforeNs = 0;
  for (let at = 0; at < trimmedTail.length; at += TAIL_STRIDE) {
    const dispatchNs = trimmedTail[at] ?? 0;
    const endNs = trimmedTail[at + 1] ?? 0;
    const callClass = trimmedTail[at + 2] ?? 0;
    if (endNs < startNs) continue;
    endedByClass[callClass] = (endedByClass[callClass] ?? 0) + 1;
    overlapNs += endNs - Math.max(dispatchNs, startNs);
    serviceNs += endNs - dispatchNs;
    beforeNs += Math.max(startNs - dispatchNs, 0);
  }
  return { endedByClass, overlapNs, serviceNs, beforeNs };
}

/**
 * L = X·R + edge term: the edge term is the time that calls ended in the window spent before it (negative) plus the time
 * that calls not ended in it spent within. The relative error is what remains after it: 0 unless calls were mixed up.
 */
function littlesLaw(
  inFlight: RecordedInFlight,
  figures: Readonly<{ startNs: number; endNs: number; tail: TailFigures; completions: number }>,
): LittlesLaw | null {
  const { startNs, endNs, tail, completions } = figures;
  const lengthNs = endNs - startNs;
  const unfinishedNs = inFlight.unfinished.reduce(
    (sum, dispatchNs) => sum + Math.max(endNs - Math.max(dispatchNs, startNs), 0),
    0,
  );
  const areaNs = readSum(inFlight.sums, IN_FLIGHT_SUM.area) + tail.overlapNs + unfinishedNs;
  if (completions === 0 || areaNs <= 0) return null;
  const serviceNs = readSum(inFlight.sums, IN_FLIGHT_SUM.serviceTime) + tail.serviceNs;
  const edgeNs =
    readSum(inFlight.sums, IN_FLIGHT_SUM.afterWindow) +
    unfinishedNs -
    readSum(inFlight.sums, IN_FLIGHT_SUM.beforeWindow) -
    tail.beforeNs;
  return {
    meanInFlight: areaNs / lengthNs,
    throughputRps: (completions / lengthNs) * SECOND_NS,
    meanResponseUs: serviceNs / completions / 1000,
    edgeTerm: edgeNs / lengthNs,
    relativeError: Math.abs(areaNs - serviceNs - edgeNs) / areaNs,
  };
}

function finiteOr(value: number, fallback: number): number {
  return Number.isFinite(value) ? value : fallback;
}
