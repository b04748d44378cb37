// Records every call of a run while it happens: a few typed-array writes per event, constant memory, no promise,
// closure or object per call. What the numbers mean is settled afterwards, in summarize-recording.ts.

import { BenchmarkError } from '../../contract/failure.ts';
import type { Outcome } from '../../contract/outcome.ts';
import type { MonotonicClock } from '../../runtime/monotonic-clock.ts';
import type { CallEnd, EngineEvents, MessageFacts } from '../engines/engine.ts';
import {
  ANSWER_CLASSES,
  CALL_CLASS,
  classify,
  degradedReason,
  NO_SIGNS,
  resolveClass,
  showsLlmOutput,
} from './classify.ts';
import { HistogramSet, KIND } from './histogram-set.ts';
import { InFlightAccount } from './in-flight-account.ts';
import { ProgressMeter, type RecordingProgress } from './progress-meter.ts';
import { RawRecorder, type RawSink } from './raw-columns.ts';
import { CALL_CLASSES, STREAM_CELL, STREAM_STRIDE, type RecordedRun } from './recorded-run.ts';
import { SlotTable } from './slot-table.ts';
import { StatusAccount } from './status-account.ts';
import { TimelineRecorder } from './timeline.ts';
import { isMeasured, type TrimRule } from './trim-rule.ts';

export interface RecorderOptions {
  /** Slots are 0 … slots-1. */
  readonly slots: number;
  readonly streaming: boolean;
  readonly clock: MonotonicClock;
  /** When the load begins, on `clock`; the timeline's and the window's origin. */
  readonly loadStartNs: number;
  readonly trim: TrimRule;
  /** Measured calls of which every value is kept; beyond it, percentiles come from histograms. */
  readonly maxRawValues: number;
  /**
   * After an end was recorded; the slot may be begun again within it. The outcome is for display: a call without a sign
   * of LLM output is 'ok' here until a later one shows some. Not called for abandoned calls.
   */
  readonly onFinished: (slot: number, outcome: Outcome) => void;
  /** Gets the raw columns as chunks fill. */
  readonly rawSink?: RawSink;
}

const STATUS_CANCELLED = 1;

export class CallRecorder implements EngineEvents {
  readonly #options: RecorderOptions;
  readonly #slots: SlotTable;
  readonly #histograms = new HistogramSet();
  readonly #inFlight: InFlightAccount;
  readonly #timeline = new TimelineRecorder();
  readonly #raw: RawRecorder;
  readonly #statuses = new StatusAccount();
  readonly #progress = new ProgressMeter();
  readonly #callsByClass = new Float64Array(CALL_CLASSES);
  readonly #measuredByClass = new Float64Array(CALL_CLASSES);
  readonly #streams = new Float64Array(ANSWER_CLASSES * STREAM_STRIDE);
  #inFlightCalls = 0;
  #sawLlmOutput = false;
  #strayEvents = 0;
  #backwardClock = 0;
  #abandonedAtNs: number | null = null;
  #finished: RecordedRun | null = null;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#slots = new SlotTable(options.slots, options.streaming);
    this.#inFlight = new InFlightAccount(options.trim, options.loadStartNs);
    this.#raw = new RawRecorder(options.maxRawValues, options.rawSink ?? null);
  }

  /**
   * Call right before the engine's start. `index` counts calls of the run by intended start, `intendedNs` is when the
   * call was meant to start. Throws BenchmarkError 'generator-failed' for a slot that is taken or does not exist.
   */
  begin(slot: number, index: number, intendedNs: number, dispatchNs: number): void {
    const slots = this.#slots;
    if (slot < 0 || slot >= slots.slots || slots.isInFlight(slot)) this.#refuse(slot);
    const intended = Math.round(intendedNs);
    const dispatch = Math.round(dispatchNs);
    const measured = isMeasured(this.#options.trim, index, intended);
    const originNs = this.#options.loadStartNs;
    slots.open(slot, intended, dispatch, measured);
    this.#inFlightCalls += 1;
    this.#inFlight.begin(intended - originNs, dispatch - originNs, measured);
    this.#timeline.start(dispatch - originNs);
    // Early is not late: a send before its time has lateness 0.
    if (measured) this.#histograms.record(KIND.sendLateness, 0, Math.max(dispatch - intended, 0));
  }

  onMessage(slot: number, atNs: number, facts: MessageFacts): void {
    if (this.#slots.isInFlight(slot)) this.#slots.message(slot, Math.round(atNs), facts);
    else this.#strayEvents += 1;
  }

  onEnd(slot: number, atNs: number, end: CallEnd): void {
    const slots = this.#slots;
    if (!slots.isInFlight(slot)) {
      this.#strayEvents += 1;
      return;
    }
    const dispatchNs = slots.dispatchNs[slot] ?? 0;
    const endNs = this.#notBefore(dispatchNs, Math.round(atNs));
    const signs = slots.signs[slot] ?? NO_SIGNS;
    const callClass = classify(end.grpcStatus, signs);
    const measured = slots.isMeasured(slot);
    const originNs = this.#options.loadStartNs;
    if (!this.#sawLlmOutput && showsLlmOutput(signs)) this.#sawLlmOutput = true;
    this.#callsByClass[callClass] = (this.#callsByClass[callClass] ?? 0) + 1;
    this.#inFlight.end(dispatchNs - originNs, endNs - originNs, callClass, measured);
    this.#timeline.end(endNs - originNs, callClass, endNs - dispatchNs);
    if (measured) this.#recordMeasured(slot, endNs, callClass, end);
    this.#inFlightCalls -= 1;
    slots.close(slot);
    this.#options.onFinished(slot, resolveClass(callClass, this.#sawLlmOutput));
  }

  /**
   * Gives up the calls still in flight: they are incomplete, neither ok nor errors, and what is heard of them later is
   * ignored. An interrupted run calls it even with nothing in flight: a window by duration then ends at `atNs`.
   */
  abandon(atNs: number): void {
    const originNs = this.#options.loadStartNs;
    for (let slot = 0; slot < this.#slots.slots; slot += 1) {
      if (!this.#slots.isInFlight(slot)) continue;
      const dispatchNs = this.#slots.dispatchNs[slot] ?? 0;
      const measured = this.#slots.isMeasured(slot);
      addOne(this.#callsByClass, CALL_CLASS.incomplete);
      if (measured) {
        addOne(this.#measuredByClass, CALL_CLASS.incomplete);
        this.#pushRow(slot, Math.max(atNs, dispatchNs), CALL_CLASS.incomplete, STATUS_CANCELLED);
      }
      if (showsLlmOutput(this.#slots.signs[slot] ?? NO_SIGNS)) this.#sawLlmOutput = true;
      this.#inFlight.abandon(dispatchNs - originNs, measured);
      this.#slots.close(slot);
    }
    this.#inFlightCalls = 0;
    this.#abandonedAtNs = Math.round(atNs) - originNs;
  }

  /** For a live display; reads a histogram or two, so ask once a second, not once a call. */
  progress(nowNs: number): RecordingProgress {
    return this.#progress.read({
      elapsedNs: nowNs - this.#options.loadStartNs,
      callsByClass: this.#callsByClass,
      inFlight: this.#inFlightCalls,
      sawLlmOutput: this.#sawLlmOutput,
      histograms: this.#histograms,
    });
  }

  /** Bytes held in typed arrays: what grows with a run, if anything does. */
  get byteLength(): number {
    return (
      this.#slots.byteLength +
      this.#histograms.byteLength +
      this.#inFlight.byteLength +
      this.#timeline.byteLength +
      this.#raw.byteLength
    );
  }

  /** Ends the recording; calls still in flight become incomplete now. The result shares memory with the recorder. */
  finish(): RecordedRun {
    if (this.#finished !== null) return this.#finished;
    if (this.#inFlightCalls > 0) this.abandon(this.#options.clock.nowNs());
    this.#finished = {
      streaming: this.#options.streaming,
      trim: this.#options.trim,
      loadStartNs: this.#options.loadStartNs,
      callsByClass: this.#callsByClass,
      measuredByClass: this.#measuredByClass,
      sawLlmOutput: this.#sawLlmOutput,
      histograms: this.#histograms.data(),
      inFlight: this.#inFlight.data(),
      timeline: this.#timeline.data(),
      raw: this.#raw.data(),
      statuses: this.#statuses.data(),
      streams: this.#streams,
      abandonedAtNs: this.#abandonedAtNs,
      anomalies: {
        strayEvents: this.#strayEvents,
        backwardClock: this.#backwardClock,
        lostGaps: this.#slots.lostGaps,
      },
    };
    return this.#finished;
  }

  #recordMeasured(slot: number, endNs: number, callClass: number, end: CallEnd): void {
    const slots = this.#slots;
    const serviceNs = endNs - (slots.dispatchNs[slot] ?? 0);
    this.#measuredByClass[callClass] = (this.#measuredByClass[callClass] ?? 0) + 1;
    this.#histograms.record(KIND.service, callClass, serviceNs);
    this.#histograms.record(
      KIND.response,
      callClass,
      Math.max(endNs - (slots.intendedNs[slot] ?? 0), 0),
    );
    if (end.llmTimeUs >= 0) {
      this.#histograms.record(
        KIND.overhead,
        callClass,
        Math.max(serviceNs - Math.round(end.llmTimeUs * 1000), 0),
      );
    }
    if (this.#options.streaming) this.#recordStream(slot, endNs, callClass);
    this.#statuses.status(end.grpcStatus);
    if (callClass === CALL_CLASS.error) this.#statuses.error(end.grpcStatus, errorText(end));
    else if (callClass === CALL_CLASS.degraded) {
      this.#statuses.degraded(degradedReason(slots.signs[slot] ?? NO_SIGNS));
    }
    this.#pushRow(slot, endNs, callClass, end.grpcStatus);
  }

  #recordStream(slot: number, endNs: number, callClass: number): void {
    const slots = this.#slots;
    const histograms = this.#histograms;
    const messages = slots.messages[slot] ?? 0;
    const base = callClass * STREAM_STRIDE;
    if (messages === 0) {
      addOne(this.#streams, base + STREAM_CELL.empty);
      return;
    }
    add(this.#streams, base + STREAM_CELL.messages, messages);
    add(this.#streams, base + STREAM_CELL.tokens, slots.tokens[slot] ?? 0);
    add(this.#streams, base + STREAM_CELL.bytes, slots.bytes[slot] ?? 0);
    const dispatchNs = slots.dispatchNs[slot] ?? 0;
    const latenessNs = dispatchNs - (slots.intendedNs[slot] ?? 0);
    const firstNs = (slots.firstMessageNs[slot] ?? 0) - dispatchNs;
    histograms.record(KIND.timeToFirstMessage, callClass, firstNs);
    histograms.record(KIND.intendedToFirstMessage, callClass, Math.max(firstNs + latenessNs, 0));
    const firstTokenNs = (slots.firstTokenNs[slot] ?? NaN) - dispatchNs;
    if (!Number.isNaN(firstTokenNs)) {
      histograms.record(KIND.timeToFirstToken, callClass, firstTokenNs);
      histograms.record(
        KIND.intendedToFirstToken,
        callClass,
        Math.max(firstTokenNs + latenessNs, 0),
      );
    }
    const statusWaitNs = Math.max(endNs - (slots.lastMessageNs[slot] ?? 0), 0);
    histograms.record(KIND.lastMessageToStatus, callClass, statusWaitNs);
    if (messages > 1) this.#recordGaps(slot, callClass, messages - 1);
  }

  #recordGaps(slot: number, callClass: number, gaps: number): void {
    this.#histograms.record(KIND.maxGapPerStream, callClass, this.#slots.maxGapNs[slot] ?? 0);
    const values = this.#slots.gapsOf(slot);
    const kept = Math.min(gaps, values.length);
    for (let index = 0; index < kept; index += 1) {
      this.#histograms.record(KIND.messageGap, callClass, values[index] ?? 0);
    }
  }

  #pushRow(slot: number, endNs: number, callClass: number, grpcStatus: number): void {
    const chunk = this.#raw.claim();
    if (chunk === null) return;
    const slots = this.#slots;
    const row = chunk.rows;
    chunk.intendedNs[row] = slots.intendedNs[slot] ?? 0;
    chunk.dispatchNs[row] = slots.dispatchNs[slot] ?? 0;
    chunk.firstMessageNs[row] = slots.firstMessageNs[slot] ?? NaN;
    chunk.endNs[row] = endNs;
    chunk.callClass[row] = callClass;
    chunk.grpcStatus[row] = grpcStatus;
    chunk.messages[row] = slots.messages[slot] ?? 0;
    chunk.tokens[row] = slots.tokens[slot] ?? 0;
    this.#raw.commit(chunk);
  }

  #notBefore(dispatchNs: number, atNs: number): number {
    if (atNs >= dispatchNs) return atNs;
    this.#backwardClock += 1;
    return dispatchNs;
  }

  #refuse(slot: number): never {
    throw new BenchmarkError(
      'generator-failed',
      `Slot ${slot} cannot take a call: it is in flight or not one of ${this.#slots.slots}. This is a defect of the generator; please report it.`,
    );
  }
}

function errorText(end: CallEnd): string {
  return end.grpcStatus === 0
    ? 'the stream reported stage FAILED and then ended OK'
    : end.statusMessage;
}

function addOne(cells: Float64Array, cell: number): void {
  add(cells, cell, 1);
}

function add(cells: Float64Array, cell: number, amount: number): void {
  cells[cell] = (cells[cell] ?? 0) + amount;
}
