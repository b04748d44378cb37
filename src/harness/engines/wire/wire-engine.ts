// The engine for load: Loom's calls over the own gRPC client, the bytes of every request made once, every answer read for
// its facts and nothing else.

import type { HarnessConfig } from '../../../contract/config.ts';
import type { ConnectionFacts } from '../../../contract/run-result.ts';
import { LLM_TIME_TRAILER } from '../../../protocol/answers.ts';
import { loadLoomService } from '../../../protocol/loom-service.ts';
import { encodeWeaveRequest } from '../../../protocol/weave-request.ts';
import type { MonotonicClock } from '../../../runtime/monotonic-clock.ts';
import { AGENTS_PER_PAGE, collectAgents, refusalError } from '../control-calls.ts';
import type {
  AgentSummary,
  CallEnd,
  CallSetup,
  Engine,
  EngineEvents,
  ServerHealth,
} from '../engine.ts';
import { ControlCall } from './control-call.ts';
import { GrpcClient } from './grpc-client.ts';
import type { CallSink } from './grpc/call-ports.ts';
import { frameMessage, type GrpcRequest, timeoutNs } from './grpc/request.ts';
import { STATUS } from './grpc/status.ts';
import { AnswerReader } from './loom/answer-reader.ts';

export type WireEngineOptions = Pick<
  HarnessConfig,
  'serverAddr' | 'tls' | 'connections' | 'connectTimeoutMs' | 'maxReceiveMessageBytes'
> & {
  readonly clock: MonotonicClock;
  /** For tests of the end of the stream id space. */
  readonly firstStreamId?: number;
  /** For tests of connections that are dead without a sign. */
  readonly probeTimeoutMs?: number;
};

interface Prepared {
  readonly requests: readonly GrpcRequest[];
  readonly reader: AnswerReader;
  readonly events: EngineEvents;
}

export class WireEngine implements Engine, CallSink {
  readonly #options: WireEngineOptions;
  readonly #client: GrpcClient;
  #prepared: Prepared | null = null;
  /** Behind the slots of the load. */
  #controlSlot = 0;
  #control: ControlCall | null = null;

  /** Throws BenchmarkError 'config-invalid' for an address or TLS files that cannot be used. Opens nothing yet. */
  constructor(options: WireEngineOptions) {
    this.#options = options;
    const { firstStreamId, probeTimeoutMs } = options;
    this.#client = new GrpcClient(
      {
        address: options.serverAddr,
        tls: options.tls,
        connections: options.connections,
        connectTimeoutMs: options.connectTimeoutMs,
        maxReceiveMessageBytes: options.maxReceiveMessageBytes,
        clock: options.clock,
        llmTimeTrailer: LLM_TIME_TRAILER,
        ...(firstStreamId === undefined ? {} : { firstStreamId }),
        ...(probeTimeoutMs === undefined ? {} : { probeTimeoutMs }),
      },
      this,
    );
    this.#client.reserve(1);
  }

  connect(timeoutMs: number): Promise<void> {
    return this.#client.connect(timeoutMs);
  }

  async health(timeoutMs: number): Promise<ServerHealth | null> {
    const { path, requestSerialize, responseDeserialize } = loadLoomService().GetHealth;
    const answer = await this.#ask(path, requestSerialize({}), timeoutMs);
    if (answer.grpcStatus === STATUS.unimplemented) return null;
    const { status, version } = responseDeserialize(this.#accept(answer, 'GetHealth'));
    return { status, version };
  }

  listAgents(timeoutMs: number): Promise<AgentSummary[]> {
    const { path, requestSerialize, responseDeserialize } = loadLoomService().ListAgents;
    return collectAgents(this.#options.serverAddr, async (pageToken) => {
      const request = requestSerialize({ pageSize: AGENTS_PER_PAGE, pageToken });
      const answer = await this.#ask(path, request, timeoutMs);
      return responseDeserialize(this.#accept(answer, 'ListAgents'));
    });
  }

  prepare(setup: CallSetup, events: EngineEvents): void {
    const service = loadLoomService();
    const { streaming, timeoutMs, metadata, slots } = setup;
    const { path } = streaming ? service.StreamWeave : service.Weave;
    const headers = this.#client.headersFor(path, { timeoutMs, metadata });
    this.#prepared = {
      requests: setup.templates.map((template) => ({
        headers,
        body: frameMessage(encodeWeaveRequest(template)),
        timeoutNs: timeoutNs(timeoutMs),
        streaming,
      })),
      reader: new AnswerReader(streaming),
      events,
    };
    this.#client.reserve(slots + 1);
    this.#controlSlot = slots;
  }

  start(slot: number, template: number): void {
    const request = this.#prepared?.requests[template];
    if (request === undefined) {
      throw new Error(`start(${slot}, ${template}) without a prepared template`);
    }
    this.#client.start(slot, request);
  }

  cancel(slot: number): void {
    this.#client.cancel(slot);
  }

  facts(): ConnectionFacts {
    return this.#client.facts();
  }

  close(): Promise<void> {
    this.#client.close();
    return Promise.resolve();
  }

  onMessage(slot: number, bytes: Buffer, start: number, end: number): boolean {
    if (this.#control !== null && slot === this.#controlSlot) {
      this.#control.onMessage(bytes, start, end);
      return true;
    }
    const prepared = this.#prepared;
    if (prepared === null) return false;
    const { reader } = prepared;
    if (!reader.read(bytes, start, end)) return false;
    prepared.events.onMessage(slot, this.#client.turn.nowNs, reader.facts);
    return true;
  }

  onEnd(slot: number, end: CallEnd): void {
    if (this.#control !== null && slot === this.#controlSlot) {
      const control = this.#control;
      this.#control = null;
      control.onEnd(end);
      return;
    }
    // What this side ends can have begun in the very turn that ends it, after the turn's reading of the clock.
    const { turn } = this.#client;
    const atNs = end.origin === 'client' ? turn.readClock() : turn.nowNs;
    this.#prepared?.events.onEnd(slot, atNs, end);
  }

  #ask(path: string, message: Buffer, timeoutMs: number): Promise<ControlCall> {
    if (this.#control !== null) throw new Error('one control call at a time');
    return new Promise((resolve) => {
      this.#control = new ControlCall(resolve);
      this.#client.start(this.#controlSlot, {
        headers: this.#client.headersFor(path, { timeoutMs }),
        body: frameMessage(message),
        timeoutNs: timeoutNs(timeoutMs),
        streaming: false,
      });
    });
  }

  #accept(answer: ControlCall, method: string): Buffer {
    const { grpcStatus, details } = answer;
    if (grpcStatus === STATUS.ok) return answer.message;
    const { serverAddr } = this.#options;
    throw refusalError({ serverAddr, method, grpcStatus, details });
  }
}
