// The worker's end of a generator process: starts it, follows it, and turns its death into an error that can be retried.

import { BenchmarkError } from '../contract/failure.ts';
import type { RunProgress } from '../contract/run-plan.ts';
import { forkModule, siblingModule, type ChildHandle } from '../runtime/child-process.ts';
import type {
  FromGenerator,
  GeneratorPlan,
  GeneratorResult,
  TargetReport,
  ToGenerator,
} from './generator-protocol.ts';
import { newOutcome } from './pending-outcome.ts';

export interface GeneratorHooks {
  /** Aborting kills the process, at any time. */
  readonly signal: AbortSignal;
  onProgress(progress: RunProgress): void;
}

/**
 * Keep the generator's garbage collection out of its measurement, in which it holds calls back for milliseconds: V8 compacts the
 * heap of a process that has little to do every some 10 s (6 to 14 ms), and starts with so small a space for what is new that
 * it is swept again and again. The heap is collected before the load instead (`collectBeforehand`). A sweep finds next to
 * nothing alive, so that waking other threads for it takes longer than the work.
 */
const GENERATOR_NODE_FLAGS = ['--no-memory-reducer', '--no-parallel-scavenge', '--expose-gc'];

/** Of the space for what is new, twice of which becomes resident: wire makes little garbage, unless its loop spins. */
const NEW_SPACE_MB = { little: 4, much: 16 } as const;

function nodeFlagsOf({ harness }: GeneratorPlan): string[] {
  const garbage = harness.engine === 'wire' && harness.pacing === 'timer' ? 'little' : 'much';
  return [...GENERATOR_NODE_FLAGS, `--min-semi-space-size=${NEW_SPACE_MB[garbage]}`];
}

/** How often within the fence's limit the generator hears that we do not stand still. */
const ALIVE_PER_LIMIT = 6;

/** One run's generator. Every promise of it rejects with BenchmarkError when the process fails, dies or is killed. */
export class GeneratorProcess {
  readonly #child: ChildHandle;
  readonly #loaded: Promise<void>;
  readonly #done: Promise<GeneratorResult>;

  constructor(plan: GeneratorPlan, hooks: GeneratorHooks) {
    const child = forkModule(siblingModule(import.meta.url, './generator-main'), {
      nodeFlags: nodeFlagsOf(plan),
    });
    this.#child = child;
    const kill = (): void => child.kill();
    hooks.signal.addEventListener('abort', kill, { once: true });
    const loaded = newOutcome<undefined>();
    const done = newOutcome<GeneratorResult>();
    this.#loaded = loaded.promise;
    this.#done = done.promise;
    const fail = (error: BenchmarkError): void => {
      loaded.reject(error);
      done.reject(error);
    };
    child.onMessage((received) => {
      // Only generator-main.ts talks on this channel.
      const message = received as FromGenerator;
      switch (message.kind) {
        case 'ready':
          this.#say({ kind: 'start', plan });
          return;
        case 'progress':
          hooks.onProgress(message.progress);
          return;
        case 'loaded':
          loaded.resolve(undefined);
          return;
        case 'done':
          done.resolve({ measurement: message.measurement, recording: message.recording });
          return;
        case 'failed':
          fail(new BenchmarkError(message.code, message.message, { details: message.details }));
      }
    });
    void child.exited.then(({ exitCode, signal }) => {
      hooks.signal.removeEventListener('abort', kill);
      fail(hooks.signal.aborted ? cancelled() : died(signal ?? `exit code ${exitCode}`, child));
    });
    if (plan.fenceMs !== undefined) this.#keepFenceOpen(plan.fenceMs);
    if (hooks.signal.aborted) child.kill();
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** The load is over and no call is in flight any more. */
  loaded(): Promise<void> {
    return this.#loaded;
  }

  /** Hands over the target's books and awaits the measurement; once, after `loaded`. */
  async finish(target: TargetReport | null): Promise<GeneratorResult> {
    this.#say({ kind: 'target', final: target });
    return this.#done;
  }

  /** Stops issuing calls; the run goes on to an interrupted result. */
  interrupt(): void {
    this.#say({ kind: 'interrupt' });
  }

  /** Ends the process and waits until it is gone. No effect on one that has ended. */
  async stop(): Promise<void> {
    this.#child.kill();
    await this.#child.exited;
  }

  #keepFenceOpen(fenceMs: number): void {
    const timer = setInterval(() => this.#say({ kind: 'alive' }), fenceMs / ALIVE_PER_LIMIT);
    void this.#child.exited.then(() => clearInterval(timer));
  }

  #say(message: ToGenerator): void {
    this.#child.send(message);
  }
}

function died(how: string, child: ChildHandle): BenchmarkError {
  const said = child.stderrTail().trim();
  return new BenchmarkError(
    'generator-died',
    `The load generator process ended (${how}) before its run did; the run can be tried again.` +
      (said === '' ? '' : ` Its last words: ${said.slice(-500)}`),
    { details: { how, pid: child.pid } },
  );
}

function cancelled(): BenchmarkError {
  return new BenchmarkError('run-cancelled', 'The run was cancelled.');
}
