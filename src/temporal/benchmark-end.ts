// How a benchmark's workflow ended, from the error that waiting for it throws.

import { WorkflowFailedError } from '@temporalio/client';
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  TerminatedFailure,
  TimeoutFailure,
} from '@temporalio/common';
import type { KeptRuns } from '../contract/kept-runs.ts';
import type { WorkflowEnd } from './benchmark-api.ts';

export interface LeftInMemo<Outcome> {
  readonly outcome: Outcome | null;
  readonly kept: KeptRuns | null;
}

/** `left` reads what the workflow left in its memo. Rethrows what is no ending. */
export async function endOfFailure<Outcome>(
  error: unknown,
  left: () => Promise<LeftInMemo<Outcome>>,
): Promise<WorkflowEnd<Outcome>> {
  if (!(error instanceof WorkflowFailedError)) throw error;
  const { cause } = error;
  if (cause instanceof CancelledFailure) {
    const { outcome, kept } = await left();
    return { kind: 'cancelled', outcome, ...(outcome !== null || kept === null ? {} : { kept }) };
  }
  if (cause instanceof TerminatedFailure) {
    return { kind: 'terminated', message: cause.message || 'it was terminated' };
  }
  if (cause instanceof TimeoutFailure) {
    return { kind: 'timed-out', message: 'it was not done within its execution timeout' };
  }
  const failure = innermost(cause);
  return {
    kind: 'failed',
    code: failure instanceof ApplicationFailure ? (failure.type ?? 'unknown') : 'unknown',
    message: failure?.message ?? error.message,
    outcome: (await left()).outcome,
  };
}

function innermost(error: Error | undefined): Error | undefined {
  return error instanceof ActivityFailure ? error.cause : error;
}
