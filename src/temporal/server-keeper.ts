// The owner of the embedded server: keeps it running while anybody holds it, starts it again when it dies, ends it when
// nobody is left. It is a process of its own, apart from every terminal, so that it outlives whoever started it.

import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { LOOPBACK, startDevServer, type DevServerProcess } from './dev-server-process.ts';
import { claimPort, claimReserved, isFree, reservePort, type ClaimedPort } from './free-port.ts';
import { encodeMessage, type KeeperMessage } from './keeper-protocol.ts';
import { endLeftoverServer } from './leftover-server.ts';
import {
  readServerRecord,
  writeServerRecord,
  type ServerPaths,
  type ServerRecord,
} from './server-state.ts';

export interface KeeperOptions {
  readonly paths: ServerPaths;
  readonly cliPath: string;
  readonly temporalVersion: string;
  /** Every line the server or the keeper has to say. */
  readonly log: (text: string) => void;
}

const DEFAULT_PORT = 7233;
const DEFAULT_UI_PORT = 8233;
/** Long enough for a client to come back after its own restart, short enough not to look like an orphan. */
const IDLE_MS = 2_000;
const FIRST_CLIENT_MS = 15_000;
const START_TIMEOUT_MS = 30_000;
const STOP_GRACE_MS = 10_000;
/** A server that ran this long before it died was well: its death is news, not a loop. */
const HEALTHY_MS = 10_000;
const MAX_QUICK_DEATHS = 5;
const BACKOFF_MS = 250;
const MAX_BACKOFF_MS = 4_000;
const LOG_TAIL_CHARS = 4_096;

interface ClaimedPorts {
  readonly port: number;
  readonly uiPort: number;
  release(): Promise<void>;
}

export class ServerKeeper {
  readonly #options: KeeperOptions;
  readonly #holders = new Set<Socket>();
  readonly #stop = new AbortController();
  readonly #door: Server;
  #last: KeeperMessage | null = null;
  #idleTimer: NodeJS.Timeout | undefined;
  #tail = '';

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#door = createServer((socket) => this.#admit(socket));
  }

  /** Serves until nobody holds the server any more, `stop` is called, or the server cannot be kept alive. */
  async run(): Promise<void> {
    await this.#openDoor();
    this.#armIdleTimer(FIRST_CLIENT_MS);
    try {
      await this.#serve();
    } finally {
      clearTimeout(this.#idleTimer);
      this.#closeDoor();
    }
  }

  stop(): void {
    if (this.#stopping()) return;
    // From now on newcomers start a keeper of their own, which waits until this one has let go.
    this.#closeDoor();
    this.#stop.abort();
  }

  #stopping(): boolean {
    return this.#stop.signal.aborted;
  }

  async #serve(): Promise<void> {
    const { paths } = this.#options;
    const previous = await readServerRecord(paths.record);
    // Reserved before the left-over server ends: clients look for us there, and another's server would take what is free.
    const main = await reserveAgain(previous?.address);
    const ui = await reserveAgain(previous?.uiAddress);
    if (previous !== null && (await endLeftoverServer(previous, paths.database))) {
      this.#note(`ended the server ${previous.temporalPid} that a killed keeper left behind`);
    }
    let ports = both(
      await claimReserved(main, [DEFAULT_PORT]),
      await claimReserved(ui, [DEFAULT_UI_PORT]),
    );
    for (let quickDeaths = 0; !this.#stop.signal.aborted;) {
      const life = await this.#serveOnce(ports);
      if (this.#stopping()) break;
      quickDeaths = life.livedMs >= HEALTHY_MS ? 0 : quickDeaths + 1;
      if (quickDeaths >= MAX_QUICK_DEATHS) {
        this.#giveUp(life.reason);
        break;
      }
      this.#tell({ kind: 'restarting', reason: life.reason });
      const pause = Math.min(BACKOFF_MS * 2 ** quickDeaths, MAX_BACKOFF_MS);
      await delay(pause, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      ports = await this.#stillOurs(ports);
    }
    await ports.release();
    rmSync(paths.record, { force: true });
  }

  /** A stranger may have come to listen where our server died. */
  async #stillOurs(ports: ClaimedPorts): Promise<ClaimedPorts> {
    if ((await isFree(ports.port)) && (await isFree(ports.uiPort))) return ports;
    const others = both(await claimPort([DEFAULT_PORT]), await claimPort([DEFAULT_UI_PORT]));
    await ports.release();
    return others;
  }

  /** One life of the server process: from its start to its death or our stop. */
  async #serveOnce({ port, uiPort }: ClaimedPorts): Promise<{ reason: string; livedMs: number }> {
    const startedAt = performance.now();
    const server = startDevServer({
      cliPath: this.#options.cliPath,
      port,
      uiPort,
      databasePath: this.#options.paths.database,
      onOutput: (text) => this.#note(text.trimEnd()),
    });
    const stopped = onceAborted(this.#stop.signal);
    try {
      await this.#record(server, port, uiPort);
      await Promise.race([server.portOpen(START_TIMEOUT_MS), stopped]);
      if (!this.#stopping()) this.#announce(port, uiPort);
    } catch (error) {
      await server.stop(STOP_GRACE_MS);
      const reason = error instanceof Error ? error.message : String(error);
      return { reason: `${reason}; ${await server.ended}`, livedMs: 0 };
    }
    await Promise.race([server.ended, stopped]);
    await server.stop(STOP_GRACE_MS);
    return { reason: await server.ended, livedMs: performance.now() - startedAt };
  }

  #announce(port: number, uiPort: number): void {
    this.#tell({
      kind: 'ready',
      address: `${LOOPBACK}:${port}`,
      uiAddress: `http://${LOOPBACK}:${uiPort}`,
      temporalVersion: this.#options.temporalVersion,
    });
  }

  async #record(server: DevServerProcess, port: number, uiPort: number): Promise<void> {
    const record: ServerRecord = {
      version: 1,
      address: `${LOOPBACK}:${port}`,
      uiAddress: `http://${LOOPBACK}:${uiPort}`,
      keeperPid: process.pid,
      temporalPid: server.pid,
      temporalVersion: this.#options.temporalVersion,
      startedAtUtc: new Date().toISOString(),
    };
    await writeServerRecord(this.#options.paths.record, record);
  }

  #giveUp(reason: string): void {
    this.#tell({
      kind: 'failed',
      message: `The embedded Temporal server does not stay up (${reason}). Its last words: ${this.#tail.trim() || 'none'}`,
    });
    for (const holder of this.#holders) holder.end();
  }

  #admit(socket: Socket): void {
    this.#holders.add(socket);
    clearTimeout(this.#idleTimer);
    const leave = (): void => {
      this.#holders.delete(socket);
      if (this.#holders.size === 0) this.#armIdleTimer(IDLE_MS);
    };
    socket.on('error', () => undefined);
    socket.once('close', leave);
    socket.resume();
    if (this.#last !== null) socket.write(encodeMessage(this.#last));
  }

  #armIdleTimer(ms: number): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => this.stop(), ms);
  }

  #tell(message: KeeperMessage): void {
    this.#last = message;
    this.#note(JSON.stringify(message));
    for (const holder of this.#holders) holder.write(encodeMessage(message));
  }

  #note(text: string): void {
    this.#tail = `${this.#tail}\n${text}`.slice(-LOG_TAIL_CHARS);
    this.#options.log(text);
  }

  #openDoor(): Promise<void> {
    const { socket } = this.#options.paths;
    // We hold the state directory's lock: a socket that is there belongs to nobody.
    rmSync(socket, { force: true });
    return new Promise((resolve, reject) => {
      this.#door.once('error', reject);
      this.#door.listen(socket, resolve);
    });
  }

  #closeDoor(): void {
    // Node removes the socket's file with it.
    if (this.#door.listening) this.#door.close();
  }
}

function both(main: ClaimedPort, ui: ClaimedPort): ClaimedPorts {
  return {
    port: main.port,
    uiPort: ui.port,
    release: async () => {
      await main.release();
      await ui.release();
    },
  };
}

async function reserveAgain(address: string | undefined): Promise<ClaimedPort | null> {
  const match = /:(\d+)$/.exec(address ?? '');
  return match === null ? null : reservePort(Number(match[1]));
}

function onceAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
