// What every step of one benchmark's workflow needs to know of it, and what of it is carried through continue-as-new.

import { continueAsNew } from '@temporalio/workflow';
import type { HostFacts, PreparedBenchmark } from '../activities/interface.ts';
import type { SeriesKey } from '../contract/run-plan.ts';
import { seriesOf } from './run-ledger.ts';
import type { Home } from './home.ts';
import type { LeaseHold } from './lease-hold.ts';
import type { ProgressBoard } from './benchmark-progress.ts';
import type { Deadline } from './deadline.ts';
import type { AgendaState, RunAgenda } from './run-agenda.ts';
import type { LedgerState } from './run-ledger.ts';
import type { Steering } from './steering.ts';

export interface BenchmarkContext {
  readonly key: Omit<SeriesKey, 'series'>;
  readonly prepared: PreparedBenchmark;
  readonly board: ProgressBoard;
  /** Which run comes next; whoever wants more runs adds them here. */
  readonly agenda: RunAgenda;
  readonly steering: Steering;
  readonly deadline: Deadline;
  readonly lease: LeaseHold;
  readonly home: Home;
  readonly startedAtUtc: string;
}

/** Of the runs that are being measured. */
export function seriesKey({ key, board }: Pick<BenchmarkContext, 'key' | 'board'>): SeriesKey {
  const series = seriesOf(board.ledger);
  return series === 1 ? key : { ...key, series };
}

/** A benchmark between two executions of its workflow: summaries only, for it is one payload. */
export interface CarriedBenchmark {
  readonly version: 1;
  readonly prepared: PreparedBenchmark;
  readonly startedAtUtc: string;
  readonly host: HostFacts;
  readonly agenda: AgendaState;
  readonly ledger: LedgerState;
  readonly paused: boolean;
  readonly deadlineAtMs: number;
  /** Absent when it holds none, and in what an earlier version carries. */
  readonly leaseId?: string;
}

/** Begins a new execution with a short history, which goes on with the next run. */
export function carryOn(raw: unknown, context: BenchmarkContext, host: HostFacts): Promise<never> {
  const { prepared, startedAtUtc, agenda, board, steering, deadline, lease } = context;
  const carried: CarriedBenchmark = {
    version: 1,
    prepared,
    startedAtUtc,
    host,
    agenda: agenda.state,
    ledger: board.ledger,
    paused: steering.paused,
    deadlineAtMs: deadline.atMs,
    ...(lease.leaseId === null ? {} : { leaseId: lease.leaseId }),
  };
  return continueAsNew<(raw: unknown, carried: CarriedBenchmark) => Promise<unknown>>(
    raw ?? null,
    carried,
  );
}
