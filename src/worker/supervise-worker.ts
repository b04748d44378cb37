// The worker process as the command line sees it: forked, watched, started again when it dies.

import { BenchmarkError } from '../contract/failure.ts';
import {
  forkModule,
  siblingModule,
  type ChildHandle,
  type ExitInfo,
} from '../runtime/child-process.ts';
import { notReady, type WorkerHealth } from './worker-health.ts';
import {
  isWorkerMessage,
  type WorkerMessage,
  type WorkerProcessOptions,
  type WorkerQuestion,
} from './worker-protocol.ts';

export type { WorkerProcessOptions } from './worker-protocol.ts';

export interface SupervisedWorker {
  /** Resolves when the first worker polls; rejects when it cannot start at all. */
  readonly ready: Promise<void>;
  pid(): number | null;
  restarts(): number;
  /** Whether it takes work now; asks the worker process, and answers within some seconds. */
  health(): Promise<WorkerHealth>;
  /** Asks it to end (SIGTERM) and waits; kills it after `graceMs` (default 5000). */
  stop(graceMs?: number): Promise<void>;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
const DEFAULT_STOP_GRACE_MS = 5_000;
/** The worker process itself waits up to 2 s for its server. */
const ANSWER_MS = 3_000;

/** Forks a worker that dies with this process and starts it again, with backoff, when it ends unasked. */
export function superviseWorker(
  options: WorkerProcessOptions,
  hooks: { readonly log: (line: string) => void },
): SupervisedWorker {
  return new WorkerSupervisor(options, hooks.log).start();
}

class WorkerSupervisor implements SupervisedWorker {
  readonly ready: Promise<void>;
  private readonly options: WorkerProcessOptions;
  private readonly log: (line: string) => void;
  private child: ChildHandle | null = null;
  private restartCount = 0;
  private pauseMs = FIRST_PAUSE_MS;
  private wasReady = false;
  private stopping = false;
  private failure: string | null = null;
  /** Those that wait for the answer that comes next. */
  private readonly asking = new Set<(health: WorkerHealth) => void>();
  private pendingRestart: NodeJS.Timeout | null = null;
  private settleReady: { resolve: () => void; reject: (error: unknown) => void };

  constructor(options: WorkerProcessOptions, log: (line: string) => void) {
    this.options = options;
    this.log = log;
    this.settleReady = { resolve: () => undefined, reject: () => undefined };
    this.ready = new Promise<void>((resolve, reject) => {
      this.settleReady = { resolve, reject };
    });
    // Whoever does not wait for it learns of a failure by other means.
    this.ready.catch(() => undefined);
  }

  start(): this {
    const { stateDirectory, embedded } = this.options;
    const child = forkModule(siblingModule(import.meta.url, './worker-main'), {
      args: [stateDirectory, embedded ? 'embedded' : 'configured'],
    });
    this.child = child;
    child.onMessage((message) => {
      if (!isWorkerMessage(message)) return;
      this.heard(message);
    });
    void child.exited.then((exit) => this.ended(child, exit));
    return this;
  }

  pid(): number | null {
    return this.child?.pid ?? null;
  }

  restarts(): number {
    return this.restartCount;
  }

  async health(): Promise<WorkerHealth> {
    if (this.stopping) return notReady('it is shutting down');
    const question: WorkerQuestion = { kind: 'ask-health' };
    if (this.child?.send(question) !== true) {
      return notReady('its process has ended; another one is being started');
    }
    return new Promise((resolve) => {
      const answer = (health: WorkerHealth): void => {
        clearTimeout(timer);
        this.asking.delete(answer);
        resolve(health);
      };
      const timer = setTimeout(
        () => answer(notReady(`its process has not answered for ${ANSWER_MS / 1000} s`)),
        ANSWER_MS,
      );
      this.asking.add(answer);
    });
  }

  async stop(graceMs = DEFAULT_STOP_GRACE_MS): Promise<void> {
    this.stopping = true;
    if (this.pendingRestart !== null) clearTimeout(this.pendingRestart);
    const { child } = this;
    if (child === null) return;
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await child.exited;
    clearTimeout(killer);
  }

  private heard(message: WorkerMessage): void {
    switch (message.kind) {
      case 'ready':
        this.becomeReady();
        break;
      case 'health':
        for (const answer of [...this.asking]) answer(message.health);
        break;
      case 'note':
        this.log(message.text);
        break;
      case 'failed':
        this.failure = message.message;
        break;
    }
  }

  private becomeReady(): void {
    this.wasReady = true;
    this.pauseMs = FIRST_PAUSE_MS;
    this.settleReady.resolve();
  }

  private ended(child: ChildHandle, exit: ExitInfo): void {
    this.child = null;
    if (this.stopping) return;
    const why = this.failure ?? describeExit(child, exit);
    this.failure = null;
    if (!this.wasReady) {
      this.settleReady.reject(
        new BenchmarkError('temporal-start-failed', `The worker cannot start: ${why}`),
      );
      return;
    }
    this.log(`The worker ended (${why}); starting another. The run under way begins again.`);
    this.restartCount += 1;
    this.pendingRestart = setTimeout(() => this.start(), this.pauseMs);
    this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

function describeExit(child: ChildHandle, exit: ExitInfo): string {
  const how = exit.signal ?? `exit code ${exit.exitCode ?? 'unknown'}`;
  const tail = child.stderrTail().trim();
  return tail === '' ? how : `${how}: ${tail.slice(-2000)}`;
}
