// Where a suite is: answered to the progress query and shown in the Web UI; and its pause, which reaches the level under
// way as well, since that is what takes the time.

import {
  condition,
  defineQuery,
  defineSignal,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import {
  PAUSE_SIGNAL,
  PROGRESS_QUERY,
  REPORT_QUERY,
  RESUME_SIGNAL,
  RETRIED_SIGNAL,
} from '../contract/ids.ts';
import type {
  LevelResult,
  SuiteOutcome,
  SuitePlan,
  SuiteProgress,
  SuiteStage,
} from '../contract/suite.ts';
import type { Deadline } from './deadline.ts';
import { suiteDetails } from './suite-details.ts';

/** The benchmark of the level under way, as far as a pause concerns it. */
export interface PausableLevel {
  signal(name: string): Promise<void>;
}

export class SuiteBoard {
  #progress: SuiteProgress = {
    stage: { kind: 'planning' },
    levels: 0,
    finished: [],
    estimateMs: 0,
    remainingMs: 0,
  };
  #estimates: readonly number[] = [];
  #outcome: SuiteOutcome | null = null;
  #deadline: Deadline | null = null;
  #paused = false;
  #level: PausableLevel | null = null;

  /** Handlers first: a query or signal may come with the very first task. */
  constructor() {
    setHandler(defineQuery<SuiteProgress>(PROGRESS_QUERY), () => this.#progress, {
      description: 'where the suite is, and what came of every level so far',
    });
    setHandler(defineQuery<SuiteOutcome | null>(REPORT_QUERY), () => this.#outcome, {
      description:
        'the result with its verdict and the paths of its report; null until there is one',
    });
    setHandler(defineSignal(PAUSE_SIGNAL), () => this.#pause(true), {
      description: 'rest before the next run of the level under way; a run is not cut',
    });
    setHandler(defineSignal(RESUME_SIGNAL), () => this.#pause(false), {
      description: 'go on after a pause',
    });
    this.#show();
  }

  plan(plan: SuitePlan): void {
    this.#estimates = plan.levels.map((level) => level.estimateMs);
    const { estimateMs } = plan;
    this.#set({ levels: plan.levels.length, estimateMs, remainingMs: estimateMs });
  }

  /** A search finds out only as it goes on what it has to do. */
  grow({ levels }: SuitePlan): void {
    this.#estimates = levels.map((level) => level.estimateMs);
    this.#set({ levels: levels.length });
  }

  enter(stage: SuiteStage): void {
    this.#set({ stage });
  }

  finished(result: LevelResult): void {
    const { scenario, level, position, outcome } = result;
    const finished = [...this.#progress.finished, { scenario, level, position, outcome }];
    const remainingMs = this.#estimates
      .slice(finished.length)
      .reduce((sum, estimateMs) => sum + estimateMs, 0);
    this.#set({ finished, remainingMs });
  }

  close(lines: readonly string[]): void {
    this.#set({ stage: { kind: 'done' } });
    this.#show(lines);
  }

  /** From here on the query has it, even when the suite then ends as failed. */
  conclude(outcome: SuiteOutcome): SuiteOutcome {
    this.#outcome = outcome;
    return outcome;
  }

  /** From here on the time that it is paused does not count, nor that in which it lay there before it was put back. */
  keep(deadline: Deadline | null, boundMs: number): void {
    this.#deadline = deadline;
    setHandler(defineSignal(RETRIED_SIGNAL), () => {
      deadline?.extend(Math.max(0, Date.now() + boundMs - deadline.atMs));
    });
    if (this.#paused) this.#suspend();
  }

  /** While the promise is open, pauses reach that level too. */
  async during<T>(level: PausableLevel, work: Promise<T>): Promise<T> {
    this.#level = level;
    if (this.#paused) await this.#forward(PAUSE_SIGNAL);
    try {
      return await work;
    } finally {
      this.#level = null;
    }
  }

  async whilePaused(): Promise<void> {
    if (!this.#paused) return;
    this.enter({ kind: 'paused' });
    await condition(() => !this.#paused);
  }

  async #pause(paused: boolean): Promise<void> {
    const begins = paused && !this.#paused;
    this.#paused = paused;
    if (begins) this.#suspend();
    await this.#forward(paused ? PAUSE_SIGNAL : RESUME_SIGNAL);
  }

  #suspend(): void {
    // It ends with the pause, or with the workflow.
    void this.#deadline?.suspendDuring(() => condition(() => !this.#paused)).catch(() => undefined);
  }

  async #forward(signal: string): Promise<void> {
    // A level that has just ended needs no signal any more.
    await this.#level?.signal(signal).catch(() => undefined);
  }

  #set(change: Partial<SuiteProgress>): void {
    this.#progress = { ...this.#progress, ...change };
    this.#show();
  }

  #show(closing: readonly string[] = []): void {
    setCurrentDetails(suiteDetails(this.#progress, closing));
  }
}
