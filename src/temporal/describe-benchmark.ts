// From Temporal's description of a workflow to our nouns.

import type { WorkflowExecutionDescription, WorkflowExecutionInfo } from '@temporalio/client';
import {
  defaultPayloadConverter,
  defineSearchAttributeKey,
  SearchAttributeType,
} from '@temporalio/common';
import { CAPACITY_WORKFLOW_TYPE, SUITE_WORKFLOW_TYPE } from '../contract/ids.ts';
import type { RunProgress } from '../contract/run-plan.ts';
import type { SearchAttributeName } from '../contract/search-attributes.ts';
import { OUTCOME_VERDICTS, type OutcomeVerdict } from '../contract/warning.ts';
import type { BenchmarkListItem, BenchmarkState, PendingStep } from './benchmark-api.ts';

type PendingActivity = NonNullable<
  WorkflowExecutionDescription['raw']['pendingActivities']
>[number];

/** Watched alike. */
const SEQUENCE_TYPES: readonly string[] = [SUITE_WORKFLOW_TYPE, CAPACITY_WORKFLOW_TYPE];

const STATES: Readonly<Record<string, BenchmarkState>> = {
  RUNNING: 'running',
  PAUSED: 'paused',
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed-out',
};
/** temporal.api.enums.v1.PendingActivityState */
const PENDING_STATE_STARTED = 2;

export function stateOf(
  info: WorkflowExecutionInfo | WorkflowExecutionDescription,
): BenchmarkState {
  return STATES[info.status.name] ?? 'unknown';
}

export function listItemOf(
  info: WorkflowExecutionInfo | WorkflowExecutionDescription,
): BenchmarkListItem {
  const verdict = keyword(info, 'BenchmarkVerdict');
  return {
    kind: SEQUENCE_TYPES.includes(info.type) ? 'suite' : 'benchmark',
    benchmarkId: info.workflowId,
    runId: info.runId,
    state: stateOf(info),
    startedAtUtc: info.startTime.toISOString(),
    closedAtUtc: info.closeTime?.toISOString() ?? null,
    scenario: keyword(info, 'BenchmarkScenario'),
    target: keyword(info, 'BenchmarkTarget'),
    verdict: OUTCOME_VERDICTS.find((known): known is OutcomeVerdict => known === verdict) ?? null,
  };
}

export function memoText(info: WorkflowExecutionDescription, key: string): string | null {
  const value = info.memo?.[key];
  return typeof value === 'string' ? value : null;
}

/** The last heartbeat of the run under way. */
export function liveRunOf(description: WorkflowExecutionDescription): RunProgress | null {
  for (const activity of description.raw.pendingActivities ?? []) {
    const payload = activity.heartbeatDetails?.payloads?.[0];
    if (payload === undefined) continue;
    try {
      // Only measureRun beats, and this is what it says.
      return defaultPayloadConverter.fromPayload<RunProgress>(payload);
    } catch {
      return null;
    }
  }
  return null;
}

export function pendingStepOf(description: WorkflowExecutionDescription): PendingStep | null {
  const activity = description.raw.pendingActivities?.[0];
  return activity === undefined ? null : stepOf(activity);
}

function stepOf(activity: PendingActivity): PendingStep {
  const next = activity.scheduledTime;
  const running = PENDING_STATE_STARTED === (activity.state as number | null | undefined);
  return {
    activityType: activity.activityType?.name ?? '',
    attempt: activity.attempt ?? 1,
    running,
    lastFailure: failureText(activity),
    nextAttemptAtUtc:
      running || next === null || next === undefined
        ? null
        : new Date(Number(next.seconds ?? 0) * 1000).toISOString(),
  };
}

function failureText(activity: PendingActivity): string | null {
  const failure = activity.lastFailure;
  if (failure === null || failure === undefined) return null;
  return failure.cause?.message ?? failure.message ?? null;
}

function keyword(
  info: WorkflowExecutionInfo | WorkflowExecutionDescription,
  name: SearchAttributeName,
): string | null {
  const key = defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);
  return info.typedSearchAttributes.get(key) ?? null;
}
