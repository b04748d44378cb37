// Where a benchmark is: answered to the progress query, shown in the Web UI, and the ledger of what it has.

import { defineQuery, setCurrentDetails, setHandler } from '@temporalio/workflow';
import type { HostFacts } from '../activities/interface.ts';
import type {
  BenchmarkOutcome,
  BenchmarkProgress,
  BenchmarkStage,
} from '../contract/benchmark-state.ts';
import { PROGRESS_QUERY, REPORT_QUERY } from '../contract/ids.ts';
import type { FailedRun, RunSummary } from '../contract/run-result.ts';
import { currentDetails } from './current-details.ts';
import {
  EMPTY_LEDGER,
  finishedCounts,
  withDiscarded,
  withFailed,
  withFinished,
  type LedgerState,
} from './run-ledger.ts';

export class ProgressBoard {
  #stage: BenchmarkStage = { kind: 'preparing' };
  #counts = { warmupRuns: 0, runs: 0 };
  #ledger: LedgerState;
  #host: Pick<HostFacts, 'host' | 'hostTaskQueue'> | null = null;
  #outcome: BenchmarkOutcome | null = null;

  /** The handler first: a query may come with the very first task. */
  constructor(ledger: LedgerState = EMPTY_LEDGER) {
    this.#ledger = ledger;
    setHandler(defineQuery<BenchmarkProgress>(PROGRESS_QUERY), () => this.#progress(), {
      description: 'where the benchmark is, and the figures of every run so far',
    });
    setHandler(defineQuery<BenchmarkOutcome | null>(REPORT_QUERY), () => this.#outcome, {
      description:
        'the result with its verdict and the path of its report; null until there is one',
    });
    this.#show();
  }

  get ledger(): LedgerState {
    return this.#ledger;
  }

  get stage(): BenchmarkStage {
    return this.#stage;
  }

  /** From here on the query has it, even when the benchmark then ends as failed. */
  conclude(outcome: BenchmarkOutcome): BenchmarkOutcome {
    this.#outcome = outcome;
    return outcome;
  }

  plan(counts: Pick<BenchmarkProgress, 'warmupRuns' | 'runs'>): void {
    this.#counts = counts;
    this.#show();
  }

  /** What was measured on a host that is given up is not mixed in. */
  discard(loss: Parameters<typeof withDiscarded>[1]): void {
    this.#ledger = withDiscarded(this.#ledger, loss);
    this.#host = null;
    this.#show();
  }

  measureOn(host: Pick<HostFacts, 'host' | 'hostTaskQueue'>): void {
    this.#host = host;
    this.#show();
  }

  enter(stage: BenchmarkStage): void {
    this.#stage = stage;
    this.#show();
  }

  finished(run: RunSummary): void {
    this.#ledger = withFinished(this.#ledger, run);
    this.#show();
  }

  failed(run: FailedRun): void {
    this.#ledger = withFailed(this.#ledger, run);
    this.#show();
  }

  close(lines: readonly string[]): void {
    this.#stage = { kind: 'done' };
    this.#show(lines);
  }

  #progress(): BenchmarkProgress {
    return {
      stage: this.#stage,
      ...this.#counts,
      finished: this.#ledger.listed,
      finishedCounts: finishedCounts(this.#ledger),
      failed: this.#ledger.failed,
      hostTaskQueue: this.#host?.hostTaskQueue ?? null,
      host: this.#host?.host ?? null,
      ...(this.#ledger.discarded === undefined ? {} : { discarded: this.#ledger.discarded }),
    };
  }

  #show(closing: readonly string[] = []): void {
    setCurrentDetails(currentDetails(this.#progress(), closing));
  }
}
