// The histograms of one recorder: one per latency kind and class of call, made when their first value comes.

import { CALL_CLASS, resolveClass } from './classify.ts';
import { LogLinearHistogram, type RecordedHistogram } from './log-linear-histogram.ts';

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

export class HistogramSet {
  readonly #cells: (LogLinearHistogram | null)[] = new Array<LogLinearHistogram | null>(CELLS).fill(
    null,
  );

  record(kind: number, callClass: number, valueNs: number): void {
    const cell = (kind << CLASSES_LOG2) + callClass;
    (this.#cells[cell] ?? this.#make(cell)).record(valueNs);
  }

  get(kind: number, callClass: number): LogLinearHistogram | null {
    return this.#cells[(kind << CLASSES_LOG2) + callClass] ?? null;
  }

  get byteLength(): number {
    return this.#cells.reduce((sum, histogram) => sum + (histogram?.byteLength ?? 0), 0);
  }

  data(): RecordedHistogramSet {
    return this.#cells.map((histogram) => histogram?.data() ?? null);
  }

  #make(cell: number): LogLinearHistogram {
    const histogram = new LogLinearHistogram();
    this.#cells[cell] = histogram;
    return histogram;
  }
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
