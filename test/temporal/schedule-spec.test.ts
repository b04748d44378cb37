import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { OVERLAPS } from '../../src/temporal/schedule-api.ts';
import {
  changedSpec,
  overlapPolicy,
  overlapWord,
  spanText,
  specOf,
} from '../../src/temporal/schedule-spec.ts';

describe('a schedule in the words of Temporal', () => {
  it('has its time zone always, and jitter only where some was asked for', () => {
    const firing = { kind: 'every', everyMs: 60_000, offsetMs: 5_000 } as const;
    assert.deepEqual(specOf({ firing, timeZone: 'UTC', jitterMs: 0 }), {
      intervals: [{ every: 60_000, offset: 5_000 }],
      timezone: 'UTC',
    });
    assert.equal(specOf({ firing, timeZone: 'UTC', jitterMs: 9 }).jitter, 9);
  });

  it('names days only where some were named', () => {
    const times = [
      { days: [], hour: 2, minute: 30 },
      { days: ['MONDAY', 'THURSDAY'], hour: 3, minute: 0 },
    ] as const;
    const timing = {
      firing: { kind: 'at', times },
      timeZone: 'Europe/Berlin',
      jitterMs: 0,
    } as const;
    assert.deepEqual(specOf(timing).calendars, [
      { hour: 2, minute: 30 },
      { hour: 3, minute: 0, dayOfWeek: ['MONDAY', 'THURSDAY'] },
    ]);
  });

  it('keeps each of firing, time zone, jitter and last day when another of them is changed', () => {
    const endAt = new Date('2027-01-01T00:00:00Z');
    const before = {
      intervals: [{ every: 60_000, offset: 0 }],
      timezone: 'Europe/Berlin',
      jitter: 9,
      endAt,
    };
    const firing = { kind: 'every', everyMs: 90_000, offsetMs: 0 } as const;
    const intervals = [{ every: 90_000, offset: 0 }];
    assert.deepEqual(changedSpec(before, { firing }), { ...before, intervals });
    assert.deepEqual(changedSpec(before, { timeZone: 'UTC' }), { ...before, timezone: 'UTC' });
    assert.deepEqual(changedSpec(before, { jitterMs: 0 }), { ...before, jitter: 0 });
  });

  it("gives each policy back in our word, and a policy that is not ours in the server's", () => {
    for (const overlap of OVERLAPS) assert.equal(overlapWord(overlapPolicy(overlap)), overlap);
    assert.equal(overlapWord('CANCEL_OTHER'), 'CANCEL_OTHER');
  });
});

describe('a span of time as text', () => {
  for (const [milliseconds, text] of [
    [0, '0ms'],
    [1_500, '1s500ms'],
    [60_000, '1m'],
    [129_600_000, '1d12h'],
  ] as const) {
    it(`writes ${milliseconds} ms as ${text}`, () => assert.equal(spanText(milliseconds), text));
  }

  it('loses nothing', () => {
    const unitMs: Readonly<Record<string, number>> = {
      d: 86_400_000,
      h: 3_600_000,
      m: 60_000,
      s: 1000,
      ms: 1,
    };
    fc.assert(
      fc.property(fc.nat(), (milliseconds) => {
        let total = 0;
        for (const [, count, unit = ''] of spanText(milliseconds).matchAll(/(\d+)(ms|[dhms])/g)) {
          total += Number(count) * (unitMs[unit] ?? Number.NaN);
        }
        assert.equal(total, milliseconds);
      }),
    );
  });
});
