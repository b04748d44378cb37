// The arithmetic of the comparison: repetitions of every tool, and the ratio of two tools repetition by repetition,
// which holds even where the machine's speed drifts from one repetition to the next.

import { summary } from '../../src/statistics/summary.ts';

/** One run of one tool. */
export interface PeerRun {
  readonly tool: string;
  readonly repetition: number;
  readonly calls: number;
  /** Calls that the tool does not hold to be good. */
  readonly notOk: number;
  readonly cpuUsPerCall: number;
  readonly callsPerSecond: number;
  readonly peakMiB: number;
  readonly p50Us: number | null;
  readonly p99Us: number | null;
  /** Against the server's own stamps of the same calls, per cent; null where one of the two is not known. */
  readonly p50ErrorPct: number | null;
  readonly p99ErrorPct: number | null;
}

export interface Range {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export interface ToolFigures {
  readonly tool: string;
  readonly repetitions: number;
  readonly calls: number;
  readonly notOk: number;
  readonly cpuUsPerCall: Range;
  readonly callsPerSecond: Range;
  readonly peakMiB: Range;
  readonly p50ErrorPct: Range | null;
  readonly p99ErrorPct: Range | null;
  /** Our CPU per call over this tool's, in the same repetition; null for ourselves. */
  readonly cpuRatioOfWire: Range | null;
}

export function rangeOf(values: readonly number[]): Range {
  const { min, median, max } = summary(values);
  return { min, median, max };
}

/** Per cent by which `reported` misses `stamped`. */
export function errorPct(reported: number | null, stamped: number | null): number | null {
  if (reported === null || stamped === null || stamped === 0) return null;
  return (100 * (reported - stamped)) / stamped;
}

/** Ratios `ours / theirs` of the repetitions that both have. */
export function pairedRatios(ours: readonly PeerRun[], theirs: readonly PeerRun[]): number[] {
  return ours.flatMap((own) => {
    const other = theirs.find(({ repetition }) => repetition === own.repetition);
    return other === undefined ? [] : [own.cpuUsPerCall / other.cpuUsPerCall];
  });
}

/** One row per tool, in the order of their first runs. */
export function figuresOf(runs: readonly PeerRun[]): ToolFigures[] {
  const names = [...new Set(runs.map(({ tool }) => tool))];
  const runsOf = (name: string): PeerRun[] => runs.filter(({ tool }) => tool === name);
  const wire = runsOf('wire');
  return names.map((tool) => {
    const own = runsOf(tool);
    const ratios = tool === 'wire' ? [] : pairedRatios(wire, own);
    return {
      tool,
      repetitions: own.length,
      calls: own[0]?.calls ?? 0,
      notOk: own.reduce((sum, { notOk }) => sum + notOk, 0),
      cpuUsPerCall: rangeOf(own.map((run) => run.cpuUsPerCall)),
      callsPerSecond: rangeOf(own.map((run) => run.callsPerSecond)),
      peakMiB: rangeOf(own.map((run) => run.peakMiB)),
      p50ErrorPct: knownRange(own.map((run) => run.p50ErrorPct)),
      p99ErrorPct: knownRange(own.map((run) => run.p99ErrorPct)),
      cpuRatioOfWire: ratios.length === 0 ? null : rangeOf(ratios),
    };
  });
}

function knownRange(values: readonly (number | null)[]): Range | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : rangeOf(known);
}
