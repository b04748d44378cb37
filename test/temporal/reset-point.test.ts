// Where an ended benchmark is put back to: what a busy or lost host was noticed by is no failure of a step.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resetPoint, type HistoryEvent } from '../../src/temporal/reset-point.ts';

/** temporal.api.enums.v1.TimeoutType */
const TIMEOUTS = { startToClose: 1, scheduleToStart: 2 };

function decided(eventId: number): HistoryEvent {
  return { eventId, workflowTaskCompletedEventAttributes: {} } as unknown as HistoryEvent;
}

function scheduled(eventId: number, workflowTaskCompletedEventId: number): HistoryEvent {
  const attributes = { workflowTaskCompletedEventId };
  return { eventId, activityTaskScheduledEventAttributes: attributes } as unknown as HistoryEvent;
}

function timedOut(
  eventId: number,
  scheduledEventId: number,
  timeout: keyof typeof TIMEOUTS,
): HistoryEvent {
  const failure = { timeoutFailureInfo: { timeoutType: TIMEOUTS[timeout] } };
  const attributes = { scheduledEventId, failure };
  return { eventId, activityTaskTimedOutEventAttributes: attributes } as unknown as HistoryEvent;
}

function failed(eventId: number, scheduledEventId: number): HistoryEvent {
  const attributes = { scheduledEventId };
  return { eventId, activityTaskFailedEventAttributes: attributes } as unknown as HistoryEvent;
}

describe('the point that an ended benchmark is put back to', () => {
  it('is before the first step that failed, whatever was not taken in time before', () => {
    const busy = [decided(1), scheduled(2, 1), timedOut(3, 2, 'scheduleToStart')];
    const again = [decided(4), scheduled(5, 4), failed(6, 5), decided(7), scheduled(8, 7)];
    assert.equal(resetPoint([...busy, ...again, failed(9, 8)]), 4);
    assert.equal(
      resetPoint([...busy, decided(4), scheduled(5, 4), timedOut(6, 5, 'startToClose')]),
      4,
    );
  });

  it('is before the last step that nobody took when nothing else failed: the wait for a host', () => {
    const run = [decided(1), scheduled(2, 1), timedOut(3, 2, 'scheduleToStart')];
    const wait = [decided(4), scheduled(5, 4), timedOut(6, 5, 'scheduleToStart'), decided(7)];
    assert.equal(resetPoint([...run, ...wait]), 4);
  });

  it('is nowhere where nothing failed', () => {
    assert.equal(resetPoint([decided(1), scheduled(2, 1), decided(3)]), null);
  });
});
