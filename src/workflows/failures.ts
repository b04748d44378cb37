// What a failed activity means to a benchmark. Everything that leaves the workflow is a TemporalFailure: any other error
// would leave it running for ever with a failing task instead of failed with a sentence.

import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  TimeoutFailure,
  type TemporalFailure,
} from '@temporalio/workflow';
import { isFinal, FAILURE_CODES, type FailureCode } from '../contract/failure.ts';
import type { RunKey } from '../contract/run-plan.ts';
import type { FailedRun } from '../contract/run-result.ts';

export type RunFailure =
  | { readonly kind: 'cancelled'; readonly error: unknown }
  /** No worker of that host took the run in time. */
  | { readonly kind: 'host-away' }
  | { readonly kind: 'failed'; readonly run: FailedRun; readonly final: boolean };

export function runFailure(error: unknown, key: RunKey): RunFailure {
  if (isCancellation(error)) return { kind: 'cancelled', error };
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof TimeoutFailure) {
    if (cause.timeoutType === 'SCHEDULE_TO_START') return { kind: 'host-away' };
    const message = `it was given up after its worker was lost or stuck too often (${cause.timeoutType})`;
    return {
      kind: 'failed',
      run: { key, code: 'run-timed-out', message, attempts: 0 },
      final: false,
    };
  }
  const { code, message } = reasonOf(error);
  return {
    kind: 'failed',
    run: { key, code, message, attempts: attemptsOf(cause) },
    final: isKnown(code) && isFinal(code),
  };
}

/** The innermost failure, as the workflow's own: its message is what the Web UI and the client show. */
export function asWorkflowFailure(error: unknown): TemporalFailure {
  const { code, message } = reasonOf(error);
  return ApplicationFailure.create({
    message,
    type: code,
    nonRetryable: true,
    ...(error instanceof Error ? { cause: error } : {}),
  });
}

export function workflowFailure(code: string, message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, code);
}

export function reasonOf(error: unknown): { code: string; message: string } {
  const cause = error instanceof ActivityFailure ? (error.cause ?? error) : error;
  if (cause instanceof ApplicationFailure) {
    const code = cause.type ?? 'unknown';
    return { code, message: code === 'PayloadsTooLarge' ? tooLarge(cause.message) : cause.message };
  }
  if (cause instanceof TimeoutFailure) {
    return { code: 'timed-out', message: `an activity timed out (${cause.timeoutType})` };
  }
  return {
    code: 'internal-error',
    message: cause instanceof Error ? cause.message : String(cause),
  };
}

function tooLarge(message: string): string {
  return (
    `The result is larger than Temporal takes (2 MB), so it was not tried again: ${message} ` +
    'What was measured is in the artifacts; this is a bug of loombench worth a report.'
  );
}

/** The activity puts its own count first among the details. */
function attemptsOf(cause: unknown): number {
  const first = cause instanceof ApplicationFailure ? cause.details?.[0] : undefined;
  if (typeof first !== 'object' || first === null || !('attempts' in first)) return 1;
  return typeof first.attempts === 'number' ? first.attempts : 1;
}

function isKnown(code: string): code is FailureCode {
  return FAILURE_CODES.some((known) => known === code);
}
