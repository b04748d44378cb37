// The latencies and stream counts of measured calls, by class of call. Percentiles of a run come from here.

import {
  BYTES,
  DISPATCH,
  END,
  FIRST_MESSAGE,
  FIRST_TOKEN,
  INTENDED,
  LAST_MESSAGE,
  MAX_GAP,
  TIMES_LOG2,
  type CallBatch,
} from './call-batch.ts';
import { ANSWER_CLASSES, CALL_CLASS } from './classify.ts';
import { HistogramSet, KIND } from './histogram-set.ts';
import { CALL_CLASSES, STREAM_CELL, STREAM_STRIDE } from './recorded-run.ts';

export class MeasuredCalls {
  readonly histograms = new HistogramSet();
  readonly byClass = new Float64Array(CALL_CLASSES);
  /** STREAM_STRIDE cells per answer class. */
  readonly streams = new Float64Array(ANSWER_CLASSES * STREAM_STRIDE);
  readonly #streaming: boolean;

  constructor(streaming: boolean) {
    this.#streaming = streaming;
  }

  addAll(batch: CallBatch): void {
    const { calls, measured, callClass } = batch;
    for (let row = 0; row < calls; row += 1) {
      if (measured[row] === 0) continue;
      const ofClass = callClass[row] ?? 0;
      this.byClass[ofClass] = (this.byClass[ofClass] ?? 0) + 1;
      this.#latency(batch, row, ofClass);
    }
    if (!this.#streaming) return;
    for (let row = 0; row < calls; row += 1) {
      const ofClass = callClass[row] ?? 0;
      if (measured[row] !== 0 && ofClass !== CALL_CLASS.incomplete) {
        this.#stream(batch, row, ofClass);
      }
    }
  }

  /** The gaps of a stream that is in the batch; apart, because their buffer is the slot's and is used again. */
  gaps(gapsNs: Float64Array, batch: CallBatch, row: number): void {
    const gaps = (batch.messages[row] ?? 0) - 1;
    if (gaps <= 0) return;
    this.histograms.recordAll(KIND.messageGap, batch.callClass[row] ?? 0, gapsNs, gaps);
  }

  #latency({ times, llmNs }: CallBatch, row: number, callClass: number): void {
    const base = row << TIMES_LOG2;
    const { histograms } = this;
    const dispatchNs = times[base + DISPATCH] ?? 0;
    const latenessNs = dispatchNs - (times[base + INTENDED] ?? 0);
    const isIncomplete = callClass === CALL_CLASS.incomplete;
    // Early is not late: a send before its time has lateness 0.
    if (latenessNs !== 0 || isIncomplete) {
      histograms.record(KIND.sendLateness, 0, Math.max(latenessNs, 0));
      if (isIncomplete) return;
    }
    const serviceNs = (times[base + END] ?? 0) - dispatchNs;
    histograms.recordFrom(KIND.service, callClass, serviceNs, latenessNs);
    const llmTimeNs = llmNs[row] ?? NaN;
    if (llmTimeNs >= 0) {
      histograms.record(KIND.overhead, callClass, Math.max(serviceNs - Math.round(llmTimeNs), 0));
    }
  }

  #stream({ times, messages, tokens }: CallBatch, row: number, callClass: number): void {
    const { histograms, streams } = this;
    const cell = callClass * STREAM_STRIDE;
    const count = messages[row] ?? 0;
    if (count === 0) {
      add(streams, cell + STREAM_CELL.empty, 1);
      return;
    }
    const base = row << TIMES_LOG2;
    add(streams, cell + STREAM_CELL.messages, count);
    add(streams, cell + STREAM_CELL.tokens, tokens[row] ?? 0);
    add(streams, cell + STREAM_CELL.bytes, times[base + BYTES] ?? 0);
    const dispatchNs = times[base + DISPATCH] ?? 0;
    const latenessNs = dispatchNs - (times[base + INTENDED] ?? 0);
    const firstNs = (times[base + FIRST_MESSAGE] ?? 0) - dispatchNs;
    histograms.recordFrom(KIND.timeToFirstMessage, callClass, firstNs, latenessNs);
    const firstTokenNs = (times[base + FIRST_TOKEN] ?? NaN) - dispatchNs;
    if (!Number.isNaN(firstTokenNs)) {
      histograms.recordFrom(KIND.timeToFirstToken, callClass, firstTokenNs, latenessNs);
    }
    this.#tail(times, base, callClass);
    if (count > 1) histograms.record(KIND.maxGapPerStream, callClass, times[base + MAX_GAP] ?? 0);
  }

  #tail(times: Float64Array, base: number, callClass: number): void {
    const statusWaitNs = (times[base + END] ?? 0) - (times[base + LAST_MESSAGE] ?? 0);
    this.histograms.record(KIND.lastMessageToStatus, callClass, Math.max(statusWaitNs, 0));
  }
}

function add(cells: Float64Array, cell: number, amount: number): void {
  cells[cell] = (cells[cell] ?? 0) + amount;
}
