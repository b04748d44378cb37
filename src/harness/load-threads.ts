// A run's load on threads of their own: this thread starts them, lets all begin at one instant, and gathers what they saw.
// A generator without them has one share, in its own thread.

import type { Worker } from 'node:worker_threads';
import { BenchmarkError } from '../contract/failure.ts';
import { siblingModule } from '../runtime/child-process.ts';
import { startThread } from '../runtime/worker-thread.ts';
import { LoadShare, type ShareInput, type ShareOutcome, type ShareProgress } from './load-share.ts';
import type { FromLoadThread, ThreadStart, ToLoadThread } from './load-thread-protocol.ts';
import { newOutcome } from './pending-outcome.ts';
import type { TrimRule } from './recording/trim-rule.ts';

/** All threads of a run, connected and waiting. */
export interface LoadTeam {
  readonly serverVersion: string | null;
  /** Once. `loadStartNs` lies a little ahead. */
  run(loadStartNs: number, trim: TrimRule): Promise<readonly ShareOutcome[]>;
  /** The latest that each thread said. */
  progress(): readonly ShareProgress[];
  /** Nothing of it is left behind; also after a failure. */
  close(): Promise<void>;
}

export async function openOwnThread(input: ShareInput): Promise<LoadTeam> {
  const share = await LoadShare.open(input);
  return {
    serverVersion: share.serverVersion,
    run: async (loadStartNs, trim) => [await share.run(loadStartNs, trim)],
    progress: () => {
      const progress = share.progress();
      return progress === null ? [] : [progress];
    },
    close: () => share.close(),
  };
}

/** Throws BenchmarkError as LoadShare.open does, and 'generator-died' for a thread that ends before its time. */
export async function openThreads(
  start: Omit<ThreadStart, 'thread' | 'counter'>,
  signal: AbortSignal,
): Promise<LoadTeam> {
  const counter = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const threads = Array.from(
    { length: start.threads },
    (_, thread) => new LoadThread({ ...start, thread, counter }),
  );
  const interrupt = (): void => threads.forEach((thread) => thread.say({ kind: 'interrupt' }));
  signal.addEventListener('abort', interrupt, { once: true });
  if (signal.aborted) interrupt();
  const close = async (): Promise<void> => {
    signal.removeEventListener('abort', interrupt);
    await Promise.all(threads.map((thread) => thread.close()));
  };
  try {
    const [serverVersion = null] = await Promise.all(threads.map((thread) => thread.ready));
    return {
      serverVersion,
      run: (loadStartNs, trim) => {
        for (const thread of threads) thread.say({ kind: 'run', loadStartNs, trim });
        return Promise.all(threads.map((thread) => thread.done));
      },
      progress: () => threads.flatMap((thread) => thread.progress ?? []),
      close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

/** How long a thread may take to close its connections before it is ended. */
const CLOSE_MS = 2000;

class LoadThread {
  readonly ready: Promise<string | null>;
  readonly done: Promise<ShareOutcome>;
  progress: ShareProgress | null = null;
  readonly #worker: Worker;
  readonly #exited: Promise<void>;

  constructor(start: ThreadStart) {
    const worker = startThread(siblingModule(import.meta.url, './load-thread-main'), {
      workerData: start,
    });
    this.#worker = worker;
    const ready = newOutcome<string | null>();
    const done = newOutcome<ShareOutcome>();
    this.ready = ready.promise;
    this.done = done.promise;
    const fail = (error: BenchmarkError): void => {
      ready.reject(error);
      done.reject(error);
    };
    worker.on('message', (received) => {
      // Only load-thread-main.ts talks on this port.
      const message = received as FromLoadThread;
      switch (message.kind) {
        case 'ready':
          ready.resolve(message.serverVersion);
          return;
        case 'progress':
          this.progress = message.progress;
          return;
        case 'done':
          done.resolve(message.outcome);
          return;
        case 'failed':
          fail(new BenchmarkError(message.code, message.message, { details: message.details }));
      }
    });
    this.#exited = new Promise((resolve) => {
      worker.once('error', (error) => fail(died(error.message)));
      worker.once('exit', (code) => {
        fail(died(`exit code ${code}`));
        resolve();
      });
    });
  }

  say(message: ToLoadThread): void {
    this.#worker.postMessage(message);
  }

  async close(): Promise<void> {
    this.say({ kind: 'close' });
    const killer = setTimeout(() => void this.#worker.terminate(), CLOSE_MS);
    await this.#exited;
    clearTimeout(killer);
  }
}

function died(how: string): BenchmarkError {
  return new BenchmarkError(
    'generator-died',
    `A thread of the load generator ended (${how}) before its run did; the run can be tried again.`,
    { details: { how } },
  );
}
