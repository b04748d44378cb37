// The worker process as the command line sees it: forked, watched, started again when it dies. (Signatures; body follows.)

export interface WorkerProcessOptions {
  readonly stateDirectory: string;
  /** True: the worker holds the embedded server of the state directory; false: TEMPORAL_* and profile apply. */
  readonly embedded: boolean;
}

export interface SupervisedWorker {
  /** Resolves when the first worker polls; rejects when it cannot start at all. */
  readonly ready: Promise<void>;
  pid(): number | null;
  restarts(): number;
  /** Asks it to end (SIGTERM) and waits; kills it after `graceMs` (default 5000). */
  stop(graceMs?: number): Promise<void>;
}

/** Forks a worker that dies with this process and starts it again, with backoff, when it ends unasked. */
export declare function superviseWorker(
  options: WorkerProcessOptions,
  hooks: { readonly log: (line: string) => void },
): SupervisedWorker;
