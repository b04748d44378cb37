// What was measured on a host that was given up: listed in every report, and in none of its figures.

import type { Phase } from './run-plan.ts';
import type { RunSummary } from './run-result.ts';
import type { Verdict } from './warning.ts';

export interface DiscardedRun {
  readonly phase: Phase;
  readonly index: number;
  readonly verdict: Verdict;
  readonly throughputRps: number | null;
  readonly latencyP50Us: number | null;
  readonly latencyP99Us: number | null;
}

/** All that a benchmark had on one host before it began anew on another. */
export interface DiscardedSeries {
  /** 1-based. */
  readonly series: number;
  readonly host: string;
  readonly discardedAtUtc: string;
  /** A sentence. */
  readonly reason: string;
  /** All finished runs. */
  readonly counts: Readonly<Record<Phase, number>>;
  /** Runs that could not be measured there. */
  readonly failed: number;
  /** The newest finished ones: at most MAX_LISTED_DISCARDED over all series of a benchmark; `counts` has all. */
  readonly runs: readonly DiscardedRun[];
}

/** They travel through Temporal with everything else that a benchmark carries. */
export const MAX_LISTED_DISCARDED = 100;

export function discardedRun(run: RunSummary): DiscardedRun {
  const { key, verdict, throughputRps, latencyP50Us, latencyP99Us } = run;
  const { phase, index } = key;
  return { phase, index, verdict, throughputRps, latencyP50Us, latencyP99Us };
}

/** Finished runs that are not in `runs` any more. */
export function unlistedRuns({ counts, runs }: Pick<DiscardedSeries, 'counts' | 'runs'>): number {
  return counts.warmup + counts.measured - runs.length;
}

/** "series 1 on bench-1, 1 warm-up run and 3 measured runs, because its worker did not answer" */
export function discardedText({ series, host, counts, failed, reason }: DiscardedSeries): string {
  const runs = [
    counted(counts.warmup, 'warm-up run'),
    counted(counts.measured, 'measured run'),
    ...(failed === 0 ? [] : [counted(failed, 'failed run')]),
  ];
  return `series ${series} on ${host}, ${runs.join(', ')}, because ${reason}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
