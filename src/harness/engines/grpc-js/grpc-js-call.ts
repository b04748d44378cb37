// One call on a grpc-js channel, driven below its stream objects: those buffer messages, and may hand over the last ones
// after the status. Here each message is read when it has arrived, and the status comes last.
// The deadline is kept here too: grpc-js arms a plain timer, which Node starts from a cached time and so may fire early.
// Here it is checked against the monotonic clock; the server learns of it through grpc-timeout as usual.

import { status, type Channel, type Metadata, type StatusObject } from '@grpc/grpc-js';
import { LLM_TIME_TRAILER } from '../../../protocol/answers.ts';
import type { CallEnd, EngineEvents, MessageFacts } from '../engine.ts';
import { MESSAGE_LIMIT_HINT } from '../message-limit.ts';
import { originOf } from './end-origin.ts';
import type { MessageReader } from './message-reader.ts';

/** What every call of a prepared engine shares. `facts` and `end` are the reused instances handed to the events. */
export interface CallContext {
  readonly path: string;
  readonly streaming: boolean;
  readonly timeoutMs: number;
  /** With grpc-timeout in it. */
  readonly metadata: Metadata;
  readonly read: MessageReader;
  readonly facts: MessageFacts;
  readonly end: CallEnd;
  readonly events: EngineEvents;
  readonly nowNs: () => number;
}

type RawCall = ReturnType<Channel['createCall']>;

export class GrpcJsCall {
  readonly #context: CallContext;
  readonly #slot: number;
  readonly #ended: (slot: number) => void;
  #call: RawCall | null = null;
  #deadline: NodeJS.Timeout | null = null;
  #deadlineNs = Infinity;
  #messages = 0;
  #done = false;
  /** A reason of ours that goes before the status that the cancel brings. */
  #verdict: { readonly code: status; readonly details: string } | null = null;

  /** `ended` is told just before the events, so that the slot may be started again from there. */
  constructor(context: CallContext, slot: number, ended: (slot: number) => void) {
    this.#context = context;
    this.#slot = slot;
    this.#ended = ended;
  }

  /** Never throws: what grpc-js refuses at once ends the call on a later turn of the loop. */
  start(channel: Channel, request: Buffer): void {
    const { path, timeoutMs, metadata, nowNs } = this.#context;
    this.#deadlineNs = nowNs() + timeoutMs * 1e6;
    this.#armDeadline(timeoutMs);
    try {
      const call = channel.createCall(path, Infinity, null, null, null);
      this.#call = call;
      call.start(metadata, {
        onReceiveMetadata: () => undefined,
        onReceiveMessage: (bytes: Buffer) => this.#onMessage(call, bytes),
        onReceiveStatus: (end) => this.#onStatus(end),
      });
      call.startRead();
      call.sendMessageWithContext({}, request);
      call.halfClose();
    } catch (thrown) {
      const details = thrown instanceof Error ? thrown.message : String(thrown);
      setImmediate(() => this.#finish(status.INTERNAL, `Not sent: ${details}`, 'client', null));
    }
  }

  cancel(): void {
    this.#verdict ??= { code: status.CANCELLED, details: 'Cancelled on client' };
    this.#call?.cancelWithStatus(status.CANCELLED, 'Cancelled on client');
  }

  #armDeadline(waitMs: number): void {
    this.#deadline = setTimeout(() => {
      const leftNs = this.#deadlineNs - this.#context.nowNs();
      if (leftNs > 0) this.#armDeadline(Math.ceil(leftNs / 1e6));
      else this.#refuse(status.DEADLINE_EXCEEDED, 'Deadline exceeded');
    }, waitMs);
  }

  #onMessage(call: RawCall, bytes: Buffer): void {
    if (this.#done || this.#verdict !== null) return;
    const atNs = this.#context.nowNs();
    if (!this.#context.streaming && this.#messages > 0) {
      this.#refuse(status.UNIMPLEMENTED, 'Too many responses received');
      return;
    }
    try {
      this.#context.read(bytes, this.#context.facts);
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      this.#refuse(status.INTERNAL, `Response message parsing error: ${why}`);
      return;
    }
    this.#messages += 1;
    this.#context.events.onMessage(this.#slot, atNs, this.#context.facts);
    call.startRead();
  }

  #refuse(code: status, details: string): void {
    this.#verdict = { code, details };
    this.#call?.cancelWithStatus(code, details);
  }

  #onStatus(end: StatusObject): void {
    // The timer may be late, and what comes after the deadline came too late: mostly the server's own word that it has passed,
    // as a reset with CANCEL.
    if (this.#verdict === null && this.#context.nowNs() >= this.#deadlineNs) {
      this.#verdict = { code: status.DEADLINE_EXCEEDED, details: 'Deadline exceeded' };
    }
    if (this.#verdict !== null) {
      this.#finish(this.#verdict.code, this.#verdict.details, 'client', null);
    } else if (end.code === status.OK && !this.#context.streaming && this.#messages === 0) {
      this.#finish(status.UNIMPLEMENTED, 'No message received', 'client', end.metadata);
    } else {
      const origin = originOf(end);
      this.#finish(end.code, detailsOf(end, origin), origin, end.metadata);
    }
  }

  #finish(
    code: number,
    details: string,
    origin: CallEnd['origin'],
    trailers: Metadata | null,
  ): void {
    if (this.#done) return;
    this.#done = true;
    if (this.#deadline !== null) clearTimeout(this.#deadline);
    const { end, events } = this.#context;
    end.grpcStatus = code;
    end.statusMessage = details;
    end.origin = origin;
    end.llmTimeUs = llmTimeUs(trailers);
    this.#ended(this.#slot);
    events.onEnd(this.#slot, this.#context.nowNs(), end);
  }
}

/** The words of the status, and where they are grpc-js's own of a message that is too large, what to do about it. */
function detailsOf({ code, details }: StatusObject, origin: CallEnd['origin']): string {
  if (code === status.OK) return '';
  const isTooLarge = origin === 'client' && code === status.RESOURCE_EXHAUSTED;
  return isTooLarge ? `${details}; ${MESSAGE_LIMIT_HINT}` : details;
}

function llmTimeUs(trailers: Metadata | null): number {
  const text = trailers?.get(LLM_TIME_TRAILER)[0];
  return typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : NaN;
}
