// The reference engine: stock grpc-js with everything decoded. Slower than the wire engine and never the default where
// that works, but what it says about a server is what any grpc-js client would see.

import { Channel, connectivityState, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import type { HarnessConfig } from '../../../contract/config.ts';
import { BenchmarkError } from '../../../contract/failure.ts';
import type { ConnectionFacts } from '../../../contract/run-result.ts';
import type { LoomServiceClient } from '../../../protocol/generated/loom/v1/LoomService.ts';
import { createLoomClient, loadLoomService } from '../../../protocol/loom-service.ts';
import { encodeWeaveRequest } from '../../../protocol/weave-request.ts';
import type { MonotonicClock } from '../../../runtime/monotonic-clock.ts';
import type { AgentSummary, CallSetup, Engine, EngineEvents, ServerHealth } from '../engine.ts';
import { AGENTS_PER_PAGE, type AgentPage, collectAgents, refusalError } from '../control-calls.ts';
import { emptyFacts } from '../message-facts.ts';
import { parseServerAddress } from '../server-address.ts';
import { channelCredentials, channelOptions, channelTarget } from './channel-settings.ts';
import { ConnectionWatch } from './connection-watch.ts';
import { GrpcJsCall, type CallContext } from './grpc-js-call.ts';
import { createMessageReader } from './message-reader.ts';

export type GrpcJsEngineOptions = Pick<
  HarnessConfig,
  'serverAddr' | 'tls' | 'connections' | 'maxReceiveMessageBytes'
> & { readonly clock: MonotonicClock };

interface Prepared {
  readonly context: CallContext;
  readonly requests: readonly Buffer[];
  readonly calls: (GrpcJsCall | null)[];
}

export class GrpcJsEngine implements Engine {
  readonly #options: GrpcJsEngineOptions;
  readonly #channels: readonly Channel[];
  readonly #watches: readonly ConnectionWatch[];
  /** Health and agents go through an ordinary client on the first channel. */
  readonly #client: LoomServiceClient;
  #prepared: Prepared | null = null;
  #nextChannel = 0;
  #connected = false;

  /** Throws BenchmarkError 'config-invalid' for an address or TLS files that cannot be used. Opens nothing yet. */
  constructor(options: GrpcJsEngineOptions) {
    this.#options = options;
    const target = channelTarget(parseServerAddress(options.serverAddr));
    const credentials = channelCredentials(options.tls);
    const settings = channelOptions(options.tls, options.maxReceiveMessageBytes);
    const first = new Channel(target, credentials, settings);
    const rest = Array.from(
      { length: Math.max(1, options.connections) - 1 },
      () => new Channel(target, credentials, settings),
    );
    this.#channels = [first, ...rest];
    this.#watches = this.#channels.map((channel) => new ConnectionWatch(channel));
    this.#client = createLoomClient(target, credentials, { channelOverride: first });
  }

  async connect(timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    const results = await Promise.allSettled(
      this.#channels.map((one) => becomeReady(one, deadline)),
    );
    if (results.some((result) => result.status === 'rejected')) {
      throw new BenchmarkError(
        'target-unreachable',
        `No connection to ${this.#options.serverAddr} within ${timeoutMs} ms` +
          ` (${this.#options.tls === null ? 'plaintext' : 'TLS'}): ${await this.#lastError()}` +
          ' Check that the server runs there and that the address is right.',
        { details: { serverAddr: this.#options.serverAddr, connectTimeoutMs: timeoutMs } },
      );
    }
    this.#connected = true;
    for (const watch of this.#watches) watch.start();
  }

  async health(timeoutMs: number): Promise<ServerHealth | null> {
    const answer = await this.#ask<ServerHealth | null>((done) => {
      this.#client.getHealth({}, { deadline: Date.now() + timeoutMs }, (error, reply) => {
        if (error?.code === status.UNIMPLEMENTED) done(null, null);
        else done(error, reply ? { status: reply.status, version: reply.version } : null);
      });
    }, 'GetHealth');
    return answer;
  }

  listAgents(timeoutMs: number): Promise<AgentSummary[]> {
    return collectAgents(this.#options.serverAddr, (pageToken) =>
      this.#ask<AgentPage>((done) => {
        const request = { pageSize: AGENTS_PER_PAGE, pageToken };
        const options = { deadline: Date.now() + timeoutMs };
        this.#client.listAgents(request, options, (error, value) => done(error, value ?? null));
      }, 'ListAgents'),
    );
  }

  prepare(setup: CallSetup, events: EngineEvents): void {
    const service = loadLoomService();
    this.#prepared = {
      context: {
        path: setup.streaming ? service.StreamWeave.path : service.Weave.path,
        streaming: setup.streaming,
        timeoutMs: setup.timeoutMs,
        metadata: callMetadata(setup),
        read: createMessageReader(setup.streaming),
        facts: emptyFacts(),
        end: { grpcStatus: 0, statusMessage: '', origin: 'server', llmTimeUs: NaN },
        events,
        nowNs: () => this.#options.clock.nowNs(),
      },
      requests: setup.templates.map(encodeWeaveRequest),
      calls: new Array<GrpcJsCall | null>(setup.slots).fill(null),
    };
  }

  start(slot: number, template: number): void {
    const prepared = this.#prepared;
    const request = prepared?.requests[template];
    const channel = this.#channels[this.#nextChannel];
    if (prepared === null || request === undefined || channel === undefined) {
      throw new Error(`start(${slot}, ${template}) without a prepared template`);
    }
    this.#nextChannel = (this.#nextChannel + 1) % this.#channels.length;
    const call = new GrpcJsCall(prepared.context, slot, (ended) => (prepared.calls[ended] = null));
    prepared.calls[slot] = call;
    call.start(channel, request);
  }

  cancel(slot: number): void {
    this.#prepared?.calls[slot]?.cancel();
  }

  facts(): ConnectionFacts {
    return {
      address: this.#options.serverAddr,
      connections: this.#connected ? this.#channels.length : 0,
      reconnects: this.#watches.reduce((sum, watch) => sum + watch.reconnects, 0),
      maxConcurrentStreams: null,
      engine: 'grpc-js',
      threads: 1,
    };
  }

  close(): Promise<void> {
    for (const watch of this.#watches) watch.stop();
    for (const channel of this.#channels) channel.close();
    this.#connected = false;
    return Promise.resolve();
  }

  async #ask<T>(
    send: (done: (error: ServiceError | null, value: T | null) => void) => void,
    method: string,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      send((error, value) => {
        // A null value without an error is an answer of its own (health of a server without GetHealth).
        if (error === null) resolve(value as T);
        else {
          const { code: grpcStatus, details } = error;
          const { serverAddr } = this.#options;
          reject(refusalError({ serverAddr, method, grpcStatus, details }, error));
        }
      });
    });
  }

  /** What grpc-js knows about the failed connection: only a call is told. */
  async #lastError(): Promise<string> {
    return new Promise((resolve) => {
      this.#client.getHealth({}, { deadline: Date.now() + 100 }, (error) => {
        const known = error !== null && error.code !== status.DEADLINE_EXCEEDED;
        resolve(
          known ? `${error.details.replace(/\.?$/, '')}.` : 'no answer to the connection attempt.',
        );
      });
    });
  }
}

function callMetadata(setup: CallSetup): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(setup.metadata)) metadata.set(name, value);
  metadata.set('grpc-timeout', timeoutText(setup.timeoutMs));
  return metadata;
}

/** gRPC allows eight digits: milliseconds up to a day, then seconds. */
function timeoutText(timeoutMs: number): string {
  return timeoutMs < 1e8 ? `${Math.ceil(timeoutMs)}m` : `${Math.ceil(timeoutMs / 1000)}S`;
}

function becomeReady(channel: Channel, deadline: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const check = (): void => {
      const state = channel.getConnectivityState(true);
      if (state === connectivityState.READY) resolve();
      else
        channel.watchConnectivityState(state, deadline, (late) => (late ? reject(late) : check()));
    };
    check();
  });
}
