// Whether a host's worker is there: asked on a queue of its own, which it answers also while it measures.

import {
  ActivityFailure,
  proxyActivities,
  TimeoutFailure,
  type ActivityInterfaceFor,
} from '@temporalio/workflow';
import type { BenchmarkActivities } from '../activities/interface.ts';
import { hostPresenceQueue } from '../contract/ids.ts';
import { LIGHT } from './activity-options.ts';

/** Looking at the host and its checkout takes a moment. */
const ANSWER_MS = 10_000;

/** `withinMs` undefined: however long it takes. */
export async function hostAnswers(host: string, withinMs: number | undefined): Promise<boolean> {
  const answer = await unlessTimedOut(() => presenceOf(host, withinMs).hostPresence());
  return answer !== null;
}

/** What a host's worker answers while it measures. */
export function presenceOf(
  host: string,
  withinMs: number | undefined,
): ActivityInterfaceFor<BenchmarkActivities> {
  return proxyActivities<BenchmarkActivities>({
    ...LIGHT,
    taskQueue: hostPresenceQueue(host),
    startToCloseTimeout: ANSWER_MS,
    ...(withinMs === undefined
      ? {}
      : {
          scheduleToStartTimeout: withinMs,
          // One that was taken by a worker which then died is tried again, but not for ever.
          scheduleToCloseTimeout: withinMs + ANSWER_MS,
        }),
  });
}

export async function unlessTimedOut<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    const cause = error instanceof ActivityFailure ? error.cause : error;
    if (cause instanceof TimeoutFailure) return null;
    throw error;
  }
}

/** No worker of that queue began it in time. */
export function wasNotTaken(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof TimeoutFailure && cause.timeoutType === 'SCHEDULE_TO_START';
}
