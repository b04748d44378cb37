// Records every call of a run while it happens: a few typed-array writes per event, constant memory, no promise,
// closure or object per call. The accounts work on small batches of calls that ended. What the numbers mean is settled afterwards, in summarize-recording.ts.

import { BenchmarkError } from '../../contract/failure.ts';
import type { Outcome } from '../../contract/outcome.ts';
import type { MonotonicClock } from '../../runtime/monotonic-clock.ts';
import type { CallEnd, EngineEvents, MessageFacts } from '../engines/engine.ts';
import { BATCH_CALLS, CallBatch, TIMES_LOG2 } from './call-batch.ts';
import { CALL_CLASS, classify, degradedReason, resolveClass, showsLlmOutput } from './classify.ts';
import { InFlightAccount } from './in-flight-account.ts';
import { MeasuredCalls } from './measured-calls.ts';
import { ProgressMeter, type RecordingProgress } from './progress-meter.ts';
import { RawRecorder, SinkRecorder, type RawSink } from './raw-columns.ts';
import { CALL_CLASSES, type RecordedRun } from './recorded-run.ts';
import { SloAccount, type SloRule } from './slo-account.ts';
import { SlotTable } from './slot-table.ts';
import { StatusAccount } from './status-account.ts';
import { TimelineRecorder } from './timeline.ts';
import { measuredBounds, type TrimRule } from './trim-rule.ts';

export interface RecorderOptions {
  /** Slots are 0 … slots-1. */
  readonly slots: number;
  readonly streaming: boolean;
  readonly clock: MonotonicClock;
  /** When the load begins, on `clock`; the timeline's and the window's origin. */
  readonly loadStartNs: number;
  readonly trim: TrimRule;
  /** Measured calls of which every value is kept; beyond it, a share of them, and percentiles come from histograms. */
  readonly maxRawValues: number;
  /**
   * After an end was recorded; the slot may be begun again within it. The outcome is for display: a call without a sign
   * of LLM output is 'ok' here until a later one shows some. Not called for abandoned calls.
   */
  readonly onFinished: (slot: number, outcome: Outcome) => void;
  /** Absent: none was declared. */
  readonly slo?: SloRule;
  /** Gets a row of every call, whatever is kept in memory, as chunks fill and the rest at the finish. */
  readonly rawSink?: RawSink;
}

const STATUS_CANCELLED = 1;
const LAST_ROW = BATCH_CALLS - 1;

export class CallRecorder implements EngineEvents {
  readonly #options: RecorderOptions;
  readonly #streaming: boolean;
  readonly #onFinished: RecorderOptions['onFinished'];
  readonly #firstIndex: number;
  readonly #measuredFromNs: number;
  readonly #measuredUntilNs: number;
  readonly #slots: SlotTable;
  readonly #batch = new CallBatch();
  readonly #measured: MeasuredCalls;
  readonly #inFlight: InFlightAccount;
  readonly #timeline: TimelineRecorder;
  readonly #raw: RawRecorder;
  readonly #sink: SinkRecorder | null;
  readonly #slo: SloAccount | null;
  readonly #statuses = new StatusAccount();
  readonly #progress = new ProgressMeter();
  readonly #callsByClass = new Float64Array(CALL_CLASSES);
  #inFlightCalls = 0;
  #sawLlmOutput = false;
  #strayEvents = 0;
  #backwardClock = 0;
  #abandonedAtNs: number | null = null;
  #finished: RecordedRun | null = null;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#streaming = options.streaming;
    this.#onFinished = options.onFinished;
    const bounds = measuredBounds(options.trim);
    this.#firstIndex = bounds.firstIndex;
    this.#measuredFromNs = bounds.startNs;
    this.#measuredUntilNs = bounds.endNs;
    this.#measured = new MeasuredCalls(options.streaming);
    this.#timeline = new TimelineRecorder(options.loadStartNs);
    this.#slots = new SlotTable(options.slots, options.streaming);
    this.#inFlight = new InFlightAccount(options.trim, options.loadStartNs);
    this.#raw = new RawRecorder(options.maxRawValues);
    this.#slo = options.slo === undefined ? null : new SloAccount(options.slo);
    this.#sink = options.rawSink === undefined ? null : new SinkRecorder(options.rawSink);
  }

  /**
   * Call right before the engine's start. `index` counts calls of the run by intended start, `intendedNs` is when the
   * call was meant to start. Throws BenchmarkError 'generator-failed' for a slot that is taken or does not exist.
   */
  begin(slot: number, index: number, intendedNs: number, dispatchNs: number): void {
    const slots = this.#slots;
    if (slot < 0 || slot >= slots.slots || slots.isInFlight(slot)) this.#refuse(slot);
    const intended = Math.round(intendedNs);
    const measured =
      index >= this.#firstIndex &&
      intended >= this.#measuredFromNs &&
      intended < this.#measuredUntilNs;
    slots.open(slot, intendedNs, dispatchNs, measured);
    this.#inFlightCalls += 1;
    this.#inFlight.begin(slots.times, slot << TIMES_LOG2, measured);
  }

  onMessage(slot: number, atNs: number, facts: MessageFacts): void {
    if (this.#slots.isInFlight(slot)) this.#slots.message(slot, atNs, facts);
    else this.#strayEvents += 1;
  }

  onEnd(slot: number, atNs: number, end: CallEnd): void {
    const slots = this.#slots;
    if (!slots.isInFlight(slot)) {
      this.#strayEvents += 1;
      return;
    }
    const { grpcStatus } = end;
    const signs = slots.signs(slot);
    const callClass = classify(grpcStatus, signs);
    if (!this.#sawLlmOutput && showsLlmOutput(signs)) this.#sawLlmOutput = true;
    const batch = this.#batch;
    const row = batch.calls;
    batch.callClass[row] = callClass;
    batch.grpcStatus[row] = grpcStatus;
    batch.llmNs[row] = end.llmTimeUs * 1000;
    if (!slots.end(slot, atNs, batch)) this.#backwardClock += 1;
    if (batch.measured[row] !== 0) {
      if (this.#streaming) this.#measured.gaps(slots.gapsOf(slot), batch, row);
      if (callClass >= CALL_CLASS.degraded) this.#noteFailure(signs, callClass, end);
    }
    this.#inFlightCalls -= 1;
    if (row === LAST_ROW) this.#settle();
    this.#onFinished(slot, resolveClass(callClass, this.#sawLlmOutput));
  }

  /**
   * Gives up the calls still in flight: they are incomplete, neither ok nor errors, and what is heard of them later is
   * ignored. An interrupted run calls it even with nothing in flight: a window by duration then ends at `atNs`.
   */
  abandon(atNs: number): void {
    const slots = this.#slots;
    const batch = this.#batch;
    for (let slot = 0; slot < slots.slots; slot += 1) {
      if (!slots.isInFlight(slot)) continue;
      const row = batch.calls;
      batch.callClass[row] = CALL_CLASS.incomplete;
      batch.grpcStatus[row] = STATUS_CANCELLED;
      batch.llmNs[row] = NaN;
      if (showsLlmOutput(slots.signs(slot))) this.#sawLlmOutput = true;
      slots.end(slot, atNs, batch);
      if (row === LAST_ROW) this.#settle();
    }
    this.#inFlightCalls = 0;
    this.#abandonedAtNs = Math.round(atNs) - this.#options.loadStartNs;
  }

  /** For a live display; reads a histogram or two, so ask once a second, not once a call. */
  progress(nowNs: number): RecordingProgress {
    this.#settle();
    return this.#progress.read({
      elapsedNs: nowNs - this.#options.loadStartNs,
      callsByClass: this.#callsByClass,
      inFlight: this.#inFlightCalls,
      sawLlmOutput: this.#sawLlmOutput,
      histograms: this.#measured.histograms,
    });
  }

  /** Bytes held in typed arrays: what grows with a run, if anything does. */
  get byteLength(): number {
    return (
      this.#slots.byteLength +
      this.#measured.histograms.byteLength +
      this.#inFlight.byteLength +
      this.#timeline.byteLength +
      this.#raw.byteLength +
      (this.#slo?.byteLength ?? 0)
    );
  }

  /** Ends the recording; calls still in flight become incomplete now. The result shares memory with the recorder. */
  finish(): RecordedRun {
    if (this.#finished !== null) return this.#finished;
    if (this.#inFlightCalls > 0) this.abandon(this.#options.clock.nowNs());
    this.#settle();
    this.#sink?.finish();
    this.#finished = {
      streaming: this.#options.streaming,
      trim: this.#options.trim,
      loadStartNs: this.#options.loadStartNs,
      callsByClass: this.#callsByClass,
      measuredByClass: this.#measured.byClass,
      sawLlmOutput: this.#sawLlmOutput,
      histograms: this.#measured.histograms.data(),
      inFlight: this.#inFlight.data(),
      timeline: this.#timeline.data(),
      raw: this.#raw.data(),
      statuses: this.#statuses.data(),
      streams: this.#measured.streams,
      slo: this.#slo?.data() ?? null,
      abandonedAtNs: this.#abandonedAtNs,
      anomalies: {
        strayEvents: this.#strayEvents,
        backwardClock: this.#backwardClock,
        lostGaps: this.#slots.lostGaps,
      },
    };
    return this.#finished;
  }

  /** Hands the waiting calls to every account. */
  #settle(): void {
    const batch = this.#batch;
    countClasses(this.#callsByClass, batch);
    this.#inFlight.addAll(batch);
    this.#timeline.addAll(batch);
    this.#measured.addAll(batch);
    this.#statuses.addAll(batch);
    this.#raw.addAll(batch);
    this.#sink?.addAll(batch);
    this.#slo?.addAll(batch);
    batch.calls = 0;
  }

  #noteFailure(signs: number, callClass: number, end: CallEnd): void {
    if (callClass === CALL_CLASS.error) this.#statuses.error(end.grpcStatus, errorText(end));
    else this.#statuses.degraded(degradedReason(signs));
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

function countClasses(cells: Float64Array, { calls, callClass }: CallBatch): void {
  for (let row = 0; row < calls; row += 1) {
    const cell = callClass[row] ?? 0;
    cells[cell] = (cells[cell] ?? 0) + 1;
  }
}
