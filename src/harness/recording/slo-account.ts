// Of the measured calls that ended well, how many met each condition of the declared service level and how many met all of
// them: a few counters, whatever the number of calls. A moment that a call never had meets no condition.

import type { SloCondition, SloSubject } from '../../contract/slo.ts';
import {
  DISPATCH,
  END,
  FIRST_MESSAGE,
  FIRST_TOKEN,
  INTENDED,
  MAX_GAP,
  TIMES_LOG2,
  type CallBatch,
} from './call-batch.ts';
import { CALL_CLASS } from './classify.ts';
import { sumCells } from './exact-sum.ts';

export interface SloRule {
  /** At least one. */
  readonly conditions: readonly SloCondition[];
  /** Where a call's times are counted from: its dispatch (`service`) or its intended start (`response`). */
  readonly origin: 'service' | 'response';
}

export interface RecordedSlo {
  readonly conditions: readonly SloCondition[];
  /** Calls of the classes ok and silent, one row each: a cell per condition, then one for all of them. */
  readonly met: Float64Array;
}

/** Classes that can turn out to be ok: 0 and 1. */
const GOOD_CLASSES = CALL_CLASS.silent + 1;

export class SloAccount {
  readonly #conditions: readonly SloCondition[];
  readonly #reads: readonly ReadNs[];
  readonly #startCell: number;
  readonly #met: Float64Array;

  constructor({ conditions, origin }: SloRule) {
    this.#conditions = conditions;
    this.#reads = conditions.map(({ subject }) => READ_NS[subject]);
    this.#startCell = origin === 'service' ? DISPATCH : INTENDED;
    this.#met = new Float64Array(GOOD_CLASSES * (conditions.length + 1));
  }

  addAll(batch: CallBatch): void {
    const { calls, measured, callClass, times } = batch;
    for (let row = 0; row < calls; row += 1) {
      const ofClass = callClass[row] ?? CALL_CLASS.incomplete;
      if (measured[row] === 0 || ofClass >= GOOD_CLASSES) continue;
      this.#judge(batch, row, times[(row << TIMES_LOG2) + this.#startCell] ?? 0);
    }
  }

  #judge(batch: CallBatch, row: number, startNs: number): void {
    const all = this.#conditions.length;
    const first = (batch.callClass[row] ?? 0) * (all + 1);
    let missed = 0;
    for (let at = 0; at < all; at += 1) {
      if (this.#meets(at, batch, row, startNs)) this.#count(first + at);
      else missed += 1;
    }
    if (missed === 0) this.#count(first + all);
  }

  #meets(at: number, batch: CallBatch, row: number, startNs: number): boolean {
    const condition = this.#conditions[at];
    const read = this.#reads[at];
    if (condition === undefined || read === undefined) return false;
    const valueNs = read(batch, row, startNs);
    const limitNs = condition.limitUs * 1000;
    return condition.comparison === '<' ? valueNs < limitNs : valueNs <= limitNs;
  }

  #count(cell: number): void {
    this.#met[cell] = (this.#met[cell] ?? 0) + 1;
  }

  get byteLength(): number {
    return this.#met.byteLength;
  }

  data(): RecordedSlo {
    return { conditions: this.#conditions, met: this.#met };
  }
}

type ReadNs = (batch: CallBatch, row: number, startNs: number) => number;

/** NaN, which no comparison takes for met, where the call has no such time. */
const READ_NS: Readonly<Record<SloSubject, ReadNs>> = {
  latency: (batch, row, startNs) => instant(batch, row, END) - startNs,
  ttfm: (batch, row, startNs) => instant(batch, row, FIRST_MESSAGE) - startNs,
  ttft: (batch, row, startNs) => instant(batch, row, FIRST_TOKEN) - startNs,
  tpot: (batch, row) => {
    const later = (batch.tokens[row] ?? 0) - 1;
    const sinceFirstNs = instant(batch, row, END) - instant(batch, row, FIRST_TOKEN);
    if (later > 0) return sinceFirstNs / later;
    return Number.isNaN(sinceFirstNs) ? NaN : 0;
  },
  max_gap: (batch, row) => ((batch.messages[row] ?? 0) === 0 ? NaN : instant(batch, row, MAX_GAP)),
};

function instant({ times }: CallBatch, row: number, cell: number): number {
  return times[(row << TIMES_LOG2) + cell] ?? NaN;
}

/** Null when the parts declare none; they are of one run, so of one declaration. */
export function mergeSlo(parts: readonly (RecordedSlo | null)[]): RecordedSlo | null {
  const declared = parts.flatMap((part) => part ?? []);
  const [first] = declared;
  if (first === undefined) return null;
  return { conditions: first.conditions, met: sumCells(declared.map(({ met }) => met)) };
}

export interface SloCounts {
  readonly metAll: number;
  /** In the order of the conditions. */
  readonly metEach: readonly number[];
}

/** Silent calls are ok where no call of the run showed LLM output (see resolveClass). */
export function sloCounts({ conditions, met }: RecordedSlo, sawLlmOutput: boolean): SloCounts {
  const width = conditions.length + 1;
  const classes: readonly number[] = sawLlmOutput
    ? [CALL_CLASS.ok]
    : [CALL_CLASS.ok, CALL_CLASS.silent];
  const total = (cell: number): number =>
    classes.reduce((sum, ofClass) => sum + (met[ofClass * width + cell] ?? 0), 0);
  return { metAll: total(width - 1), metEach: conditions.map((_, at) => total(at)) };
}
