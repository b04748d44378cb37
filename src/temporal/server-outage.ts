// One sentence for every way in which a Temporal server does not answer.

import { ServiceError } from '@temporalio/client';
import { BenchmarkError } from '../contract/failure.ts';

/** gRPC: CANCELLED, DEADLINE_EXCEEDED, UNAVAILABLE. */
const TRANSIENT_CODES: readonly number[] = [1, 4, 14];

export function isServerAway(error: unknown): boolean {
  if (error instanceof ServiceError) return true;
  return error instanceof Error && 'code' in error && TRANSIENT_CODES.includes(Number(error.code));
}

/** Throws BenchmarkError 'temporal-unreachable' for an outage, and all else as it is. */
export async function translatingOutages<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isServerAway(error)) throw error;
    throw new BenchmarkError(
      'temporal-unreachable',
      `The Temporal server does not answer: ${messageOf(error)}. Is it running? \`loombench doctor\` tells.`,
      { cause: error },
    );
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
