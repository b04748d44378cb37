import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { scheduleText } from '../../src/cli/schedule/schedule-text.ts';
import { BENCHMARK_WORKFLOW_TYPE, SUITE_WORKFLOW_TYPE } from '../../src/contract/ids.ts';
import { BenchmarkError } from '../../src/contract/failure.ts';
import { createBenchmarkClient } from '../../src/temporal/benchmark-client.ts';
import type { NewSchedule, ScheduleClient } from '../../src/temporal/schedule-api.ts';
import { createScheduleClient } from '../../src/temporal/schedule-client.ts';
import { runCli } from '../support/cli-process.ts';
import { ScriptedRuns } from '../support/fake-worker.ts';
import { aMeasurement } from '../support/stored-run.ts';
import { waitFor } from '../support/wait-for.ts';
import { startWorkflowFixture, type WorkflowFixture } from '../support/workflow-fixture.ts';

const onLinux = { skip: process.platform !== 'linux' && 'looks into /proc' };
const HOUR_MS = 3_600_000;
const SUITE = {
  ownScenarios: [
    {
      id: 'own',
      factor: 'workers',
      settings: { totalRequests: 10, perRunWarmup: '0s' },
      levels: [{ name: 'w1', value: 1, settings: { concurrency: 1 } }],
    },
  ],
  runs: 1,
  warmupRuns: 0,
};

function schedule(name: string, everyMs: number, raw: unknown): NewSchedule {
  return {
    name,
    timing: { firing: { kind: 'every', everyMs, offsetMs: 0 }, timeZone: 'UTC', jitterMs: 0 },
    policies: { overlap: 'buffer-one', catchUpMs: 600_000, pauseOnFailure: true },
    work: {
      workflowType: BENCHMARK_WORKFLOW_TYPE,
      raw,
      summary: 'one run',
      details: '',
      configHash: 'abc',
      executionTimeoutMs: HOUR_MS,
    },
    paused: false,
    note: '',
  };
}

describe('benchmarks on a Temporal Schedule, on a real server', onLinux, () => {
  // Runs go on until the test has seen enough.
  let release: () => void = () => undefined;
  let released = Promise.resolve();
  const hold = (): void => {
    released = new Promise((resolve) => (release = resolve));
  };
  const runs = new ScriptedRuns(async () => {
    await released;
    return aMeasurement();
  });
  let fixture: WorkflowFixture;
  let schedules: ScheduleClient;

  before(async () => {
    fixture = await startWorkflowFixture(runs);
    schedules = createScheduleClient(fixture.connection.client);
  });
  after(() => fixture.stop());

  it('lets exactly one firing wait while a benchmark runs, and counts the others as skipped', async () => {
    hold();
    await schedules.create(schedule('often', 1_000, { runs: 1, warmupRuns: 0, totalRequests: 10 }));
    const held = await waitFor('firings were skipped', async () => {
      const described = await schedules.describe('often');
      const begun = runs.begun.length > 0;
      return begun && described.skippedByOverlap >= 2 ? described : undefined;
    });
    assert.equal(held.running.length, 1);
    assert.equal(held.waiting, 1);
    assert.equal(held.takenCount, 1);
    assert.equal(held.missedByCatchUp, 0);
    assert.match(held.running[0] ?? '', /^often-\d{4}-\d\d-\d\dT/);
    assert.equal(runs.begun.length, 1);
  });

  it('takes the firing that waited when the benchmark before it has ended, never earlier', async () => {
    release();
    const seen = await waitFor('three benchmarks of the schedule have ended', async () => {
      const { taken } = await schedules.describe('often');
      const ended = taken.filter((firing) => firing.benchmark?.state === 'completed');
      return ended.length >= 3 ? ended : undefined;
    });
    await schedules.pause('often', 'enough');
    const inOrder = seen.map(({ benchmark }) => benchmark).reverse();
    for (const [position, benchmark] of inOrder.slice(1).entries()) {
      const before = Date.parse(inOrder[position]?.closedAtUtc ?? '');
      const began = Date.parse(benchmark?.startedAtUtc ?? '');
      assert(began >= before, `${began} is before ${before}`);
    }
    const paused = await schedules.describe('often');
    assert.equal(paused.paused, true);
    assert.equal(paused.note, 'enough');
    // The server's own list may still say otherwise for a while.
    const listed = (await schedules.list()).find(({ name }) => name === 'often');
    assert.deepEqual([listed?.paused, listed?.note], [true, 'enough']);
    assert.ok((listed?.skippedByOverlap ?? 0) >= 2);
  });

  it('shows the firings that came during a suite longer than its interval as skipped, and bounds the suite', async () => {
    hold();
    const weekly = schedule('weekly', 1_000, SUITE);
    await schedules.create({
      ...weekly,
      work: { ...weekly.work, workflowType: SUITE_WORKFLOW_TYPE },
    });
    await schedules.trigger('weekly');
    const held = await waitFor('firings were skipped', async () => {
      const described = await schedules.describe('weekly');
      return described.skippedByOverlap >= 2 ? described : undefined;
    });
    assert.deepEqual([held.takenCount, held.running.length, held.waiting], [1, 1, 1]);
    assert.match(
      scheduleText(held),
      /^skipped +\d+: the benchmark of an earlier firing still ran and another one already waited/m,
    );
    const [suiteId = ''] = held.running;
    const { raw } = await fixture.connection.client.workflow.getHandle(suiteId).describe();
    assert.ok(Number(raw.executionConfig?.workflowExecutionTimeout?.seconds) > 0);
    await schedules.pause('weekly', 'enough');
    release();
    const first = await waitFor('the suite has ended', async () => {
      const { taken } = await schedules.describe('weekly');
      return taken.find(({ benchmark }) => benchmark?.state === 'completed');
    });
    assert.equal(first.benchmarkId, suiteId);
  });

  it('takes a suite, and firings of a past time, from the command line, one after the other', async () => {
    const { connection, directory } = fixture;
    const ours = async (...args: string[]): Promise<void> => {
      const env = { TEMPORAL_ADDRESS: connection.address };
      const { exitCode, stderr } = await runCli(['schedule', ...args], {
        cwd: directory,
        env,
      });
      assert.equal(exitCode, 0, stderr);
    };
    writeFileSync(join(directory, 'own.json'), JSON.stringify(SUITE.ownScenarios[0]));
    await ours(
      ...['create', 'suites', '--every', '24h', '--time-zone', 'UTC', '--paused', 'suite'],
      ...['--scenario-file', 'own.json', '--runs', '1', '--warmup-runs', '0'],
    );
    const span = ['--from', '2026-03-01T12:00:00Z', '--to', '2026-03-03T12:00:00Z'];
    await ours('backfill', 'suites', ...span);
    const [second, first] = await waitFor('both days are made up for', async () => {
      const { taken } = await schedules.describe('suites');
      const ended = taken.filter(({ benchmark }) => benchmark?.state === 'completed');
      return ended.length === 2 ? ended : undefined;
    });
    assert.equal(first?.benchmarkId, 'suites-2026-03-02T00:00:00Z');
    assert.equal(second?.benchmarkId, 'suites-2026-03-03T00:00:00Z');
    const began = second.startedAtUtc;
    const closed = first.benchmark?.closedAtUtc ?? '';
    assert(Date.parse(began) >= Date.parse(closed), `${began} is before ${closed}`);
    const text = scheduleText(await schedules.describe('suites'));
    assert.match(text, /^starts +benchmarkSuite /m);
    assert.match(text, /suites-2026-03-02T00:00:00Z +completed/);
  });

  it('keeps what an update does not name', async () => {
    await schedules.create(schedule('changing', HOUR_MS, { runs: 1 }));
    await schedules.update('changing', { policies: { overlap: 'skip' } });
    const first = await schedules.describe('changing');
    assert.equal(first.overlap, 'skip');
    assert.equal(first.timing, 'every 1h');
    assert.equal(first.pauseOnFailure, true);
    assert.deepEqual(first.input, { runs: 1 });
    await schedules.update('changing', {
      timing: {
        firing: { kind: 'cron', expressions: ['30 2 * * 1-5'] },
        timeZone: 'Europe/Berlin',
        jitterMs: 0,
      },
    });
    const second = await schedules.describe('changing');
    assert.equal(second.timing, 'at 02:30:00 on monday-friday');
    assert.equal(second.timeZone, 'Europe/Berlin');
    assert.equal(second.overlap, 'skip');
    // 02:30 in Berlin is 01:30 or 00:30 in UTC.
    assert.match(second.nextAtUtc ?? '', /T0[01]:30:00/);
    await schedules.update('changing', { timing: { jitterMs: 60_000 } });
    const times = [{ days: [], hour: 3, minute: 15 }];
    await schedules.update('changing', { timing: { firing: { kind: 'at', times } } });
    const third = await schedules.describe('changing');
    assert.deepEqual(
      [third.timing, third.timeZone, third.jitterMs],
      ['at 03:15:00 daily', 'Europe/Berlin', 60_000],
    );
    await schedules.update('changing', { timing: { timeZone: 'Asia/Tokyo' } });
    const fourth = await schedules.describe('changing');
    assert.deepEqual([fourth.timing, fourth.timeZone], ['at 03:15:00 daily', 'Asia/Tokyo']);
  });

  it('gives an update of the benchmark the input that was set before', async () => {
    await schedules.create(schedule('growing', HOUR_MS, { runs: 4 }));
    await schedules.update('growing', {
      work: (before) => schedule('', 0, [before, 'and more']).work,
    });
    const { input, pauseOnFailure, overlap } = await schedules.describe('growing');
    assert.deepEqual(
      { input, pauseOnFailure, overlap },
      { input: [{ runs: 4 }, 'and more'], pauseOnFailure: true, overlap: 'buffer-one' },
    );
  });

  it('pauses itself when a benchmark fails, and says which one', async () => {
    await schedules.create(schedule('failing', HOUR_MS, { rnus: 1 }));
    await schedules.trigger('failing');
    const described = await waitFor('the schedule is paused', async () => {
      const now = await schedules.describe('failing');
      return now.paused ? now : undefined;
    });
    assert.match(described.note, /failing-/);
    const end = await createBenchmarkClient(fixture.connection.client).result(
      described.taken[0]?.benchmarkId ?? '',
    );
    assert.equal(end.kind, 'failed');
    assert.match(end.message, /rnus/);
  });

  it('tells a name that exists, one that does not, and a time that the server refuses', async () => {
    const codeOf = async (work: Promise<unknown>): Promise<string> =>
      work.then(
        () => 'no error',
        (error: unknown) => (error instanceof BenchmarkError ? error.code : String(error)),
      );
    assert.equal(
      await codeOf(schedules.create(schedule('changing', HOUR_MS, {}))),
      'schedule-exists',
    );
    assert.equal(await codeOf(schedules.describe('nobody')), 'schedule-not-found');
    const refused = {
      ...schedule('refused', HOUR_MS, {}),
      timing: {
        firing: { kind: 'cron', expressions: ['99 99 * * *'] },
        timeZone: 'UTC',
        jitterMs: 0,
      },
    } as const;
    assert.equal(await codeOf(schedules.create(refused)), 'config-invalid');
    await schedules.delete('changing');
    const left = await waitFor('it is no longer listed', async () => {
      const names = (await schedules.list()).map((item) => item.name);
      return names.includes('changing') ? undefined : names;
    });
    assert(left.includes('often'));
  });
});
