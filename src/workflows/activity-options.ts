// Where, how long and how often each activity may run. The figures are derived beside them.

import {
  ActivityCancellationType,
  proxyActivities,
  type ActivityOptions,
} from '@temporalio/workflow';
import type { ActivityInterfaceFor } from '@temporalio/workflow';
import type { BenchmarkActivities, PreparedBenchmark } from '../activities/interface.ts';
import { runBoundMs } from '../contract/run-bound.ts';

/** Of ActivityFailure causes: retrying cannot help, and an oversize payload would measure the run again each time. */
const FINAL_TYPES = ['InvalidInput', 'PayloadsTooLarge'];

const MINUTE_MS = 60_000;
/** A run waits inside its activity while another benchmark measures on the host. */
const HOST_WAIT_MS = 6 * 60 * MINUTE_MS;
export const DEFAULT_HEARTBEAT_TIMEOUT_MS = 10_000;
/** Of benchmarks that began under a version which did not ask whether the host is there. */
const BLIND_LOOK_MS = 20 * MINUTE_MS;
/** Small things on the main queue, wherever a worker is. No bound on waiting for one: that is what durable means. */
export const LIGHT: ActivityOptions = {
  startToCloseTimeout: MINUTE_MS,
  retry: {
    initialInterval: 1_000,
    maximumInterval: 10_000,
    maximumAttempts: 5,
    nonRetryableErrorTypes: FINAL_TYPES,
  },
};

export const lightActivities: ActivityInterfaceFor<BenchmarkActivities> =
  proxyActivities<BenchmarkActivities>(LIGHT);

/**
 * Activities that need the disk of the measuring host, for work between the runs. `lookMs`: for how long they may lie there
 * untaken; undefined: for ever.
 */
export function hostActivities(
  hostTaskQueue: string,
  lookMs: number | undefined,
): ActivityInterfaceFor<BenchmarkActivities> {
  return proxyActivities<BenchmarkActivities>({
    ...LIGHT,
    taskQueue: hostTaskQueue,
    ...(lookMs === undefined ? {} : { scheduleToStartTimeout: lookMs }),
    startToCloseTimeout: 30 * MINUTE_MS,
    // The worker beats each second, but computing may hold it up.
    heartbeatTimeout: 30_000,
  });
}

/**
 * Options of one measured run. The heartbeat (each second) tells within 10 s that its worker is dead; the attempts allow for
 * many crashes, while failures that the run itself reports are limited by the activity.
 */
export function measureOptions(
  hostTaskQueue: string,
  { config, heartbeatTimeoutMs }: Pick<PreparedBenchmark, 'config' | 'heartbeatTimeoutMs'>,
  {
    summary,
    lookMs = BLIND_LOOK_MS,
  }: { readonly summary: string; readonly lookMs: number | undefined },
): ActivityOptions {
  return {
    taskQueue: hostTaskQueue,
    summary,
    heartbeatTimeout: heartbeatTimeoutMs ?? DEFAULT_HEARTBEAT_TIMEOUT_MS,
    startToCloseTimeout: runBoundMs(config) + HOST_WAIT_MS,
    // Applies to retries too. A host that is gone or busy is told by this, and which of the two by asking it.
    scheduleToStartTimeout: lookMs,
    // The next benchmark must not start on a host that is still busy with a run being cancelled.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: {
      initialInterval: 1_000,
      backoffCoefficient: 1,
      maximumAttempts: 25,
      nonRetryableErrorTypes: FINAL_TYPES,
    },
  };
}
