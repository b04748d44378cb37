// Calls in flight over the window, exactly: what throughput and Little's law are computed from.
// The time integral comes from begin and end instants alone, the mean latency from finished calls alone; that the two
// agree is the check. What is kept is relative to the load's start; sums are exact integers of nanoseconds.

import { addToSum, mergeSum, sumCells } from './exact-sum.ts';
import { DISPATCH, END, INTENDED, TIMES_LOG2, type CallBatch } from './call-batch.ts';
import { ANSWER_CLASSES, CALL_CLASS } from './classify.ts';
import type { TrimRule } from './trim-rule.ts';

/** Cells of `sums`, two each; `area` is the time integral over finished calls. */
export const IN_FLIGHT_SUM = { area: 0, serviceTime: 2, beforeWindow: 4, afterWindow: 6 } as const;
const SUM_CELLS = 8;

/** Calls before a count window that are remembered, because its start is known only once its first call began. */
const TAIL_CALLS = 4096;
export const TAIL_STRIDE = 3;

export interface RecordedInFlight {
  readonly sums: Float64Array;
  /** Calls that ended in the window, by answer class; without the trimmed ones of a count window. */
  readonly endedByClass: Float64Array;
  /** −Infinity when nothing ended. */
  readonly lastEndNs: number;
  /** +Infinity when nothing measured began. */
  readonly firstIntendedNs: number;
  /** Count window only: dispatch, end and class of the last trimmed calls. */
  readonly trimmedTail: Float64Array;
  /** Dispatch instants of calls that never ended. */
  readonly unfinished: Float64Array;
}

// Cells of what changes while calls run.
const FIRST_INTENDED = 0;
const LAST_END = 1;

export class InFlightAccount {
  readonly #sums = new Float64Array(SUM_CELLS);
  readonly #endedByClass = new Float64Array(ANSWER_CLASSES);
  readonly #extremes = Float64Array.of(Infinity, -Infinity);
  readonly #originNs: number;
  readonly #startNs: number;
  readonly #endNs: number;
  readonly #startIsOpen: boolean;
  readonly #tail: Float64Array;
  readonly #unfinished: number[] = [];
  #tailCalls = 0;

  constructor(rule: TrimRule, loadStartNs: number) {
    this.#originNs = loadStartNs;
    this.#startNs = rule.kind === 'duration' ? rule.startNs - loadStartNs : 0;
    this.#endNs = rule.kind === 'duration' ? rule.endNs - loadStartNs : Infinity;
    this.#startIsOpen = rule.kind === 'count' && rule.firstIndex > 0;
    this.#tail = new Float64Array(this.#startIsOpen ? TAIL_CALLS * TAIL_STRIDE : 0);
  }

  /** `base` is the call's first cell in the slots' times. */
  begin(times: Float64Array, base: number, measured: boolean): void {
    const dispatchNs = times[base + DISPATCH] ?? 0;
    const sinceStartNs = (times[base + INTENDED] ?? 0) - this.#originNs;
    if (measured && sinceStartNs < (this.#extremes[FIRST_INTENDED] ?? 0)) {
      this.#extremes[FIRST_INTENDED] = sinceStartNs;
    }
    if (measured || !this.#startIsOpen) {
      addToSum(this.#sums, IN_FLIGHT_SUM.area, -this.#clamp(dispatchNs - this.#originNs));
    }
  }

  addAll(batch: CallBatch): void {
    const { calls, times, callClass, measured } = batch;
    const originNs = this.#originNs;
    const sums = this.#sums;
    let lastEndNs = this.#extremes[LAST_END] ?? 0;
    for (let row = 0; row < calls; row += 1) {
      const base = row << TIMES_LOG2;
      const dispatchNs = (times[base + DISPATCH] ?? 0) - originNs;
      const endNs = (times[base + END] ?? 0) - originNs;
      const ofClass = callClass[row] ?? 0;
      if (ofClass === CALL_CLASS.incomplete) {
        this.#abandon(dispatchNs, measured[row] === 1);
        continue;
      }
      if (endNs > lastEndNs) lastEndNs = endNs;
      if (measured[row] === 0 && this.#startIsOpen) this.#keepTail(dispatchNs, endNs, ofClass);
      else if (dispatchNs >= this.#startNs && endNs < this.#endNs) {
        // Wholly within the window: nothing to clamp.
        countOne(this.#endedByClass, ofClass);
        addToSum(sums, IN_FLIGHT_SUM.area, endNs);
        addToSum(sums, IN_FLIGHT_SUM.serviceTime, endNs - dispatchNs);
      } else this.#endAtEdge(dispatchNs, endNs, ofClass);
    }
    this.#extremes[LAST_END] = lastEndNs;
  }

  /** Any call, also one that crosses the window's edges. */
  #endAtEdge(dispatchNs: number, endNs: number, callClass: number): void {
    const sums = this.#sums;
    addToSum(sums, IN_FLIGHT_SUM.area, this.#clamp(endNs));
    if (endNs >= this.#endNs) {
      if (dispatchNs < this.#endNs) {
        addToSum(sums, IN_FLIGHT_SUM.afterWindow, this.#endNs - this.#clamp(dispatchNs));
      }
      return;
    }
    if (endNs < this.#startNs) return;
    countOne(this.#endedByClass, callClass);
    addToSum(sums, IN_FLIGHT_SUM.serviceTime, endNs - dispatchNs);
    if (dispatchNs < this.#startNs) {
      addToSum(sums, IN_FLIGHT_SUM.beforeWindow, this.#startNs - dispatchNs);
    }
  }

  /** A call that will not end: its begin is taken back, and its dispatch is kept instead. */
  #abandon(dispatchNs: number, measured: boolean): void {
    if (measured || !this.#startIsOpen) {
      addToSum(this.#sums, IN_FLIGHT_SUM.area, this.#clamp(dispatchNs));
    }
    this.#unfinished.push(dispatchNs);
  }

  get byteLength(): number {
    return this.#tail.byteLength + this.#sums.byteLength + this.#endedByClass.byteLength;
  }

  data(): RecordedInFlight {
    return {
      sums: this.#sums,
      endedByClass: this.#endedByClass,
      lastEndNs: this.#extremes[LAST_END] ?? -Infinity,
      firstIntendedNs: this.#extremes[FIRST_INTENDED] ?? Infinity,
      trimmedTail: this.#tail.slice(0, Math.min(this.#tailCalls, TAIL_CALLS) * TAIL_STRIDE),
      unfinished: Float64Array.from(this.#unfinished),
    };
  }

  #clamp(instantNs: number): number {
    if (instantNs < this.#startNs) return this.#startNs;
    return instantNs < this.#endNs ? instantNs : this.#endNs;
  }

  #keepTail(dispatchNs: number, endNs: number, callClass: number): void {
    const at = (this.#tailCalls % TAIL_CALLS) * TAIL_STRIDE;
    this.#tail[at] = dispatchNs;
    this.#tail[at + 1] = endNs;
    this.#tail[at + 2] = callClass;
    this.#tailCalls += 1;
  }
}

function countOne(cells: Float64Array, cell: number): void {
  cells[cell] = (cells[cell] ?? 0) + 1;
}

export function mergeInFlight(list: readonly RecordedInFlight[]): RecordedInFlight {
  const sums = new Float64Array(SUM_CELLS);
  for (const part of list) {
    for (const cell of Object.values(IN_FLIGHT_SUM)) mergeSum(sums, cell, part.sums);
  }
  return {
    sums,
    endedByClass: sumCells(list.map((part) => part.endedByClass)),
    lastEndNs: Math.max(-Infinity, ...list.map((part) => part.lastEndNs)),
    firstIntendedNs: Math.min(Infinity, ...list.map((part) => part.firstIntendedNs)),
    trimmedTail: concatFloat64(list.map((part) => part.trimmedTail)),
    unfinished: concatFloat64(list.map((part) => part.unfinished)),
  };
}

function concatFloat64(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
