// Which run comes next. It may grow while the benchmark is under way, so nobody else counts runs.

import { PHASES, type Phase } from '../contract/run-plan.ts';

export interface RunStep {
  readonly phase: Phase;
  /** 1-based within its phase. */
  readonly index: number;
  readonly of: number;
}

export class RunAgenda {
  readonly #counts: Record<Phase, number>;
  #taken: Record<Phase, number> = { warmup: 0, measured: 0 };

  constructor(counts: Readonly<Record<Phase, number>>) {
    this.#counts = { ...counts };
  }

  /** The next run, which then counts as begun; null when there is none. Warm-up runs come first. */
  take(): RunStep | null {
    const phase = PHASES.find((each) => this.#taken[each] < this.#counts[each]);
    if (phase === undefined) return null;
    this.#taken[phase] += 1;
    return { phase, index: this.#taken[phase], of: this.#counts[phase] };
  }

  /** All runs again, as on another host. */
  restart(): void {
    this.#taken = { warmup: 0, measured: 0 };
  }
}
