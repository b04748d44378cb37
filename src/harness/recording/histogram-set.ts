// The histograms of one recorder: one per latency kind and class of call, made when their first value comes.

import { CALL_CLASS, resolveClass } from './classify.ts';
import { LogLinearHistogram, zeros, type RecordedHistogram } from './log-linear-histogram.ts';

/** What can be timed. Order is the index. */
export const LATENCY_KINDS = [
  /** End − dispatch. */
  'service',
  /** End − intended start. */
  'response',
  /** Dispatch − intended start, of every call, however it ended. */
  'sendLateness',
  /** First message − dispatch. */
  'timeToFirstMessage',
  /** First message with LLM output − dispatch. */
  'timeToFirstToken',
  /** The two above from the intended start. */
  'intendedToFirstMessage',
  'intendedToFirstToken',
  /** Between consecutive messages of a stream; the wait for the first is not one. */
  'messageGap',
  'maxGapPerStream',
  'lastMessageToStatus',
  /** Service time − the LLM time stamped on the same call. */
  'overhead',
] as const;
export type LatencyKind = (typeof LATENCY_KINDS)[number];

export const KIND = {
  service: 0,
  response: 1,
  sendLateness: 2,
  timeToFirstMessage: 3,
  timeToFirstToken: 4,
  intendedToFirstMessage: 5,
  intendedToFirstToken: 6,
  messageGap: 7,
  maxGapPerStream: 8,
  lastMessageToStatus: 9,
  overhead: 10,
} as const satisfies Record<LatencyKind, number>;

const CLASSES_LOG2 = 2;
const CELLS = LATENCY_KINDS.length << CLASSES_LOG2;

/** By kind · 4 + class; null where nothing was recorded. */
export type RecordedHistogramSet = readonly (RecordedHistogram | null)[];

/** By a kind from the dispatch: the same from the intended start. */
const INTENDED_KIND: Readonly<Record<number, number>> = {
  [KIND.service]: KIND.response,
  [KIND.timeToFirstMessage]: KIND.intendedToFirstMessage,
  [KIND.timeToFirstToken]: KIND.intendedToFirstToken,
};

/**
 * A call sent just when intended, as all are in a closed loop, has the same times from its dispatch and from its
 * intended start, and no lateness: it is recorded once, apart from late calls, and counted for each when the set is read.
 */
export class HistogramSet {
  readonly #cells = emptyCells();
  /** By the kind from the dispatch. */
  readonly #onTime = emptyCells();

  record(kind: number, callClass: number, valueNs: number): void {
    const cell = (kind << CLASSES_LOG2) + callClass;
    (this.#cells[cell] ?? make(this.#cells, cell)).record(valueNs);
  }

  /** The first `count` of the values, or all where there are fewer. */
  recordAll(kind: number, callClass: number, valuesNs: Float64Array, count: number): void {
    const cell = (kind << CLASSES_LOG2) + callClass;
    (this.#cells[cell] ?? make(this.#cells, cell)).recordAll(valuesNs, count);
  }

  /** A time from the dispatch and, `latenessNs` later, from the intended start, >= 0. `kind` is the one from the dispatch. */
  recordFrom(kind: number, callClass: number, valueNs: number, latenessNs: number): void {
    const cell = (kind << CLASSES_LOG2) + callClass;
    if (latenessNs === 0) {
      (this.#onTime[cell] ?? make(this.#onTime, cell)).record(valueNs);
      return;
    }
    this.record(kind, callClass, valueNs);
    this.record(INTENDED_KIND[kind] ?? 0, callClass, Math.max(valueNs + latenessNs, 0));
  }

  /** The service times of a class so far; a copy. */
  serviceTimes(callClass: number): LogLinearHistogram {
    const cell = (KIND.service << CLASSES_LOG2) + callClass;
    return mergeHistograms(
      [this.#cells[cell], this.#onTime[cell]].flatMap((histogram) => histogram?.data() ?? []),
    );
  }

  get byteLength(): number {
    return [...this.#cells, ...this.#onTime].reduce(
      (sum, histogram) => sum + (histogram?.byteLength ?? 0),
      0,
    );
  }

  /** Later recording may or may not show in it: call once, at the end. */
  data(): RecordedHistogramSet {
    const cells = this.#cells.map((histogram) => histogram?.data() ?? null);
    let onTimeCalls = 0;
    this.#onTime.forEach((histogram, cell) => {
      if (histogram === null) return;
      const kind = cell >> CLASSES_LOG2;
      if (kind === KIND.service) onTimeCalls += histogram.count;
      for (const target of [kind, INTENDED_KIND[kind] ?? kind]) {
        const at = (target << CLASSES_LOG2) + (cell & (2 ** CLASSES_LOG2 - 1));
        cells[at] = union(cells[at] ?? null, histogram.data());
      }
    });
    if (onTimeCalls > 0) {
      const at = KIND.sendLateness << CLASSES_LOG2;
      cells[at] = union(cells[at] ?? null, zeros(onTimeCalls));
    }
    return cells;
  }
}

function emptyCells(): (LogLinearHistogram | null)[] {
  return new Array<LogLinearHistogram | null>(CELLS).fill(null);
}

function make(cells: (LogLinearHistogram | null)[], cell: number): LogLinearHistogram {
  const histogram = new LogLinearHistogram();
  cells[cell] = histogram;
  return histogram;
}

function union(a: RecordedHistogram | null, b: RecordedHistogram): RecordedHistogram {
  return a === null ? b : mergeHistograms([a, b]).data();
}

export function mergeHistogramSets(list: readonly RecordedHistogramSet[]): RecordedHistogramSet {
  return Array.from({ length: CELLS }, (_, cell) => {
    const parts = list.flatMap((set) => set[cell] ?? []);
    return parts.length === 0 ? null : mergeHistograms(parts).data();
  });
}

export type HistogramOutcome = 'ok' | 'degraded' | 'error';

/** The histogram of a kind over the calls of one outcome, silent calls resolved; empty when there were none. */
export function outcomeHistogram(
  set: RecordedHistogramSet,
  kind: LatencyKind,
  select: { readonly outcome: HistogramOutcome; readonly sawLlmOutput: boolean },
): LogLinearHistogram {
  const classes = [CALL_CLASS.ok, CALL_CLASS.silent, CALL_CLASS.degraded, CALL_CLASS.error].filter(
    (callClass) => resolveClass(callClass, select.sawLlmOutput) === select.outcome,
  );
  return mergeHistograms(
    classes.flatMap((callClass) => set[(KIND[kind] << CLASSES_LOG2) + callClass] ?? []),
  );
}

/** The one histogram of a kind that does not depend on how calls ended. */
export function allCallsHistogram(
  set: RecordedHistogramSet,
  kind: 'sendLateness',
): LogLinearHistogram {
  return mergeHistograms([set[KIND[kind] << CLASSES_LOG2] ?? []].flat());
}

function mergeHistograms(parts: readonly RecordedHistogram[]): LogLinearHistogram {
  const merged = new LogLinearHistogram();
  for (const part of parts) merged.merge(part);
  return merged;
}
