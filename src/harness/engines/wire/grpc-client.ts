// The engine's core: gRPC calls by slot over a pool of connections, any method, raw message bytes. It ties the layers to
// the event loop: a turn begins, frames or timers do their work, and all that they produced leaves at the turn's end.

import type { TlsConfig } from '../../../contract/config.ts';
import type { ConnectionFacts } from '../../../contract/run-result.ts';
import type { MonotonicClock } from '../../../runtime/monotonic-clock.ts';
import { BackendLedger } from './backend-ledger.ts';
import { ConnectionPool } from './connection-pool.ts';
import { DeadlineList } from './deadline-list.ts';
import type { CallSink } from './grpc/call-ports.ts';
import { Calls } from './grpc/calls.ts';
import { type GrpcRequest, requestHeaders } from './grpc/request.ts';
import type { ResponseHeaders } from './grpc/response-headers.ts';
import type { HeaderList } from './hpack/encoder.ts';
import type { Connection } from './http2/connection.ts';
import { NO_CONNECTION, StreamTable } from './http2/stream-table.ts';
import { dial } from './transport/dial.ts';
import { formatServerAddress, parseServerAddress, type ServerAddress } from '../server-address.ts';
import { tlsOptions } from './transport/tls-material.ts';
import { Turn } from './turn.ts';
import { int32At } from './typed-access.ts';

export interface GrpcClientOptions {
  /** `host:port`, `[v6]:port` or `unix:/path`. */
  readonly address: string;
  /** null: plaintext. */
  readonly tls: TlsConfig | null;
  /** 0: one at first, and more when the server's stream limit demands it. */
  readonly connections: number;
  /** Of one reconnection: dialling, and then the wait for the server's SETTINGS. */
  readonly connectTimeoutMs: number;
  readonly maxReceiveMessageBytes: number;
  readonly clock: MonotonicClock;
  /** Lower-case name of the trailer whose number becomes CallEnd.llmTimeUs. */
  readonly llmTimeTrailer: string;
  /** For tests of the end of the stream id space. */
  readonly firstStreamId?: number;
  readonly probeTimeoutMs?: number;
}

const NS_PER_MS = 1_000_000;
const MAX_TIMER_MS = 0x7fffffff;
/** Calls that cannot be sent end this much later, so that a closed loop against a dead server does not spin. */
const FAILURE_DELAY_MS = 1;

export class GrpcClient {
  /** The clock reading of the turn: the time of every event that a CallSink hears of. */
  readonly turn: Turn;
  readonly #options: GrpcClientOptions;
  readonly #address: ServerAddress;
  readonly #streams = new StreamTable();
  readonly #deadlines = new DeadlineList(0);
  readonly #calls: Calls;
  readonly #backends = new BackendLedger();
  readonly #pool: ConnectionPool;
  #deadlineTimer: NodeJS.Timeout | null = null;
  #deadlineTimerDueNs = Infinity;
  #failureTimer: NodeJS.Timeout | null = null;
  #tickScheduled = false;
  #closed = false;

  /** Throws BenchmarkError 'config-invalid'. */
  constructor(options: GrpcClientOptions, sink: CallSink) {
    this.#options = options;
    this.#address = parseServerAddress(options.address);
    this.turn = new Turn(options.clock);
    this.#pool = this.#createPool();
    this.#calls = new Calls({
      carriers: this.#pool,
      deadlines: this.#deadlines,
      turn: this.turn,
      sink,
      maxReceiveBytes: options.maxReceiveMessageBytes,
    });
  }

  /** Throws BenchmarkError 'target-unreachable'. */
  connect(timeoutMs: number): Promise<void> {
    return this.#pool.connect(timeoutMs);
  }

  /** Makes room for slots 0 … capacity-1. Only while no call is under way. */
  reserve(capacity: number): void {
    if (capacity <= this.#streams.capacity) return;
    this.#streams.grow(capacity);
    this.#deadlines.grow(capacity);
    this.#calls.grow(capacity);
  }

  /** Headers of a method, to be shared by all requests to it. */
  headersFor(
    path: string,
    options: { timeoutMs: number; metadata?: Readonly<Record<string, string>> },
  ): HeaderList {
    return requestHeaders({
      scheme: this.#options.tls === null ? 'http' : 'https',
      authority: this.#authority(),
      path,
      timeoutMs: options.timeoutMs,
      metadata: options.metadata ?? {},
    });
  }

  /** Begins a call in a free slot; its end comes through the sink, never before this returns. */
  start(slot: number, request: GrpcRequest): void {
    this.#calls.start(slot, request);
    if (!this.turn.active) this.#scheduleTick();
  }

  cancel(slot: number): void {
    this.turn.refresh();
    this.#calls.cancel(slot);
    if (!this.turn.active) this.#scheduleTick();
  }

  facts(): ConnectionFacts {
    return {
      address: formatServerAddress(this.#address),
      connections: this.#pool.size,
      reconnects: this.#pool.reconnects,
      maxConcurrentStreams: this.#pool.streamLimit,
      engine: 'wire',
      threads: 1,
      locallyQueuedCalls: this.#calls.everQueued,
      ...(this.#address.kind === 'unix' ? {} : { backends: this.#backends.shares() }),
    };
  }

  /** Calls under way end with CANCELLED. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#inTurn(() => {
      this.#calls.cancelAll('the engine was closed');
      this.#pool.flush();
      this.#pool.close();
    });
    if (this.#deadlineTimer !== null) clearTimeout(this.#deadlineTimer);
  }

  #createPool(): ConnectionPool {
    const { connections, connectTimeoutMs, llmTimeTrailer } = this.#options;
    const { firstStreamId, probeTimeoutMs } = this.#options;
    const tls = this.#options.tls === null ? null : tlsOptions(this.#options.tls, this.#hostName());
    return new ConnectionPool(
      {
        connections,
        address: formatServerAddress(this.#address),
        security: tls === null ? 'plaintext' : 'TLS',
        settingsTimeoutMs: connectTimeoutMs,
        streams: this.#streams,
        backends: this.#backends,
        sink: {
          onHeaders: (slot, headers, endStream) => this.#calls.onHeaders(slot, headers, endStream),
          onData: (slot, frame, endStream) => this.#calls.onData(slot, frame, endStream),
          onReset: (slot, code) => this.#calls.onReset(slot, code),
          onStreamFault: (slot, reason) => this.#calls.onStreamFault(slot, reason),
          onLost: (slot, reason) => this.#calls.onLost(slot, reason),
        },
        llmTimeTrailer,
        ...(firstStreamId === undefined ? {} : { firstStreamId }),
        ...(probeTimeoutMs === undefined ? {} : { probeTimeoutMs }),
      },
      {
        dial: (rotation, onRead) =>
          dial({
            address: this.#address,
            tls,
            timeoutMs: connectTimeoutMs,
            rotation,
            onResolved: (addresses) => this.#backends.resolved(addresses),
            onRead,
          }),
        onRead: (connection, bytes, length) => this.#onRead(connection, bytes, length),
        inTurn: (change) => this.#inTurn(change),
        onCapacity: () => this.#calls.drainQueue(),
        onDown: () => this.#calls.failQueue(),
      },
    );
  }

  #hostName(): string {
    return this.#address.kind === 'tcp' ? this.#address.host : '';
  }

  #authority(): string {
    const name = this.#options.tls?.serverName ?? null;
    if (name !== null) return name;
    return this.#address.kind === 'unix' ? 'localhost' : formatServerAddress(this.#address);
  }

  #onRead(connection: Connection<ResponseHeaders>, bytes: Buffer, length: number): void {
    const turn = this.turn;
    const nested = turn.active;
    if (!nested) turn.begin();
    // An answer that is read after the deadline came too late, even if the loop had no time for the timer.
    if (this.#deadlines.nextDueNs <= turn.nowNs) this.#expire();
    connection.receive(bytes, length, turn.nowNs);
    if (!nested) this.#endTurn();
  }

  #inTurn(change: () => void): void {
    if (this.turn.active) {
      change();
      return;
    }
    this.turn.begin();
    change();
    this.#endTurn();
  }

  #endTurn(): void {
    this.turn.active = false;
    this.#settle();
  }

  #scheduleTick(): void {
    if (this.#tickScheduled) return;
    this.#tickScheduled = true;
    process.nextTick(this.#onTick);
  }

  readonly #onTick = (): void => {
    this.#tickScheduled = false;
    this.#settle();
  };

  /** What every turn ends with: deadlines start to run, output leaves, timers are set. */
  #settle(): void {
    const deadlines = this.#deadlines;
    if (deadlines.hasFresh) deadlines.stamp(this.turn.readClock());
    this.#pool.flush();
    if (deadlines.nextDueNs < this.#deadlineTimerDueNs) this.#armDeadlineTimer();
    if (this.#calls.failing > 0 && this.#failureTimer === null) {
      this.#failureTimer = setTimeout(this.#onFailureTimer, FAILURE_DELAY_MS);
    }
  }

  /** An armed timer for an earlier time is left alone: it finds nothing due and is set anew, once per timeout. */
  #armDeadlineTimer(): void {
    if (this.#deadlineTimer !== null) clearTimeout(this.#deadlineTimer);
    const dueNs = this.#deadlines.nextDueNs;
    this.#deadlineTimerDueNs = dueNs;
    const delayMs = Math.ceil((dueNs - this.turn.readClock()) / NS_PER_MS);
    this.#deadlineTimer = setTimeout(
      this.#onDeadlineTimer,
      Math.min(Math.max(delayMs, 1), MAX_TIMER_MS),
    );
  }

  readonly #onDeadlineTimer = (): void => {
    this.#deadlineTimer = null;
    this.#deadlineTimerDueNs = Infinity;
    this.#inTurn(() => this.#expire());
  };

  readonly #onFailureTimer = (): void => {
    this.#failureTimer = null;
    const reason = this.#pool.downReason ?? 'no connection could be had when the call began';
    this.#inTurn(() => this.#calls.reportFailing(reason));
  };

  #expire(): void {
    const nowNs = this.turn.nowNs;
    for (let slot = this.#deadlines.takeDue(nowNs); slot >= 0;) {
      const id = int32At(this.#streams.connection, slot);
      if (id !== NO_CONNECTION) this.#pool.suspect(id, nowNs - this.#deadlines.timeoutOf(slot));
      this.#calls.expire(slot);
      slot = this.#deadlines.takeDue(nowNs);
    }
  }
}
