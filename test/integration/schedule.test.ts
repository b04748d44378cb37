import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ArtifactStore } from '../../src/artifacts/artifact-store.ts';
import { BENCHMARK_WORKFLOW_TYPE } from '../../src/contract/ids.ts';
import { BenchmarkError } from '../../src/contract/failure.ts';
import { createBenchmarkClient } from '../../src/temporal/benchmark-client.ts';
import {
  connectToTemporal,
  embeddedTemporal,
  type TemporalConnection,
} from '../../src/temporal/connection.ts';
import { ensureEmbeddedServer, type EmbeddedServer } from '../../src/temporal/embedded-server.ts';
import type { NewSchedule, ScheduleClient } from '../../src/temporal/schedule-api.ts';
import { createScheduleClient } from '../../src/temporal/schedule-client.ts';
import { ScriptedRuns, startFakeWorker } from '../support/fake-worker.ts';
import { aMeasurement } from '../support/stored-run.ts';
import { scratchState, useTemporalCli, type ScratchState } from '../support/temporal-fixture.ts';
import { waitFor } from '../support/wait-for.ts';

const onLinux = { skip: process.platform !== 'linux' && 'looks into /proc' };
const HOUR_MS = 3_600_000;

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
  let state: ScratchState;
  let server: EmbeddedServer;
  let connection: TemporalConnection;
  let worker: { stop(): Promise<void> };
  let schedules: ScheduleClient;
  const runs = new ScriptedRuns();
  let running = 0;
  let mostAtOnce = 0;

  before(async () => {
    await useTemporalCli();
    state = scratchState();
    server = await ensureEmbeddedServer(state.directory);
    connection = await connectToTemporal(embeddedTemporal(server.address));
    schedules = createScheduleClient(connection.client);
    const store = new ArtifactStore(join(state.directory, 'artifacts'));
    const executeRun = runs.executeRun;
    // Every run lasts longer than the schedule's interval.
    Object.assign(runs, {
      executeRun: async (...args: Parameters<typeof executeRun>) => {
        running += 1;
        mostAtOnce = Math.max(mostAtOnce, running);
        await new Promise((resolve) => setTimeout(resolve, 3_500));
        running -= 1;
        await executeRun(...args);
        return aMeasurement();
      },
    });
    worker = await startFakeWorker({ address: server.address, store, runs });
  });
  after(async () => {
    await worker.stop();
    await connection.close();
    await server.close();
    await state.removeWhenQuiet();
  });

  it('lets exactly one firing wait while a benchmark runs, counts the others and says so', async () => {
    await schedules.create(schedule('often', 1_000, { runs: 1, warmupRuns: 0, totalRequests: 10 }));
    const seen = await waitFor(
      'two benchmarks of the schedule have ended and firings were skipped',
      async () => {
        const described = await schedules.describe('often');
        const ended = described.taken.filter((firing) => firing.benchmark?.state === 'completed');
        return ended.length >= 2 && described.skippedByOverlap > 0 ? described : undefined;
      },
      40_000,
    );
    await schedules.pause('often', 'enough');
    assert.equal(mostAtOnce, 1);
    assert(seen.running.length <= 1);
    assert(seen.waiting <= 1);
    assert.match(seen.taken[0]?.benchmarkId ?? '', /^often-\d{4}-\d\d-\d\dT/);
    const paused = await schedules.describe('often');
    assert.equal(paused.paused, true);
    assert.equal(paused.note, 'enough');
    assert.equal(paused.missedByCatchUp, 0);
  });

  it('keeps what an update does not name', async () => {
    await schedules.create(schedule('changing', HOUR_MS, { runs: 1 }));
    await schedules.update('changing', { policies: { overlap: 'skip' } });
    const first = await schedules.describe('changing');
    assert.equal(first.overlap, 'SKIP');
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
    assert.equal(second.overlap, 'SKIP');
    // 02:30 in Berlin is 01:30 or 00:30 in UTC.
    assert.match(second.nextAtUtc ?? '', /T0[01]:30:00/);
  });

  it('pauses itself when a benchmark fails, and says which one', async () => {
    await schedules.create(schedule('failing', HOUR_MS, { rnus: 1 }));
    await schedules.trigger('failing');
    const described = await waitFor('the schedule is paused', async () => {
      const now = await schedules.describe('failing');
      return now.paused ? now : undefined;
    });
    assert.match(described.note, /failing-/);
    const end = await createBenchmarkClient(connection.client).result(
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
