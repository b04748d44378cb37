// What has become of a benchmark's runs. It is carried through continue-as-new and goes into payloads, so of a thousand runs
// it keeps their numbers and the newest figures; everything else is in the artifacts.

import type { RunRef } from '../activities/interface.ts';
import { MAX_LISTED_RUNS } from '../contract/benchmark-state.ts';
import {
  discardedRun,
  MAX_LISTED_DISCARDED,
  type DiscardedSeries,
} from '../contract/discarded-runs.ts';
import type { Phase } from '../contract/run-plan.ts';
import type { FailedRun, RunSummary } from '../contract/run-result.ts';

export interface LedgerState {
  /** Indexes of the finished runs, in the order in which they finished. */
  readonly done: Readonly<Record<Phase, readonly number[]>>;
  /** The newest, at most MAX_LISTED_RUNS. */
  readonly listed: readonly RunSummary[];
  readonly failed: readonly FailedRun[];
  /** Of hosts that were given up; absent in what an earlier version carries. */
  readonly discarded?: readonly DiscardedSeries[];
}

/** A failure's text is for a person; what is longer is in the attempt's journal. */
const MAX_MESSAGE_CHARS = 500;

export const EMPTY_LEDGER: LedgerState = {
  done: { warmup: [], measured: [] },
  listed: [],
  failed: [],
};

export function withFinished(ledger: LedgerState, run: RunSummary): LedgerState {
  const { phase, index } = run.key;
  return {
    ...ledger,
    done: { ...ledger.done, [phase]: [...ledger.done[phase], index] },
    listed: [...ledger.listed, run].slice(-MAX_LISTED_RUNS),
  };
}

export function withFailed(ledger: LedgerState, run: FailedRun): LedgerState {
  const message = run.message.slice(0, MAX_MESSAGE_CHARS);
  return { ...ledger, failed: [...ledger.failed, { ...run, message }] };
}

/** The series that is being measured: 1-based. */
export function seriesOf({ discarded = [] }: LedgerState): number {
  return discarded.length + 1;
}

/** Nothing is measured any more, and what was is listed apart; the oldest runs make room. */
export function withDiscarded(
  ledger: LedgerState,
  loss: Pick<DiscardedSeries, 'host' | 'discardedAtUtc' | 'reason'>,
): LedgerState {
  const all = [
    ...(ledger.discarded ?? []),
    {
      ...loss,
      series: seriesOf(ledger),
      counts: finishedCounts(ledger),
      failed: ledger.failed.length,
      runs: ledger.listed.map(discardedRun),
    },
  ];
  let room = MAX_LISTED_DISCARDED;
  const newestFirst = all.toReversed().map((series) => {
    const runs = room === 0 ? [] : series.runs.slice(-room);
    room -= runs.length;
    return { ...series, runs };
  });
  return { ...EMPTY_LEDGER, discarded: newestFirst.toReversed() };
}

export function finishedCounts({ done }: LedgerState): Record<Phase, number> {
  return { warmup: done.warmup.length, measured: done.measured.length };
}

export function refsOf({ done }: LedgerState, phase: Phase): RunRef[] {
  return done[phase].map((index) => ({ phase, index }));
}
