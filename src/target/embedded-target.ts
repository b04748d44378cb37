// The parent's end of an embedded target: starts its process, asks it for its books, stops it, and notices its death.

import { BenchmarkError } from '../contract/failure.ts';
import type { TargetAccount } from '../contract/run-result.ts';
import {
  forkModule,
  siblingModule,
  type ChildHandle,
  type ExitInfo,
} from '../runtime/child-process.ts';
import { Conversation, type Said } from './target-conversation.ts';
import type { TargetConfig, TargetFinal, TargetSettings } from './target-protocol.ts';

export type { TargetConfig, TargetFinal, TargetSettings } from './target-protocol.ts';

const START_TIMEOUT_MS = 20_000;
const ANSWER_TIMEOUT_MS = 10_000;
/** Covers the grace that the target itself gives to calls in flight. */
const STOP_TIMEOUT_MS = 10_000;
/** From its last word to its exit. */
const EXIT_TIMEOUT_MS = 2000;

export interface EmbeddedTargetOptions {
  /** CLOCK_MONOTONIC at the run's origin. */
  readonly originNs: bigint;
  /** Aborting kills the target, at any time. */
  readonly signal: AbortSignal;
  readonly sampleResources: boolean;
}

export interface EmbeddedTarget {
  /** `host:port` to call. */
  readonly address: string;
  readonly pid: number;
  readonly exited: Promise<ExitInfo>;
  /** What it received and answered so far. Throws BenchmarkError 'target-died'. */
  account(): Promise<TargetAccount>;
  /** What is in force now, read from what serves the calls. Throws BenchmarkError 'target-died'. */
  settings(): Promise<TargetSettings>;
  /** Ends it in good order; once. Throws BenchmarkError 'target-died' when it is gone already or does not answer. */
  stop(): Promise<TargetFinal>;
  /** Ends it at once; no effect on one that is gone. */
  kill(): void;
}

/** Throws BenchmarkError 'target-start-failed', 'port-in-use' or, when the signal aborts first, 'run-cancelled'. */
export async function startEmbeddedTarget(
  config: TargetConfig,
  options: EmbeddedTargetOptions,
): Promise<EmbeddedTarget> {
  if (isAborted(options.signal)) throw cancelled();
  const child = forkModule(siblingModule(import.meta.url, './target-main'));
  const kill = (): void => child.kill();
  options.signal.addEventListener('abort', kill, { once: true });
  void child.exited.then(() => options.signal.removeEventListener('abort', kill));
  const talk = new Conversation(child);
  const started = talk.expect('listening', START_TIMEOUT_MS, 'target-start-failed');
  talk.say({
    kind: 'start',
    config,
    originNs: options.originNs,
    sampleResources: options.sampleResources,
  });
  try {
    const { address } = await started;
    return new ForkedTarget(child, talk, address);
  } catch (thrown) {
    child.kill();
    await child.exited;
    throw isAborted(options.signal) ? cancelled() : thrown;
  }
}

class ForkedTarget implements EmbeddedTarget {
  readonly address: string;
  readonly pid: number;
  readonly exited: Promise<ExitInfo>;
  readonly #child: ChildHandle;
  readonly #talk: Conversation;
  #requests = 0;

  constructor(child: ChildHandle, talk: Conversation, address: string) {
    this.#child = child;
    this.#talk = talk;
    this.address = address;
    this.pid = child.pid;
    this.exited = child.exited;
  }

  async account(): Promise<TargetAccount> {
    return (await this.#ask('account')).account;
  }

  async settings(): Promise<TargetSettings> {
    return (await this.#ask('settings')).settings;
  }

  async stop(): Promise<TargetFinal> {
    const answered = this.#talk.expect('final', STOP_TIMEOUT_MS, 'target-died');
    this.#talk.say({ kind: 'stop' });
    const { final } = await answered.catch((thrown: unknown) => {
      this.kill();
      throw thrown;
    });
    const overdue = setTimeout(() => this.kill(), EXIT_TIMEOUT_MS);
    await this.exited;
    clearTimeout(overdue);
    return final;
  }

  kill(): void {
    this.#child.kill();
  }

  async #ask<Kind extends 'account' | 'settings'>(kind: Kind): Promise<Said<Kind>> {
    const requestId = ++this.#requests;
    const answered = this.#talk.expect(
      kind,
      ANSWER_TIMEOUT_MS,
      'target-died',
      (message) => 'requestId' in message && message.requestId === requestId,
    );
    this.#talk.say({ kind, requestId });
    return answered;
  }
}

/** A call, since the compiler takes the flag for settled after its first reading. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function cancelled(): BenchmarkError {
  return new BenchmarkError('run-cancelled', 'The run was cancelled while its target started.');
}
