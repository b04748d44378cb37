// A supervised worker for as long as this process lives.

import { configuredTemporal } from '../temporal/connection.ts';
import { hostName } from '../runtime/host-name.ts';
import { superviseWorker } from '../worker/supervise-worker.ts';
import type { CliContext } from './context.ts';
import { stayUntilAborted, watchInterruption } from './interruption.ts';
import { stateDirectoryOf } from './state-directory.ts';

/** A run under way may finish within this time; docker-compose.yml waits longer. */
const STOP_GRACE_MS = 75_000;

export async function serveAsWorker(
  context: CliContext,
  log: (line: string) => void,
): Promise<void> {
  const host = hostName(context.env);
  const interruption = watchInterruption();
  const configured = configuredTemporal(context.env);
  const worker = superviseWorker(
    { stateDirectory: stateDirectoryOf(context.env, context.cwd), embedded: configured === null },
    { log },
  );
  try {
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
    interruption.dispose();
  }
}
