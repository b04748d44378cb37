// Which run comes next. It may grow while the benchmark is under way, so nobody else counts runs.

import { PHASES, type Phase } from '../contract/run-plan.ts';

export interface RunStep {
  readonly phase: Phase;
  /** 1-based within its phase. */
  readonly index: number;
  readonly of: number;
}

/** As it is carried through continue-as-new. */
export interface AgendaState {
  readonly counts: Readonly<Record<Phase, number>>;
  readonly taken: Readonly<Record<Phase, number>>;
  /** Measured runs that are not to be begun. */
  readonly skipped: readonly number[];
}

const NONE_TAKEN: Readonly<Record<Phase, number>> = { warmup: 0, measured: 0 };

export function newAgenda(counts: Readonly<Record<Phase, number>>): AgendaState {
  return { counts, taken: NONE_TAKEN, skipped: [] };
}

export class RunAgenda {
  #state: AgendaState;
  #closed = false;

  constructor(state: AgendaState) {
    this.#state = state;
  }

  get state(): AgendaState {
    return this.#state;
  }

  /** True once all runs are over: none can be added any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** The next run, which then counts as begun; null when there is none. Warm-up runs come first. */
  take(): RunStep | null {
    const { counts, taken } = this.#state;
    const phase = PHASES.find((each) => taken[each] < counts[each]);
    if (phase === undefined) return null;
    const index = taken[phase] + 1;
    this.#state = { ...this.#state, taken: { ...taken, [phase]: index } };
    return { phase, index, of: counts[phase] };
  }

  hasMore(): boolean {
    const { counts, taken } = this.#state;
    return PHASES.some((each) => taken[each] < counts[each]);
  }

  isSkipped({ phase, index }: RunStep): boolean {
    return phase === 'measured' && this.#state.skipped.includes(index);
  }

  /** More measured runs, after those that are planned. */
  addRuns(count: number): void {
    const { counts } = this.#state;
    this.#state = { ...this.#state, counts: { ...counts, measured: counts.measured + count } };
  }

  /** A measured run that has not begun is left out. */
  skip(index: number): void {
    this.#state = { ...this.#state, skipped: [...this.#state.skipped, index] };
  }

  /** All runs again, as on another host. */
  restart(): void {
    this.#state = { ...this.#state, taken: NONE_TAKEN };
    this.#closed = false;
  }

  close(): void {
    this.#closed = true;
  }
}
