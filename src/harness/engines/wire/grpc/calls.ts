// gRPC calls over HTTP/2 streams: what headers, data, resets and silence mean for a call, and the one place where calls
// end. Every started call ends exactly once, whoever ends it.

import type { CallEnd } from '../../engine.ts';
import type { DeadlineList } from '../deadline-list.ts';
import type { StreamSink } from '../http2/connection-ports.ts';
import type { Frame } from '../http2/frame.ts';
import { H2_ERROR } from '../http2/protocol.ts';
import { SlotQueue } from '../slot-queue.ts';
import { int32At, uint8At } from '../typed-access.ts';
import type { Turn } from '../turn.ts';
import type { Carriers, CallSink, StreamCarrier } from './call-ports.ts';
import { appendText, CallState, PHASE, SEEN } from './call-state.ts';
import { MessageReader, type MessageSink, READ } from './message-reader.ts';
import type { GrpcRequest } from './request.ts';
import type { ResponseHeaders } from './response-headers.ts';
import {
  judgeMissingTrailers,
  judgeTrailers,
  judgeUnreadable,
  type ResponseSoFar,
  type Verdict,
} from './response-verdict.ts';
import { resetMessage, STATUS, statusOfReset } from './status.ts';

export interface CallsOptions {
  readonly carriers: Carriers;
  readonly deadlines: DeadlineList;
  readonly turn: Turn;
  readonly sink: CallSink;
  readonly maxReceiveBytes: number;
}

const HTTP_OK = 200;
const NOTHING_SO_FAR: Mutable<ResponseSoFar> = {
  streaming: false,
  messages: 0,
  midMessage: false,
  foreign: null,
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class Calls implements StreamSink<ResponseHeaders>, MessageSink {
  readonly #state = new CallState();
  readonly #queue = new SlotQueue();
  readonly #failing = new SlotQueue();
  readonly #messages: MessageReader;
  readonly #carriers: Carriers;
  readonly #deadlines: DeadlineList;
  readonly #turn: Turn;
  readonly #sink: CallSink;
  readonly #maxReceiveBytes: number;
  readonly #end: CallEnd = { grpcStatus: 0, statusMessage: '', origin: 'server', llmTimeUs: NaN };
  readonly #soFarReused = { ...NOTHING_SO_FAR };
  #everQueued = 0;

  constructor(options: CallsOptions) {
    this.#carriers = options.carriers;
    this.#deadlines = options.deadlines;
    this.#turn = options.turn;
    this.#sink = options.sink;
    this.#maxReceiveBytes = options.maxReceiveBytes;
    this.#messages = new MessageReader(this, options.maxReceiveBytes);
  }

  /** Calls that had to wait here for a connection or a free stream; their wait is part of their latency. */
  get everQueued(): number {
    return this.#everQueued;
  }

  /** Calls that cannot be sent and whose end is still to be reported. */
  get failing(): number {
    return this.#failing.length;
  }

  grow(capacity: number): void {
    this.#state.grow(capacity);
    this.#messages.grow(capacity);
    this.#queue.grow(capacity);
    this.#failing.grow(capacity);
  }

  /** Begins a call in a free slot. */
  start(slot: number, request: GrpcRequest): void {
    const state = this.#state;
    state.request[slot] = request;
    state.seen[slot] = SEEN.nothing;
    state.messages[slot] = 0;
    state.generation[slot] = int32At(state.generation, slot) + 1;
    if (request.timeoutNs !== Infinity) this.#deadlines.add(slot, request.timeoutNs);
    const carrier = this.#queue.length === 0 ? this.#carriers.pick() : null;
    if (carrier === null) this.#wait(slot);
    else this.#place(slot, request, carrier);
  }

  cancel(slot: number): void {
    this.#stop(slot, STATUS.cancelled, 'cancelled by the client');
  }

  /** The deadline of the slot's call has passed. */
  expire(slot: number): void {
    const waited = uint8At(this.#state.phase, slot) === PHASE.queued;
    const message = waited
      ? 'Deadline exceeded while waiting for a free stream'
      : 'Deadline exceeded';
    this.#stop(slot, STATUS.deadlineExceeded, message);
  }

  /** Ends whatever is under way. */
  cancelAll(message: string): void {
    for (let slot = 0; slot < this.#state.capacity; slot += 1) {
      this.#stop(slot, STATUS.cancelled, message);
    }
  }

  /** Streams came free: calls that wait go on, oldest first. */
  drainQueue(): void {
    while (this.#queue.length > 0) {
      const carrier = this.#carriers.pick();
      if (carrier === null) return;
      const slot = this.#queue.shift();
      const request = this.#state.request[slot] ?? null;
      if (request !== null) this.#place(slot, request, carrier);
    }
  }

  /** No connection can be had: calls that wait for one are to fail. */
  failQueue(): void {
    for (let slot = this.#queue.shift(); slot >= 0; slot = this.#queue.shift()) {
      this.#state.phase[slot] = PHASE.failing;
      this.#failing.push(slot);
    }
  }

  /** Reports the calls that could not be sent; those that the reports start again wait for the next time. */
  reportFailing(reason: string): void {
    for (let count = this.#failing.length; count > 0; count -= 1) {
      const slot = this.#failing.shift();
      if (slot < 0) return;
      this.#finish(slot, STATUS.unavailable, reason, 'client');
    }
  }

  onHeaders(slot: number, headers: ResponseHeaders, endStream: boolean): void {
    if (endStream) {
      const verdict = judgeTrailers(headers, this.#soFar(slot));
      this.#end.llmTimeUs = headers.llmTimeUs;
      this.#complete(slot, verdict);
      return;
    }
    if (headers.httpStatus >= 100 && headers.httpStatus < 200) return;
    const state = this.#state;
    if (uint8At(state.seen, slot) !== SEEN.nothing) {
      this.#abort(slot, {
        status: STATUS.internal,
        message: 'a second HEADERS frame that ends nothing',
      });
      return;
    }
    if (headers.httpStatus === HTTP_OK && headers.grpcContent) {
      state.seen[slot] = SEEN.headers;
      state.encoding[slot] = headers.encoding;
      return;
    }
    state.seen[slot] = SEEN.foreign;
    const { httpStatus, foreignContentType: contentType } = headers;
    state.foreign[slot] = { httpStatus, contentType, text: '' };
  }

  onData(slot: number, frame: Frame, endStream: boolean): void {
    const state = this.#state;
    const generation = int32At(state.generation, slot);
    switch (uint8At(state.seen, slot)) {
      case SEEN.headers:
        if (!this.#readMessages(slot, frame)) return;
        break;
      case SEEN.foreign:
        appendText(state.foreign[slot] ?? null, frame);
        break;
      default:
        this.#abort(slot, { status: STATUS.internal, message: 'a DATA frame before HEADERS' });
        return;
    }
    if (!endStream || int32At(state.generation, slot) !== generation) return;
    this.#complete(slot, judgeMissingTrailers(this.#soFar(slot)));
  }

  onReset(slot: number, code: number): void {
    const late = code === H2_ERROR.cancel && this.#isPastDeadline(slot);
    this.#complete(slot, {
      status: late ? STATUS.deadlineExceeded : statusOfReset(code),
      message: resetMessage(code),
    });
  }

  onStreamFault(slot: number, reason: string): void {
    this.#state.carrier[slot] = null;
    this.#finish(slot, STATUS.internal, reason, 'client');
  }

  onLost(slot: number, reason: string): void {
    this.#state.carrier[slot]?.release(slot);
    this.#finish(slot, STATUS.unavailable, reason, 'client');
  }

  onMessage(slot: number, bytes: Buffer, start: number, end: number): boolean {
    const state = this.#state;
    const generation = int32At(state.generation, slot);
    const count = int32At(state.messages, slot) + 1;
    state.messages[slot] = count;
    if (count > 1 && state.request[slot]?.streaming === false) {
      this.#abort(slot, { status: STATUS.unimplemented, message: 'more than one message came' });
      return false;
    }
    const wellFormed = this.#sink.onMessage(slot, bytes, start, end);
    // The callback may have cancelled the call, and even have begun the next one in its slot.
    if (uint8At(state.phase, slot) !== PHASE.onStream) return false;
    if (int32At(state.generation, slot) !== generation) return false;
    if (!wellFormed) {
      const message = `message ${count} (${end - start} bytes) is malformed protobuf`;
      this.#abort(slot, { status: STATUS.internal, message });
    }
    return wellFormed;
  }

  #readMessages(slot: number, frame: Frame): boolean {
    const fault = this.#messages.push(slot, frame.bytes, frame.start, frame.end);
    if (fault === READ.ok) return true;
    if (fault === READ.stopped) return false;
    const unreadable = {
      fault,
      length: this.#messages.lastLength,
      maxBytes: this.#maxReceiveBytes,
      encoding: this.#state.encoding[slot] ?? '',
    };
    this.#abort(slot, judgeUnreadable(unreadable));
    return false;
  }

  #wait(slot: number): void {
    if (this.#carriers.downReason !== null) {
      this.#state.phase[slot] = PHASE.failing;
      this.#failing.push(slot);
      return;
    }
    this.#state.phase[slot] = PHASE.queued;
    this.#everQueued += 1;
    this.#queue.push(slot);
    this.#carriers.onDemand(this.#queue.length);
  }

  #place(slot: number, request: GrpcRequest, carrier: StreamCarrier): void {
    this.#state.phase[slot] = PHASE.onStream;
    this.#state.carrier[slot] = carrier;
    carrier.openStream(slot, request.headers, request.body);
  }

  #soFar(slot: number): ResponseSoFar {
    const soFar = this.#soFarReused;
    soFar.streaming = this.#state.request[slot]?.streaming === true;
    soFar.messages = int32At(this.#state.messages, slot);
    soFar.midMessage = this.#messages.midMessage(slot);
    soFar.foreign = this.#state.foreign[slot] ?? null;
    return soFar;
  }

  #isPastDeadline(slot: number): boolean {
    const timeoutNs = this.#state.request[slot]?.timeoutNs ?? Infinity;
    return timeoutNs !== Infinity && this.#deadlines.isPast(slot, this.#turn.nowNs);
  }

  /** The server ended the stream. */
  #complete(slot: number, verdict: Verdict): void {
    this.#state.carrier[slot]?.release(slot);
    this.#finish(slot, verdict.status, verdict.message, 'server');
  }

  /** This side ends the stream, because of what the server sent. */
  #abort(slot: number, verdict: Verdict): void {
    this.#stop(slot, verdict.status, verdict.message);
  }

  #stop(slot: number, status: number, message: string): void {
    switch (uint8At(this.#state.phase, slot)) {
      case PHASE.free:
        return;
      case PHASE.queued:
        this.#queue.remove(slot);
        break;
      case PHASE.failing:
        this.#failing.remove(slot);
        break;
      default:
        this.#state.carrier[slot]?.resetStream(slot, H2_ERROR.cancel);
    }
    this.#finish(slot, status, message, 'client');
  }

  /** The one end of every call. The sink may start the slot again at once. */
  #finish(slot: number, status: number, message: string, origin: CallEnd['origin']): void {
    const state = this.#state;
    state.phase[slot] = PHASE.free;
    state.carrier[slot] = null;
    if (uint8At(state.seen, slot) === SEEN.foreign) state.foreign[slot] = null;
    this.#deadlines.remove(slot);
    this.#messages.reset(slot);
    const end = this.#end;
    end.grpcStatus = status;
    end.statusMessage = message;
    end.origin = origin;
    this.#sink.onEnd(slot, end);
    end.llmTimeUs = NaN;
  }
}
