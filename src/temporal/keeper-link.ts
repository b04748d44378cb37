// A hold on the embedded server: a connection to its keeper, which is started when there is none and started again when it
// was killed. The server lives while the connection is open.

import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { BenchmarkError } from '../contract/failure.ts';
import { inheritedNodeFlags, siblingModule } from '../runtime/child-process.ts';
import { readMessages, type KeeperMessage } from './keeper-protocol.ts';
import type { ServerPaths } from './server-state.ts';
import type { TemporalCli } from './temporal-cli.ts';

export type ReadyMessage = Extract<KeeperMessage, { kind: 'ready' }>;

export interface KeeperLinkOptions {
  readonly paths: ServerPaths;
  readonly stateDirectory: string;
  readonly findCli: () => Promise<TemporalCli>;
  readonly log: (line: string) => void;
}

const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 100;
/** Keepers that end without a word, one after the other, before that is called a failure. */
const MAX_SILENT_KEEPERS = 20;

export class KeeperLink {
  readonly #options: KeeperLinkOptions;
  #socket: Socket | null = null;
  #closed = false;

  constructor(options: KeeperLinkOptions) {
    this.#options = options;
  }

  /**
   * Joins the keeper or starts one, and waits until its server is ready. A keeper that was just killed may still take a
   * connection while the kernel clears it away: whoever ends without a word is asked again, or followed by another.
   */
  async open(signal: AbortSignal): Promise<{ ready: ReadyMessage; reused: boolean }> {
    for (let silent = 0; silent < MAX_SILENT_KEEPERS; silent += 1) {
      const found = await this.#connect();
      const socket = found ?? (await this.#startKeeper(signal));
      const ready = await this.#readyMessage(socket, signal);
      if (ready !== null) {
        if (this.#isClosed()) socket.destroy();
        this.#watch(socket);
        return { ready, reused: found !== null };
      }
      await delay(POLL_MS);
    }
    throw startFailed('its keeper ended again and again', this.#options.paths.log);
  }

  close(): void {
    this.#closed = true;
    this.#socket?.destroy();
  }

  #isClosed(): boolean {
    return this.#closed;
  }

  #connect(): Promise<Socket | null> {
    return new Promise((resolve) => {
      const socket = connect(this.#options.paths.socket, () => resolve(socket));
      socket.once('error', () => resolve(null));
    });
  }

  async #startKeeper(signal: AbortSignal): Promise<Socket> {
    const cli = await this.#options.findCli();
    for (let waited = 0; waited < READY_TIMEOUT_MS;) {
      const keeper = this.#spawnKeeper(cli);
      // A keeper that finds another one serving ends at once, and that one is then ours too.
      do {
        signal.throwIfAborted();
        const socket = await this.#connect();
        if (socket !== null) return socket;
        await delay(POLL_MS);
        waited += POLL_MS;
      } while (keeper.alive() && waited < READY_TIMEOUT_MS);
    }
    throw startFailed('the process that keeps it does not answer', this.#options.paths.log);
  }

  #spawnKeeper(cli: TemporalCli): { alive(): boolean } {
    const module = siblingModule(import.meta.url, './server-keeper-main');
    const args = [
      ...inheritedNodeFlags(),
      module,
      this.#options.stateDirectory,
      cli.path,
      cli.version,
    ];
    // Detached: a Ctrl-C in the terminal is for the command, not for a server that others may hold.
    const child = spawn(process.execPath, args, { detached: true, stdio: 'ignore' });
    let alive = true;
    child.once('error', () => (alive = false));
    child.once('exit', () => (alive = false));
    child.unref();
    return { alive: () => alive };
  }

  /** null: the keeper was gone before it had said how its server fares. */
  #readyMessage(socket: Socket, signal: AbortSignal): Promise<ReadyMessage | null> {
    const { log, paths } = this.#options;
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        socket.removeListener('close', onClose);
      };
      const fail = (error: Error): void => {
        settle();
        socket.destroy();
        reject(error);
      };
      const onClose = (): void => {
        settle();
        resolve(null);
      };
      const onAbort = (): void =>
        fail(new BenchmarkError('run-cancelled', 'Starting the embedded server was interrupted.'));
      const timer = setTimeout(
        () => fail(startFailed(`it was not ready within ${READY_TIMEOUT_MS / 1000} s`, paths.log)),
        READY_TIMEOUT_MS,
      );
      signal.addEventListener('abort', onAbort, { once: true });
      socket.once('close', onClose);
      socket.on('error', () => undefined);
      readMessages(socket, (message) => {
        if (message.kind === 'restarting') {
          log(`the embedded Temporal server is being started again: ${message.reason}`);
        } else if (message.kind === 'failed') {
          fail(startFailed(message.message, paths.log));
        } else {
          settle();
          resolve(message);
        }
      });
    });
  }

  /** From now on: when the keeper is gone, get another. The socket alone never keeps this process alive. */
  #watch(socket: Socket): void {
    this.#socket = socket;
    socket.unref();
    const reopen = (): void => {
      if (this.#closed) return;
      this.#options.log('the keeper of the embedded Temporal server is gone; starting another');
      this.open(new AbortController().signal).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        this.#options.log(`the embedded Temporal server cannot be kept: ${reason}`);
      });
    };
    if (socket.destroyed) reopen();
    else socket.once('close', reopen);
  }
}

function startFailed(reason: string, logPath: string): BenchmarkError {
  return new BenchmarkError(
    'temporal-start-failed',
    `The embedded Temporal server did not start: ${reason}. Its log is ${logPath}; ` +
      '`loombench doctor` checks the rest, and TEMPORAL_ADDRESS uses a server of your own instead.',
    { details: { logPath } },
  );
}
