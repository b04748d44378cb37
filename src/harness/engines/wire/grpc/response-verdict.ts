// How a call ended, judged from the end of its stream. Pure: facts in, status and message out.

import { MESSAGE_LIMIT_HINT } from '../../message-limit.ts';
import { describeForeign, type ForeignAnswer } from './call-state.ts';
import { READ, type ReadResult } from './message-reader.ts';
import type { ResponseHeaders } from './response-headers.ts';
import { STATUS, statusOfHttp } from './status.ts';

export interface Verdict {
  readonly status: number;
  readonly message: string;
}

/** What came before the end. */
export interface ResponseSoFar {
  readonly streaming: boolean;
  readonly messages: number;
  readonly midMessage: boolean;
  readonly foreign: ForeignAnswer | null;
}

/** Shared, as nearly every call ends so. */
const OK: Verdict = { status: STATUS.ok, message: '' };

export function judgeTrailers(trailers: ResponseHeaders, soFar: ResponseSoFar): Verdict {
  if (trailers.grpcStatus < 0) return judgeWithoutStatus(trailers, soFar);
  if (trailers.grpcStatus !== STATUS.ok) {
    return { status: trailers.grpcStatus, message: trailers.grpcMessage };
  }
  if (soFar.midMessage) {
    return { status: STATUS.internal, message: 'the server ended the stream inside a message' };
  }
  if (!soFar.streaming && soFar.messages === 0) {
    return { status: STATUS.unimplemented, message: 'status OK, but no message came' };
  }
  return OK;
}

function judgeWithoutStatus(trailers: ResponseHeaders, soFar: ResponseSoFar): Verdict {
  if (soFar.foreign !== null) return judgeForeign(soFar.foreign);
  if (trailers.httpStatus === 0) {
    return { status: STATUS.unknown, message: 'the trailers carry no grpc-status' };
  }
  return judgeForeign({
    httpStatus: trailers.httpStatus,
    contentType: trailers.grpcContent ? 'application/grpc' : trailers.foreignContentType,
    text: '',
  });
}

/** The stream ended with DATA: no trailers will come. */
export function judgeMissingTrailers(soFar: ResponseSoFar): Verdict {
  if (soFar.foreign !== null) return judgeForeign(soFar.foreign);
  return { status: STATUS.internal, message: 'the server ended the stream without trailers' };
}

function judgeForeign(answer: ForeignAnswer): Verdict {
  return {
    status: statusOfHttp(answer.httpStatus),
    message: `the answer is not gRPC: ${describeForeign(answer)}`,
  };
}

export interface UnreadableMessage {
  readonly fault: ReadResult;
  /** Bytes that the message's prefix stated. */
  readonly length: number;
  readonly maxBytes: number;
  /** grpc-encoding; '' for none. */
  readonly encoding: string;
}

export function judgeUnreadable(unreadable: UnreadableMessage): Verdict {
  switch (unreadable.fault) {
    case READ.tooLarge:
      return {
        status: STATUS.resourceExhausted,
        message: `a message of ${unreadable.length} bytes exceeds the limit of ${unreadable.maxBytes}; ${MESSAGE_LIMIT_HINT}`,
      };
    case READ.compressed:
      return unreadable.encoding === ''
        ? { status: STATUS.internal, message: 'a compressed message, but no grpc-encoding' }
        : {
            status: STATUS.unimplemented,
            message: `a message compressed with ${unreadable.encoding}, which was not offered`,
          };
    case READ.badFlag:
    case READ.stopped:
    case READ.ok:
      return { status: STATUS.internal, message: 'bytes that are no gRPC message' };
    default:
      return unreadable.fault satisfies never;
  }
}
