// The worker's composition root: connection, activities with all they need, and the queues that it serves.

import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type WorkerOptions,
} from '@temporalio/worker';
import { createActivities } from '../activities/create-activities.ts';
import { createSuiteActivities } from '../activities/suite/create-suite-activities.ts';
import { hostPresenceQueue, hostTaskQueue, MAIN_TASK_QUEUE } from '../contract/ids.ts';
import { hostName } from '../runtime/host-name.ts';
import {
  configuredTemporal,
  connectToTemporal,
  embeddedTemporal,
  unreachable,
  type TemporalConnection,
  type TemporalSettings,
} from '../temporal/connection.ts';
import { ensureEmbeddedServer } from '../temporal/embedded-server.ts';
import { signOfLife } from './sign-of-life.ts';
import { workerDependencies } from './worker-dependencies.ts';
import type { HealthBoard } from './worker-health.ts';
import type { WorkerProcessOptions } from './worker-protocol.ts';

export interface RunWorkerOptions extends WorkerProcessOptions {
  /** Aborts: take no new work; a run under way may finish within the grace. */
  readonly drain: AbortSignal;
  /** Aborts: stop the run under way; it will be measured again. */
  readonly stopNow: AbortSignal;
  /** Told what it is doing. */
  readonly health: HealthBoard;
  readonly onReady: () => void;
  readonly log: (line: string) => void;
}

/** Longer than any run we promise to wait for is not worth it: a run that is cut is measured again. */
const SHUTDOWN_GRACE_MS = 60_000;
/** Histories of finished benchmarks must not pile up in memory. */
const MAX_CACHED_WORKFLOWS = 50;
/** Of the server, when somebody asks whether this worker is ready. */
const LOOK_TIMEOUT_MS = 2_000;
const CONNECT_PAUSE_MS = { first: 500, longest: 10_000 } as const;

/** Serves its queues until drained; waits with backoff for a server that is not there yet. */
export async function runWorker(options: RunWorkerOptions): Promise<void> {
  // Our signals are handled by the process's entry: the SDK must not also act on them.
  Runtime.install({ logger: new DefaultLogger(logLevel()), shutdownSignals: [] });
  const server = options.embedded
    ? await ensureEmbeddedServer(options.stateDirectory, {
        signal: options.drain,
        log: options.log,
      })
    : null;
  try {
    const settings = server === null ? configuredTemporal() : embeddedTemporal(server.address);
    await serve(options, settings ?? embeddedTemporal('127.0.0.1:7233'));
  } finally {
    await server?.close();
  }
}

function logLevel(): 'DEBUG' | 'WARN' | 'ERROR' {
  const wanted = process.env['LOOMBENCH_LOG'];
  if (wanted === 'debug') return 'DEBUG';
  return wanted === undefined || wanted === '' ? 'ERROR' : 'WARN';
}

async function serve(options: RunWorkerOptions, settings: TemporalSettings): Promise<void> {
  const client = await patiently(options, () => connectToTemporal(settings));
  try {
    const native = await patiently(options, () => connectNatively(settings));
    try {
      await serveQueues(options, { client, native });
    } finally {
      await native.close();
    }
  } finally {
    await client.close();
  }
}

interface Connections {
  readonly client: TemporalConnection;
  readonly native: NativeConnection;
}

async function serveQueues(options: RunWorkerOptions, connections: Connections): Promise<void> {
  const { client, native } = connections;
  const host = hostName();
  const identity = `${host}/${process.pid}`;
  const dependencies = workerDependencies({
    stateDirectory: options.stateDirectory,
    host,
    connection: client,
    shutdown: options.stopNow,
    embedded: options.embedded,
  });
  const activities = {
    ...createActivities(dependencies),
    ...createSuiteActivities(dependencies),
  };
  const shared = {
    connection: native,
    namespace: client.namespace,
    identity,
    activities,
    shutdownGraceTime: SHUTDOWN_GRACE_MS,
    // Progress and cancellation are at most a second old, not 0.8 × the heartbeat timeout.
    maxHeartbeatThrottleInterval: '1s',
    interceptors: { activity: [signOfLife] },
  } satisfies Partial<WorkerOptions>;
  const main = await Worker.create({
    ...shared,
    ...workflowCode(),
    taskQueue: MAIN_TASK_QUEUE,
    maxCachedWorkflows: MAX_CACHED_WORKFLOWS,
  });
  // One slot: a zombie attempt keeps it, so its successor cannot load the target beside it.
  const measuring = await Worker.create({
    ...shared,
    taskQueue: hostTaskQueue(host),
    maxConcurrentActivityTaskExecutions: 1,
  });
  // Answers also while that slot is taken.
  const presence = await Worker.create({ ...shared, taskQueue: hostPresenceQueue(host) });
  const workers = [main, measuring, presence];
  const drain = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  options.drain.addEventListener('abort', drain, { once: true });
  // A worker with one queue would look well and never finish anything: when one ends, the others do too, and whoever
  // supervises this process starts it anew. The connection may be closed only after all.
  const running = workers.map((worker) => worker.run().finally(drain));
  if (!options.drain.aborted) {
    const ask = (): Promise<unknown> => native.workflowService.getSystemInfo({});
    options.health.polls(() => native.withDeadline(Date.now() + LOOK_TIMEOUT_MS, ask));
  }
  options.onReady();
  if (options.drain.aborted) drain();
  const failed = (await Promise.allSettled(running)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/** Prebuilt when compiled; bundled at start when the sources run. */
function workflowCode(): { workflowBundle: { codePath: string } } | { workflowsPath: string } {
  const bundle = fileURLToPath(new URL('../workflow-bundle.cjs', import.meta.url));
  if (existsSync(bundle)) return { workflowBundle: { codePath: bundle } };
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return {
    workflowsPath: fileURLToPath(new URL(`../workflows/index.${extension}`, import.meta.url)),
  };
}

async function connectNatively(settings: TemporalSettings): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect({ ...settings.options, address: settings.address });
  } catch (error) {
    throw unreachable(settings, error);
  }
}

/** A worker that was started before its server waits for it, and says so once. */
async function patiently<T>(options: RunWorkerOptions, connect: () => Promise<T>): Promise<T> {
  let pauseMs: number = CONNECT_PAUSE_MS.first;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connect();
    } catch (error) {
      if (options.drain.aborted) throw error;
      options.health.rests(`${messageOf(error)} It tries again.`);
      if (attempt === 1) options.log(`${messageOf(error)} The worker keeps trying.`);
    }
    await delay(pauseMs, undefined, { signal: options.drain }).catch(() => undefined);
    pauseMs = Math.min(pauseMs * 2, CONNECT_PAUSE_MS.longest);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
