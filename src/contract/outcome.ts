// How one call can end. Exactly one of these, decided in one place (harness/recording/classify.ts).

export const OUTCOMES = ['ok', 'degraded', 'error', 'incomplete'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** gRPC status names by code (grpc/status.proto). */
export const GRPC_STATUS_NAMES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

export type GrpcStatusName = (typeof GRPC_STATUS_NAMES)[number];

export function grpcStatusName(code: number): GrpcStatusName {
  return GRPC_STATUS_NAMES[code] ?? 'UNKNOWN';
}

/** Calls of a run or of its window; `issued` = ok + degraded + errors + incomplete, always. */
export interface CallCounts {
  readonly issued: number;
  readonly ok: number;
  readonly degraded: number;
  readonly errors: number;
  readonly incomplete: number;
}
