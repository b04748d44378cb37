// Entry of the worker process. It supervises runs and must stay idle while one is measured; it ends with its parent.

import { BenchmarkError } from '../contract/failure.ts';
import { dieWithParent } from '../runtime/child-process.ts';
import { runWorker } from './run-worker.ts';
import { HealthBoard } from './worker-health.ts';
import { isWorkerQuestion, type WorkerMessage } from './worker-protocol.ts';

const [stateDirectory, place] = process.argv.slice(2);
dieWithParent();

/** First signal: no new work, a run under way may finish. Second: stop it now. */
const drain = new AbortController();
const stopNow = new AbortController();
const health = new HealthBoard();
process.on('SIGTERM', () => {
  health.rests('it is shutting down');
  if (drain.signal.aborted) stopNow.abort();
  drain.abort();
});

function tell(message: WorkerMessage): void {
  process.send?.(message, () => undefined);
}

process.on('message', (message) => {
  if (!isWorkerQuestion(message)) return;
  void health.look().then((seen) => tell({ kind: 'health', health: seen }));
});

try {
  if (stateDirectory === undefined) {
    throw new BenchmarkError('config-invalid', 'A worker process needs a state directory.');
  }
  await runWorker({
    stateDirectory,
    embedded: place === 'embedded',
    drain: drain.signal,
    stopNow: stopNow.signal,
    health,
    onReady: () => tell({ kind: 'ready' }),
    log: (text) => tell({ kind: 'note', text }),
  });
  process.exit(0);
} catch (error) {
  tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
  // The message above must leave first.
  setTimeout(() => process.exit(1), 100);
}
