// What a command needs to reach a benchmark: a Temporal server (the user's, or the embedded one), a client, and, where
// the command is to move a benchmark on, a worker of its own.

import { setTimeout as sleep } from 'node:timers/promises';
import { createBenchmarkClient, type BenchmarkClient } from '../temporal/benchmark-client.ts';
import { createScheduleClient } from '../temporal/schedule-client.ts';
import { createSuiteClient, type SuiteClient } from '../temporal/suite-client.ts';
import type { ScheduleClient } from '../temporal/schedule-api.ts';
import { connectPatiently } from '../temporal/connect-patiently.ts';
import {
  configuredTemporal,
  embeddedTemporal,
  type TemporalConnection,
} from '../temporal/connection.ts';
import { ensureEmbeddedServer, type EmbeddedServer } from '../temporal/embedded-server.ts';
import { superviseWorker, type SupervisedWorker } from '../worker/supervise-worker.ts';
import type { CliContext } from './context.ts';
import { stateDirectoryOf, usableStateDirectory } from './state-directory.ts';

export interface SessionOptions {
  readonly context: CliContext;
  /** Whether to run a worker for as long as the session lasts. */
  readonly worker: boolean;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

export interface Session {
  readonly client: BenchmarkClient;
  readonly schedules: ScheduleClient;
  readonly suites: SuiteClient;
  readonly address: string;
  readonly namespace: string;
  /** True: the server ends when its last user does, and benchmarks rest until then. */
  readonly embedded: boolean;
  readonly stateDirectory: string;
  /** Rejects when the session's worker cannot start; else never settles. */
  readonly workerFailure: Promise<never>;
  webUiUrl(benchmarkId: string): string | null;
  close(): Promise<void>;
}

/** Two signals that are pending at once count as one. */
const BETWEEN_SIGNALS_MS = 100;

/** Throws BenchmarkError 'temporal-…', or 'run-cancelled' when the signal aborts first. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { env, cwd } = options.context;
  const configured = configuredTemporal(env);
  const writes = configured === null || options.worker;
  const stateDirectory = writes ? await usableStateDirectory(env, cwd) : stateDirectoryOf(env, cwd);
  const server =
    configured === null
      ? await ensureEmbeddedServer(stateDirectory, { signal: options.signal, log: options.log })
      : null;
  try {
    const settings = configured ?? embeddedTemporal(server?.address ?? '');
    const connection = await connectPatiently(settings, options);
    const worker = options.worker
      ? superviseWorker({ stateDirectory, embedded: server !== null }, { log: options.log })
      : null;
    return sessionOf({ options, server, connection, worker, stateDirectory });
  } catch (error) {
    await server?.close();
    throw error;
  }
}

interface SessionParts {
  readonly options: SessionOptions;
  readonly server: EmbeddedServer | null;
  readonly connection: TemporalConnection;
  readonly worker: SupervisedWorker | null;
  readonly stateDirectory: string;
}

function sessionOf({ options, server, connection, worker, stateDirectory }: SessionParts): Session {
  const uiUrl = server?.uiUrl ?? options.context.env['TEMPORAL_UI_URL'] ?? null;
  const workerFailure = new Promise<never>((_, reject) => {
    worker?.ready.catch(reject);
  });
  // It may fail when nobody waits any more.
  workerFailure.catch(() => undefined);
  return {
    client: createBenchmarkClient(connection.client),
    schedules: createScheduleClient(connection.client),
    suites: createSuiteClient(connection.client),
    address: connection.address,
    namespace: connection.namespace,
    embedded: server !== null,
    stateDirectory,
    workerFailure,
    webUiUrl: (benchmarkId) =>
      uiUrl === null || uiUrl === ''
        ? null
        : `${uiUrl.replace(/\/+$/, '')}/namespaces/${encodeURIComponent(connection.namespace)}` +
          `/workflows/${encodeURIComponent(benchmarkId)}`,
    close: async () => {
      if (worker !== null) await stopWorker(worker, options.signal.aborted);
      await connection.close();
      await server?.close();
    },
  };
}

/**
 * The first signal lets a run under way finish, the second ends it: it is then given back to the server and measured
 * again at once by the next worker, instead of after its heartbeat has run out.
 */
async function stopWorker(worker: SupervisedWorker, atOnce: boolean): Promise<void> {
  const pid = worker.pid();
  if (atOnce && pid !== null) {
    signalIfAlive(pid);
    await sleep(BETWEEN_SIGNALS_MS);
  }
  await worker.stop();
}

function signalIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // It has ended between the look and the signal, which is what was wanted.
  }
}
