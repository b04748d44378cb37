// Our failures in Temporal's terms: the code is the type, and the table says which are worth another attempt.
// A new code does not compile until it is decided here.

import { ApplicationFailure } from '@temporalio/common';
import { toBenchmarkError, type BenchmarkError, type FailureCode } from '../contract/failure.ts';
import type { ConfigProblem } from './dependencies.ts';

type Advice =
  | { readonly kind: 'final' }
  | { readonly kind: 'retry' }
  | { readonly kind: 'retry-later'; readonly afterMs: number };

/** Time for somebody to free disk space, or for a port or server to come back. */
const LATER_MS = 15_000;

const FINAL: Advice = { kind: 'final' };
const RETRY: Advice = { kind: 'retry' };
const RETRY_LATER: Advice = { kind: 'retry-later', afterMs: LATER_MS };

const ADVICE: Readonly<Record<FailureCode, Advice>> = {
  'config-invalid': FINAL,
  'output-unwritable': FINAL,
  'target-unreachable': FINAL,
  'target-refused-plan': FINAL,
  'artifact-corrupt': FINAL,
  'artifact-missing': FINAL,
  'memory-low': FINAL,
  'benchmark-not-found': FINAL,
  'schedule-not-found': FINAL,
  'schedule-exists': FINAL,
  'steering-refused': FINAL,
  'not-supported': FINAL,
  // The workflow asks for the target again before it tries again.
  'lease-lost': FINAL,
  // The workflow's own: no activity fails so.
  'host-lost': FINAL,
  'target-died': RETRY,
  'target-start-failed': RETRY,
  'generator-died': RETRY,
  'generator-failed': RETRY,
  'run-cancelled': RETRY,
  'run-superseded': RETRY,
  'disk-full': RETRY_LATER,
  'port-in-use': RETRY_LATER,
  'temporal-unreachable': RETRY_LATER,
  'temporal-cli-missing': RETRY_LATER,
  'temporal-start-failed': RETRY_LATER,
};

export interface AttemptLimit {
  /** Attempts that ended with a failure of their own, this one included; killed ones do not count. */
  readonly failedAttempts: number;
  readonly maxFailedAttempts: number;
  /** All attempts, for the record of the failed run. */
  readonly attempts: number;
}

/** `thrown` is anything; what is not ours becomes a 'generator-failed'. */
export function toApplicationFailure(thrown: unknown, limit?: AttemptLimit): ApplicationFailure {
  if (thrown instanceof ApplicationFailure) return thrown;
  const error: BenchmarkError = toBenchmarkError(thrown, 'generator-failed');
  const advice = ADVICE[error.code];
  const exhausted = limit !== undefined && limit.failedAttempts >= limit.maxFailedAttempts;
  return ApplicationFailure.create({
    message: error.message,
    type: error.code,
    nonRetryable: advice.kind === 'final' || exhausted,
    details: [{ attempts: limit?.attempts ?? 1, ...plainDetails(error) }],
    cause: error,
    ...(advice.kind === 'retry-later' ? { nextRetryDelay: advice.afterMs } : {}),
  });
}

/** Details travel as JSON; what does not is left out rather than failing the failure. */
function plainDetails(error: BenchmarkError): Record<string, unknown> {
  try {
    return JSON.parse(JSON.stringify(error.details)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** What the user typed cannot be understood; every problem is in the message. */
export function invalidInput(
  subject: string,
  problems: readonly ConfigProblem[],
): ApplicationFailure {
  const lines = problems.map(({ path, message, hint }) => {
    const where = path === '' ? '' : `${path}: `;
    return `${where}${message}${hint === undefined ? '' : ` (${hint})`}`;
  });
  return ApplicationFailure.nonRetryable(
    `The ${subject}'s input has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}: ${lines.join('; ')}`,
    'InvalidInput',
    { attempts: 1, problems },
  );
}

/** For activities that are not runs: our codes travel as types here too. */
export async function mapped<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toApplicationFailure(error);
  }
}
