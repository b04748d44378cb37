// A byte-level HTTP/2 server that says exactly what a test scripts, right or wrong, and keeps what the client said.

import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import {
  ACK,
  END_STREAM,
  frame,
  parseFrames,
  settings,
  TYPE,
  type TestFrame,
} from './http2-frames.ts';

const PREFACE_BYTES = 24;
/** Long enough for a busy machine. */
const PATIENCE_MS = 20_000;

export interface Script {
  /** Entries of the first SETTINGS; null: send none. Default: none but the frame itself. */
  readonly settings?: readonly (readonly [number, number])[] | null;
  readonly onConnection?: (peer: ScriptedPeer) => void;
  /** A request is whole (END_STREAM came). */
  readonly onRequest?: (peer: ScriptedPeer, streamId: number) => void;
  readonly onFrame?: (peer: ScriptedPeer, frame: TestFrame) => void;
  readonly tls?: TlsOptions;
  /** Keeps nothing of what the client said: for whole loads. */
  readonly forgets?: boolean;
}

/** One connection of a client. */
export class ScriptedPeer {
  readonly socket: Socket;
  /** 1 for the first connection. */
  readonly number: number;
  readonly frames: TestFrame[] = [];
  /** Request DATA bytes per stream. */
  readonly received = new Map<number, number>();
  readonly #script: Script;
  #rest = Buffer.alloc(0);
  #prefaceLeft = PREFACE_BYTES;
  #waiting: (() => void)[] = [];

  constructor(socket: Socket, number: number, script: Script) {
    this.socket = socket;
    this.number = number;
    this.#script = script;
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => this.#onData(bytes));
    if (script.settings !== null) this.send(settings(script.settings ?? []));
    script.onConnection?.(this);
  }

  send(...parts: Uint8Array[]): void {
    if (!this.socket.destroyed) this.socket.write(Buffer.concat(parts));
  }

  /** Sends piece by piece, each in a write (and so, mostly, a read) of its own. */
  async sendSplit(bytes: Buffer, size: number): Promise<void> {
    for (let at = 0; at < bytes.length; at += size) {
      this.send(bytes.subarray(at, at + size));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** The first frame, past or to come, that fits. Rejects when none comes for long. */
  async seen(fits: (frame: TestFrame) => boolean): Promise<TestFrame> {
    const over = new AbortController();
    const patience = setTimeout(() => {
      over.abort();
      this.#wake();
    }, PATIENCE_MS);
    try {
      for (;;) {
        const found = this.frames.find(fits);
        if (found !== undefined) return found;
        if (over.signal.aborted) {
          throw new Error(`no frame within ${PATIENCE_MS} ms that fits ${String(fits)}`);
        }
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
    } finally {
      clearTimeout(patience);
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #onData(bytes: Buffer): void {
    const skipped = Math.min(this.#prefaceLeft, bytes.length);
    this.#prefaceLeft -= skipped;
    const { frames, rest } = parseFrames(Buffer.concat([this.#rest, bytes.subarray(skipped)]));
    this.#rest = Buffer.from(rest);
    for (const one of frames) this.#onFrame(one);
    this.#wake();
  }

  #onFrame(one: TestFrame): void {
    if (this.#script.forgets !== true) this.#keep(one);
    if (one.type === TYPE.settings && (one.flags & ACK) === 0 && this.#script.settings !== null) {
      this.send(frame(TYPE.settings, ACK, 0));
    }
    this.#script.onFrame?.(this, one);
    const carriesEnd = one.type === TYPE.data || one.type === TYPE.headers;
    if (carriesEnd && (one.flags & END_STREAM) !== 0) this.#script.onRequest?.(this, one.streamId);
  }

  #keep(one: TestFrame): void {
    this.frames.push(one);
    if (one.type !== TYPE.data) return;
    const before = this.received.get(one.streamId) ?? 0;
    this.received.set(one.streamId, before + one.payload.length);
  }
}

export interface ScriptedServer {
  readonly address: string;
  readonly port: number;
  readonly peers: readonly ScriptedPeer[];
  /** Ends all connections and the listener. */
  close(): Promise<void>;
}

export async function startScriptedServer(script: Script, port = 0): Promise<ScriptedServer> {
  const peers: ScriptedPeer[] = [];
  const accept = (socket: Socket): void => {
    peers.push(new ScriptedPeer(socket, peers.length + 1, script));
  };
  const server: Server =
    script.tls === undefined ? createServer(accept) : createTlsServer(script.tls, accept);
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('not bound to a port');
  return {
    address: `127.0.0.1:${bound.port}`,
    port: bound.port,
    peers,
    close: () =>
      new Promise((resolve) => {
        for (const peer of peers) peer.socket.destroy();
        server.close(() => resolve());
      }),
  };
}
