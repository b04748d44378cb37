// Where an ended benchmark is put back to: just before the first step that failed was asked for. What had finished after
// that is not lost: its runs are on disk and are found there.

import type { WorkflowHandle } from '@temporalio/client';

export type HistoryEvent = NonNullable<
  Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']
>[number];
/** temporal.api.enums.v1.TimeoutType */
const SCHEDULE_TO_START = 2;

type EventId = NonNullable<HistoryEvent['eventId']>;

/** Event id of the workflow task to decide anew; null when nothing failed and nothing cut the benchmark off. */
export function resetPoint(events: readonly HistoryEvent[]): EventId | null {
  const failures = events.filter((event) => scheduledIdOfFailure(event) !== null);
  // That nobody took a step in time is how a busy or a lost host is noticed: only the last time ended the benchmark.
  const failed = failures.find((event) => !wasNotTaken(event)) ?? failures.at(-1);
  if (failed !== undefined) return taskThatScheduled(events, scheduledIdOfFailure(failed));
  const last = events.at(-1);
  if (last === undefined || !wasCutOff(last)) return null;
  return events.findLast((event) => event.workflowTaskCompletedEventAttributes)?.eventId ?? null;
}

/** Ids of the workflows below it that failed: they are retried by themselves. */
export function failedBelow(events: readonly HistoryEvent[]): string[] {
  const ids = events.flatMap(
    (event) =>
      event.childWorkflowExecutionFailedEventAttributes?.workflowExecution?.workflowId ?? [],
  );
  return [...new Set(ids)];
}

function scheduledIdOfFailure(event: HistoryEvent): EventId | null {
  const ended =
    event.activityTaskFailedEventAttributes ??
    event.activityTaskTimedOutEventAttributes ??
    event.activityTaskCanceledEventAttributes;
  return ended?.scheduledEventId ?? null;
}

function wasNotTaken({ activityTaskTimedOutEventAttributes }: HistoryEvent): boolean {
  const { timeoutType } = activityTaskTimedOutEventAttributes?.failure?.timeoutFailureInfo ?? {};
  return (timeoutType as number | null | undefined) === SCHEDULE_TO_START;
}

function taskThatScheduled(
  events: readonly HistoryEvent[],
  scheduledId: EventId | null,
): EventId | null {
  const scheduled = events.find(({ eventId }) => String(eventId) === String(scheduledId));
  return scheduled?.activityTaskScheduledEventAttributes?.workflowTaskCompletedEventId ?? null;
}

function wasCutOff(last: HistoryEvent): boolean {
  const cut =
    last.workflowExecutionTerminatedEventAttributes ??
    last.workflowExecutionTimedOutEventAttributes ??
    last.workflowExecutionCanceledEventAttributes;
  return cut !== undefined && cut !== null;
}
