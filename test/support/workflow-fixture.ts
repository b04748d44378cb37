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
import { scratchState, useTemporalCli, type ScratchState } from './temporal-fixture.ts';

type Overrides = Partial<ActivityDependencies>;

export interface WorkflowFixture {
  /** The state directory. */
  readonly directory: string;
  readonly connection: TemporalConnection;
  /** One more worker, with the same runs and artifacts. `end` is as good as a kill: a run under way ends without a result. */
  startWorker(host: string): Promise<{ end(): Promise<void> }>;
  /** Fails when a process is left behind. */
  stop(): Promise<void>;
}

export async function startWorkflowFixture(
  runs: FakeWorkerOptions['runs'],
  overrides: Overrides = {},
  change: FakeWorkerOptions['change'] = () => ({}),
): Promise<WorkflowFixture> {
  await useTemporalCli();
  const state = scratchState();
  const server = await ensureEmbeddedServer(state.directory);
  const end = (): Promise<void> => server.close();
  return fixtureOn({
    state,
    runs,
    address: server.address,
    overrides,
    change,
    hasWorker: true,
    end,
  });
}

/** The same with a bare server that ends at once, for tests that need nothing of the embedded one. */
export async function startBareFixture(
  runs: FakeWorkerOptions['runs'],
  options: {
    readonly serverFlags?: readonly string[];
    readonly overrides?: Overrides;
    /** False: only those of `startWorker`. */
    readonly hasWorker?: boolean;
  } = {},
): Promise<WorkflowFixture> {
  await useTemporalCli();
  const state = scratchState();
  const cliPath = process.env['LOOMBENCH_TEMPORAL_CLI'] ?? '';
  const server = await DevServer.start(cliPath, state.directory, options.serverFlags);
  const { overrides = {}, hasWorker = true } = options;
  const end = (): Promise<void> => server.kill();
  return fixtureOn({ state, runs, address: server.address, overrides, hasWorker, end });
}

async function fixtureOn(parts: {
  readonly state: ScratchState;
  readonly runs: FakeWorkerOptions['runs'];
  readonly address: string;
  readonly overrides: Overrides;
  readonly change?: FakeWorkerOptions['change'];
  readonly hasWorker: boolean;
  /** Of the server. */
  readonly end: () => Promise<void>;
}): Promise<WorkflowFixture> {
  const { state, runs, address, overrides, change = () => ({}), hasWorker, end } = parts;
  const connection = await connectToTemporal(embeddedTemporal(address));
  const store = new ArtifactStore(join(state.directory, 'artifacts'));
  const leases = targetLeases(connection.client);
  const workers = new Set<{ stop(): Promise<void> }>();
  const startWorker: WorkflowFixture['startWorker'] = async (host) => {
    const options = { address, store, runs, host };
    const worker = await startFakeWorker({
      ...options,
      overrides: { leases, ...overrides },
      change,
    });
    workers.add(worker);
    return {
      end: async () => {
        workers.delete(worker);
        await worker.stop();
      },
    };
  };
  if (hasWorker) await startWorker('test-host');
  return {
    directory: state.directory,
    connection,
    startWorker,
    stop: async () => {
      await Promise.all([...workers].map((worker) => worker.stop()));
      await connection.close();
      await end();
      await state.removeWhenQuiet();
    },
  };
}
