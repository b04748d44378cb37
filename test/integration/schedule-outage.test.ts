// A schedule whose Temporal server is killed between two firings and comes back: it goes on by itself, one benchmark at a
// time, without making up for every second that was missed.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ArtifactStore } from '../../src/artifacts/artifact-store.ts';
import { scheduleText } from '../../src/cli/schedule/schedule-text.ts';
import { BENCHMARK_WORKFLOW_TYPE } from '../../src/contract/ids.ts';
import {
  connectToTemporal,
  embeddedTemporal,
  type TemporalConnection,
} from '../../src/temporal/connection.ts';
import type {
  NewSchedule,
  ScheduleListItem,
  SchedulePolicies,
} from '../../src/temporal/schedule-api.ts';
import { createScheduleClient } from '../../src/temporal/schedule-client.ts';
import { temporalCliPath, temporaryDirectory } from '../support/cli-process.ts';
import { DevServer } from '../support/dev-server.ts';
import { ScriptedRuns, startFakeWorker } from '../support/fake-worker.ts';
import { aMeasurement } from '../support/stored-run.ts';
import { waitFor } from '../support/wait-for.ts';

const onLinux = { skip: process.platform !== 'linux' && 'looks into /proc' };

/** Temporal's own floor. */
const LEAST_CATCH_UP_MS = 10_000;

function schedule(
  name: string,
  policies: Pick<SchedulePolicies, 'overlap' | 'catchUpMs'>,
): NewSchedule {
  return {
    name,
    timing: {
      firing: { kind: 'every', everyMs: 1_000, offsetMs: 0 },
      timeZone: 'UTC',
      jitterMs: 0,
    },
    policies: { ...policies, pauseOnFailure: true },
    work: {
      workflowType: BENCHMARK_WORKFLOW_TYPE,
      raw: { runs: 1, warmupRuns: 0, totalRequests: 10 },
      summary: '',
      details: '',
      configHash: 'abc',
      executionTimeoutMs: 3_600_000,
    },
    paused: false,
    note: '',
  };
}

describe('a schedule over an outage of its server', onLinux, () => {
  let server: DevServer;
  let connection: TemporalConnection;
  let worker: { stop(): Promise<void> };
  let remove: () => Promise<void>;
  let underWay = 0;
  let mostAtOnce = 0;
  const runs = new ScriptedRuns(async ({ signal }) => {
    underWay += 1;
    mostAtOnce = Math.max(mostAtOnce, underWay);
    // As long as two firings are apart.
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 2_000);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    underWay -= 1;
    return aMeasurement();
  });

  before(async () => {
    const scratch = await temporaryDirectory();
    ({ remove } = scratch);
    server = await DevServer.start(await temporalCliPath(), scratch.directory);
    const { address } = server;
    connection = await connectToTemporal(embeddedTemporal(address));
    const store = new ArtifactStore(join(scratch.directory, 'artifacts'));
    worker = await startFakeWorker({ address, store, runs });
  });
  after(async () => {
    await worker.stop();
    await connection.close();
    await server.kill();
    await remove();
  });

  it('goes on after the server was killed and started again, one benchmark at a time and with no pile of missed firings', async () => {
    const schedules = createScheduleClient(connection.client);
    await schedules.create(schedule('often', { overlap: 'buffer-one', catchUpMs: 600_000 }));
    await waitFor('a run is under way', () => underWay === 1);
    const before = await schedules.describe('often');
    await server.kill();
    await server.start();
    const after = await waitFor(
      'benchmarks were begun after the outage, and firings skipped',
      async () => {
        const now = await schedules.describe('often').catch(() => null);
        if (now === null) return null;
        const isOn = now.takenCount >= before.takenCount + 2;
        return isOn && now.skippedByOverlap > before.skippedByOverlap ? now : null;
      },
    );
    await schedules.pause('often', 'enough');
    assert.equal(mostAtOnce, 1);
    assert.ok(after.running.length <= 1);
    assert.ok(after.waiting <= 1, `${after.waiting} wait`);
    assert.equal(after.paused, false);
  });

  it('shows the firings of an outage longer than its catch-up window as missed, says why, and makes up for none of them', async () => {
    const schedules = createScheduleClient(connection.client);
    await schedules.create(schedule('short', { overlap: 'skip', catchUpMs: LEAST_CATCH_UP_MS }));
    const listed = async (): Promise<ScheduleListItem | undefined> =>
      (await schedules.list()).find(({ name }) => name === 'short');
    await waitFor('it fires, and is listed', async () => {
      const isFiring = (await schedules.describe('short')).takenCount > 0;
      return isFiring && (await listed())?.missedByCatchUp === 0;
    });
    const killedAt = Date.now();
    await server.kill();
    const outageMs = LEAST_CATCH_UP_MS + 2_500;
    await waitFor('the window is over', () => Date.now() > killedAt + outageMs, 2 * outageMs);
    await server.start();
    const after = await waitFor('firings were missed', async () => {
      const now = await schedules.describe('short').catch(() => null);
      return now !== null && now.missedByCatchUp > 0 ? now : null;
    });
    // One each second, of which those within the window are made up for.
    const most = 1 + (Date.now() - killedAt - LEAST_CATCH_UP_MS) / 1_000;
    assert.ok(after.missedByCatchUp <= most, `${after.missedByCatchUp} of ${most}`);
    assert.match(
      scheduleText(after),
      /^missed +\d+: the Temporal server was away for longer than the catch-up window of 10s$/m,
    );
    await waitFor('the list counts them, too', async () => {
      return ((await listed())?.missedByCatchUp ?? 0) > 0;
    });
    await schedules.delete('short');
  });
});
