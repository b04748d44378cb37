// Where a benchmark is: answered to the progress query, shown in the Web UI, and the list of what it has.

import {
  condition,
  defineQuery,
  defineSignal,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import type { BenchmarkProgress, BenchmarkStage } from '../contract/benchmark-state.ts';
import { PAUSE_SIGNAL, PROGRESS_QUERY, RESUME_SIGNAL } from '../contract/ids.ts';
import type { FailedRun, RunSummary } from '../contract/run-result.ts';
import { currentDetails } from './current-details.ts';

export class ProgressBoard {
  #progress: BenchmarkProgress = {
    stage: { kind: 'preparing' },
    warmupRuns: 0,
    runs: 0,
    finished: [],
    failed: [],
    hostTaskQueue: null,
  };
  #paused = false;

  /** Handlers first: a query or signal may come with the very first task. */
  constructor() {
    setHandler(defineQuery<BenchmarkProgress>(PROGRESS_QUERY), () => this.#progress);
    setHandler(defineSignal(PAUSE_SIGNAL), () => void (this.#paused = true));
    setHandler(defineSignal(RESUME_SIGNAL), () => void (this.#paused = false));
    this.#show();
  }

  get current(): BenchmarkProgress {
    return this.#progress;
  }

  plan(counts: Pick<BenchmarkProgress, 'warmupRuns' | 'runs'>): void {
    this.#set(counts);
  }

  /** Another host measures from the start: what was measured elsewhere is not mixed in. */
  beginOn(hostTaskQueue: string): void {
    this.#set({ hostTaskQueue, finished: [], failed: [] });
  }

  enter(stage: BenchmarkStage): void {
    this.#set({ stage });
  }

  finished(run: RunSummary): void {
    this.#set({ finished: [...this.#progress.finished, run] });
  }

  failed(run: FailedRun): void {
    this.#set({ failed: [...this.#progress.failed, run] });
  }

  close(lines: readonly string[]): void {
    this.#set({ stage: { kind: 'done' } });
    this.#show(lines);
  }

  async whilePaused(): Promise<void> {
    if (!this.#paused) return;
    this.enter({ kind: 'paused' });
    await condition(() => !this.#paused);
  }

  #set(change: Partial<BenchmarkProgress>): void {
    this.#progress = { ...this.#progress, ...change };
    this.#show();
  }

  #show(closing: readonly string[] = []): void {
    setCurrentDetails(currentDetails(this.#progress, closing));
  }
}
