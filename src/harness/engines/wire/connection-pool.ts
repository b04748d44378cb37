// The connections of one engine: dialled ahead of the load, replaced when the server ends them, and, when the engine may
// choose their number, joined by more while the server's stream limit makes calls wait.

import type { Socket } from 'node:net';
import { BenchmarkError } from '../../../contract/failure.ts';
import type { BackendLedger } from './backend-ledger.ts';
import type { Carriers } from './grpc/call-ports.ts';
import { type ResponseHeaders, ResponseHeaderReader } from './grpc/response-headers.ts';
import { Connection } from './http2/connection.ts';
import type { ConnectionEvents, StreamSink } from './http2/connection-ports.ts';
import type { StreamTable } from './http2/stream-table.ts';
import { DialError } from './transport/dial.ts';
import { EarlyReads } from './transport/early-reads.ts';

export interface PoolPorts {
  /** Dials; reads go to `onRead`. Throws DialError. */
  dial(rotation: number, onRead: (bytes: Buffer, length: number) => void): Promise<Socket>;
  /** Bytes were read on a connection. */
  onRead(connection: Connection<ResponseHeaders>, bytes: Buffer, length: number): void;
  /** Something outside a turn changed: `change` is to run inside one. */
  inTurn(change: () => void): void;
  /** Calls that wait may find a stream now. */
  onCapacity(): void;
  /** No connection can be had at present. */
  onDown(): void;
}

export interface PoolOptions {
  /** 0: one at first, and more when the server's stream limit demands it. */
  readonly connections: number;
  readonly address: string;
  readonly security: 'plaintext' | 'TLS';
  readonly settingsTimeoutMs: number;
  readonly streams: StreamTable;
  readonly backends: BackendLedger;
  readonly sink: StreamSink<ResponseHeaders>;
  readonly llmTimeTrailer: string;
  readonly firstStreamId?: number;
  /** How long a connection that seems dead may leave a PING without any answer. */
  readonly probeTimeoutMs?: number;
}

/** One of the pool's places: a connection, or the attempt to have one. */
interface Place {
  readonly index: number;
  phase: 'connecting' | 'open' | 'waiting';
  connection: Connection<ResponseHeaders> | null;
  /** Connections in a row that failed or ended without having served a call. */
  failures: number;
  /** The last attempt failed and none has succeeded since. */
  down: boolean;
  lastFailure: DialError | null;
  /** Of the next attempt, or of the wait for SETTINGS. */
  timer: NodeJS.Timeout | null;
}

export const MAX_AUTO_CONNECTIONS = 64;
const PROBE_TIMEOUT_MS = 10_000;
const MAX_EXPONENT = 20;
const FIRST_BACKOFF_MS = 50;
const BACKOFF_FACTOR = 1.6;
/** A restarted server is to be found again well within five seconds. */
const MAX_BACKOFF_MS = 2000;

export class ConnectionPool implements Carriers, ConnectionEvents {
  readonly #options: PoolOptions;
  readonly #ports: PoolPorts;
  readonly #places: Place[] = [];
  /** Every connection that is not closed; also those that drain and have left their place. */
  #alive: Connection<ResponseHeaders>[] = [];
  #nextId = 1;
  #nextPlace = 0;
  #reconnects = 0;
  #lastStreamLimit: number | null = null;
  #downReason: string | null = null;
  #closed = false;
  #onSettled: ((outcome: 'open' | 'failed') => void) | null = null;

  constructor(options: PoolOptions, ports: PoolPorts) {
    this.#options = options;
    this.#ports = ports;
    for (let index = 0; index < Math.max(1, options.connections); index += 1) this.#addPlace();
  }

  get size(): number {
    return this.#places.length;
  }

  get reconnects(): number {
    return this.#reconnects;
  }

  /** The server's MAX_CONCURRENT_STREAMS as last heard; null when it sets none. */
  get streamLimit(): number | null {
    const open = this.#places.find((place) => place.phase === 'open')?.connection ?? null;
    if (open !== null) this.#lastStreamLimit = open.settings.maxConcurrentStreams;
    return this.#lastStreamLimit;
  }

  get downReason(): string | null {
    return this.#downReason;
  }

  /** Opens every connection. Throws BenchmarkError 'target-unreachable'. */
  async connect(timeoutMs: number): Promise<void> {
    for (const place of this.#places) this.#connect(place);
    if ((await this.#settled(timeoutMs)) === 'open') return;
    const failure = this.#places.find((place) => place.phase !== 'open')?.lastFailure ?? null;
    this.close();
    const { address, security } = this.#options;
    const final = failure !== null && !failure.retryable;
    throw new BenchmarkError(
      'target-unreachable',
      `No connection to ${address}${final ? '' : ` within ${timeoutMs} ms`} (${security}): ` +
        `${failure?.message ?? 'nothing answered'}. Check that the server runs there and that the address is right.`,
      {
        ...(failure === null ? {} : { cause: failure }),
        details: { serverAddr: address, connectTimeoutMs: timeoutMs },
      },
    );
  }

  pick(): Connection<ResponseHeaders> | null {
    const places = this.#places;
    const count = places.length;
    for (let tried = 0; tried < count; tried += 1) {
      const index = this.#nextPlace;
      this.#nextPlace = index + 1 < count ? index + 1 : 0;
      const connection = places[index]?.connection ?? null;
      if (connection?.hasCapacity === true) return connection;
    }
    return null;
  }

  onDemand(waiting: number): void {
    const limit = this.streamLimit;
    if (this.#options.connections !== 0 || limit === null || limit === 0) return;
    if (!this.#places.some((place) => place.phase === 'open')) return;
    const coming = this.#places.filter((place) => place.phase !== 'open').length;
    let wanted = Math.ceil(waiting / limit) - coming;
    while (wanted > 0 && this.#places.length < MAX_AUTO_CONNECTIONS) {
      this.#connect(this.#addPlace());
      wanted -= 1;
    }
  }

  flush(): void {
    for (const connection of this.#alive) connection.flush();
  }

  /**
   * A call on the connection ran into its deadline. When nothing at all was read since the call began, the connection may
   * be dead without a sign: it is asked for one, and lost when none comes.
   */
  suspect(id: number, callBeganNs: number): void {
    const connection = this.#alive.find((one) => one.id === id);
    if (connection === undefined || connection.lastReadNs >= callBeganNs) return;
    if (!connection.startProbe()) return;
    const { probeTimeoutMs = PROBE_TIMEOUT_MS } = this.#options;
    const timer = setTimeout(() => {
      if (!connection.probing) return;
      this.#ports.inTurn(() => connection.lose(`no answer to PING within ${probeTimeoutMs} ms`));
    }, probeTimeoutMs);
    timer.unref();
  }

  close(): void {
    this.#closed = true;
    this.#downReason = 'the engine is closed';
    for (const place of this.#places) {
      if (place.timer !== null) clearTimeout(place.timer);
      place.timer = null;
    }
    for (const connection of this.#alive.slice()) {
      connection.retire();
      connection.lose('the engine is closed');
    }
  }

  onReady(id: number): void {
    const place = this.#placeOf(id);
    if (place === null) return;
    if (place.timer !== null) clearTimeout(place.timer);
    place.timer = null;
    place.phase = 'open';
    place.down = false;
    place.lastFailure = null;
    this.#downReason = null;
    this.#ports.onCapacity();
    if (this.#places.every((other) => other.phase === 'open')) this.#onSettled?.('open');
  }

  onCapacity(): void {
    this.#ports.onCapacity();
  }

  onDraining(id: number): void {
    const place = this.#placeOf(id);
    if (place !== null) this.#replace(place, 'the connection is being replaced');
  }

  onClosed(id: number, reason: string): void {
    this.#options.backends.closed(id);
    this.#alive = this.#alive.filter((connection) => connection.id !== id);
    const place = this.#placeOf(id);
    if (place === null || this.#closed) return;
    if (place.phase === 'open') this.#replace(place, reason);
    else this.#fail(place, new DialError(reason, false));
  }

  #addPlace(): Place {
    const place: Place = {
      index: this.#places.length,
      phase: 'waiting',
      connection: null,
      failures: 0,
      down: false,
      lastFailure: null,
      timer: null,
    };
    this.#places.push(place);
    return place;
  }

  #placeOf(id: number): Place | null {
    return this.#places.find((place) => place.connection?.id === id) ?? null;
  }

  #connect(place: Place): void {
    place.phase = 'connecting';
    const reads = new EarlyReads<Connection<ResponseHeaders>>(this.#ports);
    this.#ports
      .dial(place.index, (bytes, length) => reads.onRead(bytes, length))
      .then(
        (socket) => this.#ports.inTurn(() => this.#attach(place, socket, reads)),
        (thrown: unknown) => this.#ports.inTurn(() => this.#fail(place, toDialError(thrown))),
      );
  }

  #attach(place: Place, socket: Socket, reads: EarlyReads<Connection<ResponseHeaders>>): void {
    if (this.#closed) {
      socket.destroy();
      return;
    }
    const { streams, backends, sink, llmTimeTrailer, firstStreamId } = this.#options;
    const connection = new Connection<ResponseHeaders>({
      id: this.#nextId++,
      socket,
      streams,
      sink,
      events: this,
      blocks: new ResponseHeaderReader(llmTimeTrailer),
      ...(firstStreamId === undefined ? {} : { firstStreamId }),
    });
    place.connection = connection;
    this.#alive.push(connection);
    const { remoteAddress } = socket;
    if (remoteAddress !== undefined) {
      backends.opened(connection.id, remoteAddress, () => connection.streamsServed);
    }
    const lose = (reason: string): void => this.#ports.inTurn(() => connection.lose(reason));
    socket.on('error', (error) => lose(`the connection broke: ${error.message}`));
    socket.on('end', () => lose('the server closed the connection'));
    socket.on('close', () => lose('the connection was closed'));
    const limitMs = this.#options.settingsTimeoutMs;
    place.timer = setTimeout(
      () => lose(`it accepted the connection but sent no SETTINGS within ${limitMs} ms`),
      limitMs,
    );
    reads.deliverTo(connection);
  }

  /** The place's connection takes no more streams. */
  #replace(place: Place, reason: string): void {
    const served = (place.connection?.streamsServed ?? 0) > 0;
    place.connection = null;
    if (this.#closed) return;
    this.#reconnects += 1;
    if (served) place.failures = 0;
    if (place.failures === 0) {
      place.failures = served ? 0 : 1;
      this.#connect(place);
    } else {
      this.#fail(place, new DialError(reason, true));
    }
  }

  #fail(place: Place, failure: DialError): void {
    if (place.timer !== null) clearTimeout(place.timer);
    place.timer = null;
    place.connection = null;
    place.phase = 'waiting';
    place.lastFailure = failure;
    place.failures += 1;
    place.down = true;
    if (this.#closed) return;
    if (!failure.retryable && this.#onSettled !== null) {
      this.#onSettled('failed');
      return;
    }
    const backoffMs =
      FIRST_BACKOFF_MS * BACKOFF_FACTOR ** Math.min(place.failures - 1, MAX_EXPONENT);
    place.timer = setTimeout(() => this.#connect(place), Math.min(backoffMs, MAX_BACKOFF_MS));
    if (!this.#places.every((other) => other.down)) return;
    this.#downReason = `no connection to ${this.#options.address}: ${failure.message}`;
    this.#ports.onDown();
  }

  #settled(timeoutMs: number): Promise<'open' | 'failed'> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#onSettled?.('failed'), timeoutMs);
      this.#onSettled = (outcome) => {
        clearTimeout(timer);
        this.#onSettled = null;
        resolve(outcome);
      };
    });
  }
}

function toDialError(thrown: unknown): DialError {
  if (thrown instanceof DialError) return thrown;
  return new DialError(thrown instanceof Error ? thrown.message : String(thrown), false);
}
