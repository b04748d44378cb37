// What a person may tell a benchmark that is under way. Signals take effect between runs; updates are checked first, so
// whoever sends one learns at once whether it can be done, and why not.

import {
  ApplicationFailure,
  CancellationScope,
  condition,
  defineSignal,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import {
  ADD_RUNS_UPDATE,
  EXTEND_TIMEOUT_UPDATE,
  MAX_RUNS,
  PAUSE_SIGNAL,
  RESUME_SIGNAL,
  RETRIED_SIGNAL,
  SKIP_RUN_UPDATE,
} from '../contract/ids.ts';
import { benchmarkBoundMs, runsBoundMs } from '../contract/run-bound.ts';
import type { PreparedBenchmark } from '../activities/interface.ts';
import type { ProgressBoard } from './benchmark-progress.ts';
import type { Deadline } from './deadline.ts';
import type { RunAgenda, RunStep } from './run-agenda.ts';

/** What it acts on. */
interface Steered {
  readonly agenda: RunAgenda;
  readonly board: ProgressBoard;
  readonly deadline: Deadline;
  readonly prepared: PreparedBenchmark;
}

/** A year more than planned is a mistake of units. */
const MAX_EXTENSION_MS = 60 * 24 * 3_600_000;

export class Steering {
  #paused: boolean;
  #steered: Steered | null = null;
  #underWay: { readonly step: RunStep; readonly scope: CancellationScope } | null = null;
  #skipped: RunStep | null = null;

  /** Handlers first: a signal may come with the very first task. */
  constructor(paused: boolean) {
    this.#paused = paused;
    setHandler(defineSignal(PAUSE_SIGNAL), () => void (this.#paused = true), {
      description: 'rest before the next run; a run under way is not cut',
    });
    setHandler(defineSignal(RESUME_SIGNAL), () => void (this.#paused = false), {
      description: 'go on after a pause',
    });
    setHandler(defineSignal(RETRIED_SIGNAL), () => this.#retried());
    setHandler(defineUpdate<number, [number]>(ADD_RUNS_UPDATE), (count) => this.addRuns(count), {
      validator: (count: number) => this.#checkAddRuns(count),
      description: 'more measured runs: a number; answers with how many there are then',
    });
    setHandler(
      defineUpdate<number, [number | null | undefined]>(SKIP_RUN_UPDATE),
      (index) => this.#skipRun(this.#checkSkipRun(index)),
      {
        validator: (index: number | null | undefined) => void this.#checkSkipRun(index),
        description: 'leave out a measured run by its number, or without one the run under way',
      },
    );
    setHandler(
      defineUpdate<string, [number]>(EXTEND_TIMEOUT_UPDATE),
      (byMs) => {
        const { deadline } = this.#require();
        deadline.extend(byMs);
        return new Date(deadline.atMs).toISOString();
      },
      {
        validator: (byMs: number) => this.#checkExtension(byMs),
        description: 'milliseconds more until the benchmark is given up; answers with that time',
      },
    );
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** From here on runs can be added and left out. */
  of(steered: Steered): void {
    this.#steered = steered;
  }

  async whilePaused(): Promise<void> {
    const { board, deadline } = this.#require();
    if (!this.#paused) return;
    board.enter({ kind: 'paused' });
    await deadline.suspendDuring(() => condition(() => !this.#paused));
  }

  /** Does a run in a scope that `skip-run` can cancel; tells afterwards whether it did. */
  async skippable<T>(step: RunStep, work: () => Promise<T>): Promise<T> {
    const scope = new CancellationScope();
    this.#underWay = { step, scope };
    try {
      return await scope.run(work);
    } finally {
      this.#underWay = null;
    }
  }

  wasSkipped(step: RunStep): boolean {
    return this.#skipped?.phase === step.phase && this.#skipped.index === step.index;
  }

  /** Answers with how many measured runs there are then. */
  addRuns(count: number): number {
    const { agenda, board, deadline, prepared } = this.#require();
    agenda.addRuns(count);
    deadline.extend(runsBoundMs(prepared.config, count));
    const { warmup, measured } = agenda.state.counts;
    board.plan({ warmupRuns: warmup, runs: measured });
    return measured;
  }

  /** The time that has passed while it lay there failed does not count. */
  #retried(): void {
    if (this.#steered === null) return;
    const { deadline, prepared } = this.#steered;
    deadline.extend(Math.max(0, Date.now() + benchmarkBoundMs(prepared.config) - deadline.atMs));
  }

  #checkAddRuns(count: number): void {
    const { agenda } = this.#require();
    if (agenda.closed) refuse('All runs are over; no run can be added any more.');
    if (!isPositiveInteger(count)) refuse('How many runs? A whole number from 1 on.');
    const most = MAX_RUNS - agenda.state.counts.measured;
    if (count > most) refuse(`A benchmark has at most ${MAX_RUNS} runs; ${most} can be added.`);
  }

  #skipRun(step: RunStep): number {
    const underWay = this.#underWay;
    if (underWay !== null && sameStep(underWay.step, step)) {
      this.#skipped = step;
      underWay.scope.cancel();
    } else {
      this.#require().agenda.skip(step.index);
    }
    return step.index;
  }

  #checkSkipRun(index: number | null | undefined): RunStep {
    const { agenda } = this.#require();
    const { counts, taken, skipped } = agenda.state;
    const current = this.#underWay?.step ?? null;
    if (index === undefined || index === null) {
      return current ?? refuse('No run is under way; name the run to leave out.');
    }
    if (!isPositiveInteger(index) || index > counts.measured) {
      return refuse(
        `There is no run ${JSON.stringify(index)}; runs go from 1 to ${counts.measured}.`,
      );
    }
    const step: RunStep = { phase: 'measured', index, of: counts.measured };
    if (current !== null && sameStep(current, step)) return current;
    if (index <= taken.measured) return refuse(`Run ${index} is over.`);
    if (skipped.includes(index)) return refuse(`Run ${index} is left out already.`);
    return step;
  }

  #checkExtension(byMs: number): void {
    this.#require();
    if (typeof byMs !== 'number' || !(byMs > 0) || byMs > MAX_EXTENSION_MS) {
      refuse('By how many milliseconds? More than 0 and at most 60 days.');
    }
  }

  #require(): Steered {
    return this.#steered ?? refuse('The benchmark is still being prepared; try again.');
  }
}

function sameStep(a: RunStep, b: RunStep): boolean {
  return a.phase === b.phase && a.index === b.index;
}

function isPositiveInteger(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1;
}

function refuse(why: string): never {
  throw ApplicationFailure.nonRetryable(why, 'Refused');
}
