// A supervised worker for as long as this process lives.

import { hostName } from '../runtime/host-name.ts';
import { HttpEndpoint } from '../runtime/http-endpoint.ts';
import { configuredTemporal } from '../temporal/connection.ts';
import { superviseWorker, type SupervisedWorker } from '../worker/supervise-worker.ts';
import type { CliContext } from './context.ts';
import { stayUntilAborted, watchInterruption } from './interruption.ts';
import { packageVersion } from '../runtime/package-version.ts';
import { usableStateDirectory } from './state-directory.ts';

/** A run under way may finish within this time; docker-compose.yml waits longer. */
const STOP_GRACE_MS = 75_000;

export interface WorkerService {
  readonly log: (line: string) => void;
  /** Null: nobody can ask how it is. */
  readonly healthAt: { readonly host: string; readonly port: number } | null;
}

export async function serveAsWorker(
  context: CliContext,
  { log, healthAt }: WorkerService,
): Promise<void> {
  const host = hostName(context.env);
  const interruption = watchInterruption();
  const configured = configuredTemporal(context.env);
  const stateDirectory = await usableStateDirectory(context.env, context.cwd);
  const worker = superviseWorker({ stateDirectory, embedded: configured === null }, { log });
  const endpoint = healthEndpoint(worker, host);
  try {
    // Before the worker is ready: that it is not, and why, is what is asked for.
    if (healthAt !== null) {
      const url = await endpoint.listen(healthAt.host, healthAt.port);
      log(`Health: ${url}/health and ${url}/ready`);
    }
    const stopped = stayUntilAborted(interruption.signal);
    await Promise.race([worker.ready, stopped]);
    if (!interruption.signal.aborted) {
      log(
        `Worker of ${host} is up; Temporal: ${configured?.address ?? 'the embedded server'}. Ctrl-C ends it.`,
      );
    }
    await stopped;
    log('Stopping: a run under way may finish; Ctrl-C again ends at once.');
  } finally {
    await worker.stop(STOP_GRACE_MS);
    await endpoint.stop();
    interruption.dispose();
  }
}

/** In this process and not in the worker's, which answers late or never when something is wrong with it. */
function healthEndpoint(worker: SupervisedWorker, host: string): HttpEndpoint {
  return new HttpEndpoint(
    {
      '/health': {
        method: 'GET',
        answer: () => ({ status: 200, body: { status: 'ok', host, version: packageVersion() } }),
      },
      '/ready': {
        method: 'GET',
        answer: async () => {
          const health = await worker.health();
          return health.ready
            ? { status: 200, body: { status: 'ready', host } }
            : { status: 503, body: { status: 'not-ready', host, reason: health.reason } };
        },
      },
    },
    { name: 'health endpoint', failureCode: 'config-invalid' },
  );
}
