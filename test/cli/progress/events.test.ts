import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eventsBetween } from '../../../src/cli/progress/events.ts';
import { liveAnswer, liveState, progress, runSummary } from '../../support/live-states.ts';

const answered = (changes: Parameters<typeof liveAnswer>[0]) =>
  liveState({ answer: liveAnswer(changes) });

it('says nothing when nothing changed', () => {
  assert.deepEqual(eventsBetween(liveState(), liveState({ watchedMs: 13_000 })), []);
});

it('tells at the first look all that is finished and what is under way', () => {
  const first = answered({ progress: progress({ finished: [runSummary(1)] }) });
  assert.deepEqual(eventsBetween(null, first), [
    'run 1 of 5: 780 rps, p50 12.51 ms, p99 15.02 ms, 1,000 calls, 0 errors',
    'run 2 of 5 started',
  ]);
});

it('tells the end of a run before the start of the next', () => {
  const before = answered({ progress: progress() });
  const after = answered({
    progress: progress({
      stage: { kind: 'running', phase: 'measured', index: 3, of: 5 },
      finished: [runSummary(2)],
    }),
  });
  const events = eventsBetween(before, after);
  assert.equal(events.length, 2);
  assert.match(events[0] ?? '', /^run 2 of 5: /);
  assert.equal(events[1], 'run 3 of 5 started');
});

it('tells a wait for a host, what was discarded with it, and each run that is then measured anew', () => {
  const until = '2026-01-02T03:14:05.000Z';
  const stage = { kind: 'waiting-for-host', host: 'a', untilUtc: until, then: 'rehome' } as const;
  const before = answered({ progress: progress({ finished: [runSummary(1), runSummary(2)] }) });
  const waiting = answered({
    progress: progress({ stage, finished: [runSummary(1), runSummary(2)] }),
  });
  assert.deepEqual(eventsBetween(before, waiting), [
    `waiting for host a, whose worker does not answer, until ${until}, then another host measures from the start`,
  ]);
  const series = {
    series: 1,
    host: 'a',
    discardedAtUtc: until,
    reason: 'its worker does not answer',
    counts: { warmup: 1, measured: 2 },
    failed: 0,
    runs: [],
  };
  const moved = answered({
    progress: progress({ finished: [runSummary(1)], discarded: [series] }),
  });
  const [discarded, again, ...others] = eventsBetween(waiting, moved);
  assert.equal(
    discarded,
    'discarded: series 1 on a, 1 warm-up run, 2 measured runs, because its worker does not answer',
  );
  assert.match(again ?? '', /^run 1 of 5: /);
  assert.deepEqual(others, ['run 2 of 5 started']);
});

it('names what makes a finished run doubtful', () => {
  const after = answered({
    progress: progress({
      finished: [
        runSummary(2, {
          verdict: 'WARN',
          attempt: { attempt: 2, lostMs: 900, reason: null },
          calls: { issued: 10, ok: 6, degraded: 1, errors: 2, incomplete: 1 },
        }),
      ],
    }),
  });
  assert.match(
    eventsBetween(answered({}), after)[0] ?? '',
    /2 errors, 1 degraded, 1 incomplete, WARN, attempt 2$/,
  );
});

it('tells a failed run with its code and message', () => {
  const failed = {
    key: runSummary(2).key,
    code: 'target-died',
    message: 'The target ended.',
    attempts: 3,
  };
  assert.deepEqual(
    eventsBetween(answered({}), answered({ progress: progress({ failed: [failed] }) })),
    ['run 2 of 5 failed after 3 attempts (target-died): The target ended.'],
  );
});

it('tells a repeated attempt once, with the reason', () => {
  const pending = {
    activityType: 'measureRun',
    attempt: 2,
    running: true,
    lastFailure: 'heartbeat timeout',
    nextAttemptAtUtc: null,
  };
  const retried = answered({ pending });
  assert.deepEqual(eventsBetween(answered({}), retried), [
    'run 2 of 5 is tried again, attempt 2: heartbeat timeout',
  ]);
  assert.deepEqual(eventsBetween(retried, retried), []);
});

it('says once that the server is away and once that it is back', () => {
  const away = liveState({ inContact: false });
  assert.match(eventsBetween(liveState(), away).join('\n'), /does not answer/);
  assert.deepEqual(eventsBetween(away, away), []);
  assert.match(eventsBetween(away, liveState()).join('\n'), /answers again/);
});

it('tells a pause between runs and how to end it', () => {
  const paused = answered({ progress: progress({ stage: { kind: 'paused' } }) });
  assert.deepEqual(eventsBetween(answered({}), paused), ['paused; go on: loombench resume b-1']);
  assert.deepEqual(eventsBetween(paused, answered({})), ['goes on', 'run 2 of 5 started']);
});
