import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readTiming, type TimingFlags } from '../../../src/cli/schedule/timing-flags.ts';

function pathsOf(flags: TimingFlags): string[] {
  return readTiming(flags).problems.map((problem) => problem.path);
}

describe('the flags that say when a schedule fires', () => {
  it('reads an interval with days in it, and its offset', () => {
    const { timing, problems } = readTiming({ every: '1d12h', offset: '30m', jitter: '5m' });
    assert.deepEqual(problems, []);
    assert.deepEqual(timing, {
      firing: { kind: 'every', everyMs: 129_600_000, offsetMs: 1_800_000 },
      jitterMs: 300_000,
    });
  });

  it('reads times of day on days of the week, also over the end of the week', () => {
    const { timing, problems } = readTiming({
      at: ['02:30', 'fri-mon 23:05', 'wed,thu 0:00'],
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(timing?.firing, {
      kind: 'at',
      times: [
        { days: [], hour: 2, minute: 30 },
        { days: ['FRIDAY', 'SATURDAY', 'SUNDAY', 'MONDAY'], hour: 23, minute: 5 },
        { days: ['WEDNESDAY', 'THURSDAY'], hour: 0, minute: 0 },
      ],
    });
  });

  it('leaves unsaid what was not said, so that an update changes only what was named', () => {
    assert.deepEqual(readTiming({}), { timing: null, policies: {}, problems: [] });
    const firing = { kind: 'cron', expressions: ['30 2 * * 1-5'] };
    assert.deepEqual(readTiming({ cron: ['30 2 * * 1-5'] }).timing, { firing });
    assert.deepEqual(readTiming({ timeZone: 'Europe/Berlin' }).timing, {
      timeZone: 'Europe/Berlin',
    });
    assert.deepEqual(readTiming({ jitter: '5m' }).timing, { jitterMs: 300_000 });
    assert.deepEqual(readTiming({ overlap: 'skip', pauseOnFailure: false }).policies, {
      overlap: 'skip',
      pauseOnFailure: false,
    });
  });

  it('names every problem at once', () => {
    const flags = {
      every: '5x',
      at: ['25:00'],
      timeZone: 'Mars/Olympus',
      jitter: '-1s',
      overlap: 'allow-all',
      catchUp: '1s',
    };
    const paths = pathsOf(flags);
    for (const path of ['', '--every', '--time-zone', '--jitter', '--overlap', '--catch-up']) {
      assert(paths.includes(path), `${path} is not among ${paths.join()}`);
    }
  });

  for (const at of ['24:00', '12:60', 'noon', 'mo 12:00:00', 'xyz 12:00', 'm 12:00', '12', '']) {
    it(`refuses '${at}' as a time of day`, () => {
      assert.deepEqual(pathsOf({ at: [at] }), ['--at']);
    });
  }

  for (const every of ['0s', '', '5', '-1h', '500ms', '1w']) {
    it(`refuses an interval of '${every}'`, () => {
      assert.deepEqual(pathsOf({ every }), ['--every']);
    });
  }

  for (const cron of ['* * * *', 'hello', '1 2 3 4 5 6 7 8']) {
    it(`refuses '${cron}' as a cron expression`, () => {
      assert.deepEqual(pathsOf({ cron: [cron] }), ['--cron']);
    });
  }

  it('refuses a shift without an interval', () => {
    assert.deepEqual(pathsOf({ cron: ['0 2 * * *'], offset: '5m' }), ['--offset']);
    assert.deepEqual(pathsOf({ offset: '5m' }), ['--offset']);
  });
});
