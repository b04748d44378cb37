// A real Temporal server of the test's own, with a connection to it and a worker whose runs are scripted.

import { join } from 'node:path';
import type { ActivityDependencies } from '../../src/activities/dependencies.ts';
import { ArtifactStore } from '../../src/artifacts/artifact-store.ts';
import {
  connectToTemporal,
  embeddedTemporal,
  type TemporalConnection,
} from '../../src/temporal/connection.ts';
import { ensureEmbeddedServer } from '../../src/temporal/embedded-server.ts';
import { targetLeases } from '../../src/temporal/target-leases.ts';
import { DevServer } from './dev-server.ts';
import { startFakeWorker, type FakeWorkerOptions } from './fake-worker.ts';
import { scratchState, useTemporalCli } from './temporal-fixture.ts';

export interface WorkflowFixture {
  /** The state directory. */
  readonly directory: string;
  readonly connection: TemporalConnection;
  /** Fails when a process is left behind. */
  stop(): Promise<void>;
}

export async function startWorkflowFixture(
  runs: FakeWorkerOptions['runs'],
  overrides: Partial<ActivityDependencies> = {},
): Promise<WorkflowFixture> {
  await useTemporalCli();
  const state = scratchState();
  const { directory } = state;
  const server = await ensureEmbeddedServer(directory);
  const { address } = server;
  const connection = await connectToTemporal(embeddedTemporal(address));
  const store = new ArtifactStore(join(directory, 'artifacts'));
  const leases = targetLeases(connection.client);
  const worker = await startFakeWorker({
    address,
    store,
    runs,
    overrides: { leases, ...overrides },
  });
  return {
    directory,
    connection,
    stop: async () => {
      await worker.stop();
      await connection.close();
      await server.close();
      await state.removeWhenQuiet();
    },
  };
}

/** The same with a bare server that ends at once, for tests that need nothing of the embedded one. */
export async function startBareFixture(
  runs: FakeWorkerOptions['runs'],
  options: {
    readonly serverFlags?: readonly string[];
    readonly overrides?: Partial<ActivityDependencies>;
  } = {},
): Promise<WorkflowFixture> {
  await useTemporalCli();
  const state = scratchState();
  const { directory } = state;
  const cliPath = process.env['LOOMBENCH_TEMPORAL_CLI'] ?? '';
  const server = await DevServer.start(cliPath, directory, options.serverFlags);
  const { address } = server;
  const connection = await connectToTemporal(embeddedTemporal(address));
  const store = new ArtifactStore(join(directory, 'artifacts'));
  const { overrides = {} } = options;
  const worker = await startFakeWorker({ address, store, runs, overrides });
  return {
    directory,
    connection,
    stop: async () => {
      await worker.stop();
      await connection.close();
      await server.kill();
      await state.removeWhenQuiet();
    },
  };
}
