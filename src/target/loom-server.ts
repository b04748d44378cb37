// The embedded Loom server: a real gRPC server on grpc-js around the mock LLM, usable in any process. As a benchmark's
// target it runs in one of its own (target-main.ts).

import { setTimeout as delay } from 'node:timers/promises';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { ProviderConfig } from '../contract/config.ts';
import { BenchmarkError } from '../contract/failure.ts';
import type { TargetAccount } from '../contract/run-result.ts';
import type { MonotonicClock } from '../runtime/monotonic-clock.ts';
import { AgentDirectory } from './agents.ts';
import { AnswerEncoder } from './answer-encoder.ts';
import { CallAccount } from './call-account.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import { FairSemaphore } from './fair-semaphore.ts';
import { createLoomHandlers } from './loom-handlers.ts';
import { MockLlm, type ProviderMetrics } from './mock-llm.ts';
import { SessionStore } from './sessions.ts';
import type { CallContext } from './weave-call.ts';

export const DEFAULT_LLM_CONCURRENCY_LIMIT = 5;
const NS_PER_MS = 1_000_000;
const POLL_MS = 5;
/** For the streams of dropped connections to be told. */
const CLOSE_TIMEOUT_MS = 1000;
const SERVER_OPTIONS = {
  // Call statistics that nobody reads, at a cost per message.
  'grpc.enable_channelz': 0,
} as const;

export interface LoomServerOptions {
  readonly llm: ProviderConfig;
  /** Computes answers from the last message; for use of this class as a library. */
  readonly respond?: (lastMessage: string) => string;
  /** 0: the default of 5. */
  readonly llmConcurrencyLimit: number;
  readonly numAgents: number;
  readonly seed: number;
  readonly clock: MonotonicClock;
}

/** What can be changed while the server runs; what is left out stays. */
export interface TargetChange {
  readonly llm?: Partial<ProviderConfig>;
  readonly llmConcurrencyLimit?: number;
  readonly numAgents?: number;
}

export interface TargetState {
  readonly llm: ProviderConfig;
  readonly llmConcurrencyLimit: number;
  readonly numAgents: number;
  readonly sessions: number;
  readonly inFlight: number;
}

export class LoomServer {
  readonly #options: LoomServerOptions;
  readonly #server = new Server(SERVER_OPTIONS);
  readonly #context: CallContext;
  #address: string | null = null;

  constructor(options: LoomServerOptions) {
    this.#options = options;
    const llm = new MockLlm({ ...options, config: options.llm });
    this.#context = {
      clock: options.clock,
      queue: new DeadlineQueue(options.clock),
      limiter: new FairSemaphore(effectiveLimit(options.llmConcurrencyLimit)),
      agents: new AgentDirectory(options.numAgents, options.seed),
      llm,
      encoder: new AnswerEncoder(llm),
      account: new CallAccount(),
      sessions: new SessionStore(options.seed),
    };
    const { definition, implementation } = createLoomHandlers(this.#context);
    this.#server.addService(definition, implementation);
  }

  /**
   * Port 0 takes a free one. Resolves to `host:port` (`[v6]:port`).
   * Throws BenchmarkError 'port-in-use' or 'target-start-failed'.
   */
  async listen(host: string, port: number): Promise<string> {
    const authority = host.includes(':') ? `[${host}]` : host;
    const bound = await new Promise<number>((resolve, reject) => {
      const credentials = ServerCredentials.createInsecure();
      this.#server.bindAsync(`${authority}:${port}`, credentials, (error, boundPort) => {
        if (error === null) resolve(boundPort);
        else reject(bindFailure(`${authority}:${port}`, error));
      });
    });
    this.#address = `${authority}:${bound}`;
    return this.#address;
  }

  account(): TargetAccount {
    return this.#context.account.snapshot(this.#context.llm.metrics());
  }

  metrics(): ProviderMetrics {
    return this.#context.llm.metrics();
  }

  state(): TargetState {
    return {
      llm: this.#context.llm.config,
      llmConcurrencyLimit: this.#context.limiter.limit,
      numAgents: this.#context.agents.count,
      sessions: this.#context.sessions.size,
      inFlight: this.#context.account.inFlight,
    };
  }

  /** In force for every LLM call that begins from now on; a smaller limiter waits for its holders. */
  reconfigure(change: TargetChange): TargetState {
    const { llm, encoder, limiter, agents } = this.#context;
    if (change.llm !== undefined) {
      llm.reconfigure({ ...llm.config, ...change.llm });
      encoder.forget();
    }
    if (change.numAgents !== undefined) agents.resize(change.numAgents);
    if (change.llmConcurrencyLimit !== undefined)
      limiter.setLimit(effectiveLimit(change.llmConcurrencyLimit));
    return this.state();
  }

  /** As freshly started with the settings in force: no sessions, counters at zero, draws from the beginning. Calls in flight go on, uncounted. */
  reset(): void {
    const { seed, respond } = this.#options;
    const llm = new MockLlm({ seed, respond, config: this.#context.llm.config });
    this.#context.llm = llm;
    this.#context.encoder = new AnswerEncoder(llm);
    this.#context.account = new CallAccount();
    this.#context.sessions = new SessionStore(seed);
  }

  /**
   * Waits up to `graceMs` for calls in flight, then stops listening and drops every connection; what was still going
   * on is booked as CANCELLED. The books are closed when this resolves.
   */
  async stop(graceMs = 0): Promise<void> {
    await this.#untilIdle(graceMs);
    // With channelz off, grpc-js's forceShutdown knows no connections; drain does.
    if (this.#address !== null) this.#server.drain(this.#address, 0);
    this.#server.forceShutdown();
    await this.#untilIdle(CLOSE_TIMEOUT_MS);
    this.#context.queue.close();
  }

  async #untilIdle(timeoutMs: number): Promise<void> {
    const { clock } = this.#options;
    const giveUpAtNs = clock.nowNs() + timeoutMs * NS_PER_MS;
    while (this.#context.account.inFlight > 0 && clock.nowNs() < giveUpAtNs) await delay(POLL_MS);
  }
}

function effectiveLimit(configured: number): number {
  return configured > 0 ? configured : DEFAULT_LLM_CONCURRENCY_LIMIT;
}

function bindFailure(address: string, error: Error): BenchmarkError {
  const inUse = error.message.includes('EADDRINUSE');
  return inUse
    ? new BenchmarkError(
        'port-in-use',
        `Another process listens on ${address} already: stop it, or choose another port (0 takes a free one).`,
        { details: { address }, cause: error },
      )
    : new BenchmarkError(
        'target-start-failed',
        `The target cannot listen on ${address}: ${error.message}. Choose an address of this machine.`,
        { details: { address }, cause: error },
      );
}
