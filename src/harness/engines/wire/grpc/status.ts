// gRPC status codes and what else maps to them: HTTP statuses and HTTP/2 error codes (gRPC over HTTP/2, "Responses" and
// "Errors").

import { errorName, H2_ERROR } from '../http2/protocol.ts';

export const STATUS = {
  ok: 0,
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  permissionDenied: 7,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** For an answer without grpc-status: a proxy's page, a web server. */
export function statusOfHttp(httpStatus: number): number {
  switch (httpStatus) {
    case 400:
      return STATUS.internal;
    case 401:
      return STATUS.unauthenticated;
    case 403:
      return STATUS.permissionDenied;
    case 404:
      return STATUS.unimplemented;
    case 429:
    case 502:
    case 503:
    case 504:
      return STATUS.unavailable;
    default:
      return STATUS.unknown;
  }
}

export function statusOfReset(code: number): number {
  switch (code) {
    case H2_ERROR.refusedStream:
      return STATUS.unavailable;
    case H2_ERROR.cancel:
      return STATUS.cancelled;
    case H2_ERROR.enhanceYourCalm:
      return STATUS.resourceExhausted;
    case H2_ERROR.inadequateSecurity:
      return STATUS.permissionDenied;
    default:
      return STATUS.internal;
  }
}

export function resetMessage(code: number): string {
  return `the server reset the stream with ${errorName(code)}`;
}
