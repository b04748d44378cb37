import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { scheduleListText, scheduleText } from '../../../src/cli/schedule/schedule-text.ts';
import type { ScheduleDescriptionItem } from '../../../src/temporal/schedule-api.ts';

const QUIET: ScheduleDescriptionItem = {
  name: 'nightly',
  workflowType: 'benchmark',
  paused: false,
  note: '',
  nextAtUtc: '2026-03-02T01:30:00.000Z',
  lastAtUtc: '2026-03-01T01:30:00.000Z',
  timing: 'at 02:30:00 daily',
  timeZone: 'Europe/Berlin',
  jitterMs: 0,
  overlap: 'buffer-one',
  catchUpMs: 600_000,
  pauseOnFailure: true,
  input: { runs: 3 },
  nextAtUtcs: ['2026-03-02T01:30:00.000Z', '2026-03-03T01:30:00.000Z'],
  taken: [],
  running: [],
  takenCount: 0,
  skippedByOverlap: 0,
  missedByCatchUp: 0,
  waiting: 0,
};

describe('a schedule as text', () => {
  it('says when it fires, what it starts, and that nothing came yet', () => {
    assert.equal(
      scheduleText(QUIET),
      [
        'schedule   nightly, active',
        'fires      at 02:30:00 daily (Europe/Berlin)',
        'starts     benchmark {"runs":3}',
        'policies   overlap buffer-one, catch-up window 10m, pauses when a benchmark fails',
        'next       2026-03-02T01:30:00.000Z, 2026-03-03T01:30:00.000Z',
        'running    none',
        'taken      0',
        '',
        'No firing was taken yet.',
      ].join('\n'),
    );
  });

  it('says what was skipped and missed, and why', () => {
    const text = scheduleText({ ...QUIET, skippedByOverlap: 3, missedByCatchUp: 2 });
    assert.match(text, /^skipped {4}3: .*still ran and another one already waited/m);
    assert.match(text, /^missed {5}2: .*longer than the catch-up window of 10m/m);
    const skip = scheduleText({ ...QUIET, overlap: 'skip', skippedByOverlap: 1 });
    assert.match(skip, /^skipped {4}1: the benchmark of an earlier firing still ran;/m);
  });

  it('names what runs and how many wait', () => {
    const text = scheduleText({ ...QUIET, running: ['nightly-1'], waiting: 1 });
    assert.match(text, /^running {4}nightly-1; 1 waiting$/m);
  });

  it('promises no firing while it is paused, and says why it is', () => {
    const text = scheduleText({ ...QUIET, paused: true, note: 'nightly-1 failed' });
    assert.match(text, /^schedule {3}nightly, paused: nightly-1 failed$/m);
    assert.match(
      text,
      /^next {7}none while it is paused; otherwise 2026-03-02T01:30:00\.000Z, 2026-03-03T01:30:00\.000Z$/m,
    );
    const ended = { ...QUIET, paused: true, nextAtUtc: null, nextAtUtcs: [] };
    assert.match(scheduleText(ended), /^next {7}none$/m);
  });

  it('keeps a firing whose benchmark the server has forgotten', () => {
    const taken = [
      {
        scheduledAtUtc: '2026-01-01T00:00:00.000Z',
        startedAtUtc: '2026-01-01T00:00:01.000Z',
        benchmarkId: 'nightly-2026-01-01T00:00:00Z',
        benchmark: null,
      },
    ];
    assert.match(scheduleText({ ...QUIET, taken }), /nightly-2026-01-01T00:00:00Z +forgotten/);
  });

  it('tells of none with the command that makes one', () => {
    assert.match(scheduleListText([]), /schedule create/);
    assert.match(scheduleListText([QUIET]), /^nightly +benchmark +active +2026-03-02/m);
  });

  it('shows in the list what a pause keeps from coming, and that it does', () => {
    const paused = { ...QUIET, paused: true, name: 'halted' };
    const both = scheduleListText([QUIET, paused]);
    assert.match(both, /^nightly .* active +2026-03-02T01:30:00\.000Z {2,}/m);
    assert.match(both, /^halted .* paused +\(2026-03-02T01:30:00\.000Z\) {2,}/m);
    assert.match(
      both,
      /^\(…\) does not come while the schedule is paused: .*schedule resume NAME$/m,
    );
    assert.doesNotMatch(scheduleListText([QUIET]), /\(…\)/);
    // Without a next firing there is nothing that the pause keeps from coming.
    const ended = scheduleListText([{ ...paused, nextAtUtc: null }]);
    assert.match(ended, /paused +- +2026-03-01/);
    assert.doesNotMatch(ended, /\(/);
  });

  it('counts in the list what was not taken, for whoever looks there only', () => {
    const counted = scheduleListText([{ ...QUIET, skippedByOverlap: 3, missedByCatchUp: 2 }]);
    assert.match(counted, /skipped +missed$/m);
    assert.match(counted, /2026-03-01T01:30:00\.000Z +3 +2$/m);
    const unknown = { ...QUIET, skippedByOverlap: null, missedByCatchUp: null };
    assert.match(scheduleListText([unknown]), /Z +- +-$/m);
  });
});
