// A Temporal server of the test's own, which it may kill and start again on the same port and database.

import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { searchAttributeFlags } from '../../src/contract/search-attributes.ts';
import { claimPort } from '../../src/temporal/free-port.ts';
import { waitFor } from './wait-for.ts';

const READY_MS = 30_000;

export class DevServer {
  readonly address: string;
  readonly #cliPath: string;
  readonly #home: string;
  readonly #port: number;
  readonly #flags: readonly string[];
  #child: ChildProcess | null = null;

  private constructor(
    cliPath: string,
    home: string,
    { port, flags }: { readonly port: number; readonly flags: readonly string[] },
  ) {
    this.#cliPath = cliPath;
    this.#home = home;
    this.#port = port;
    this.#flags = flags;
    this.address = `127.0.0.1:${port}`;
  }

  static async start(
    cliPath: string,
    home: string,
    flags: readonly string[] = [],
  ): Promise<DevServer> {
    const { port } = await claimPort([]);
    const server = new DevServer(cliPath, home, { port, flags });
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    const args = [
      ...['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(this.#port)],
      ...['--db-filename', join(this.#home, 'own-temporal.db'), '--log-level', 'error'],
      ...searchAttributeFlags(),
      ...this.#flags,
    ];
    this.#child = spawn(this.#cliPath, args, { stdio: 'ignore' });
    this.#child.on('error', () => undefined);
    const connection = Connection.lazy({ address: this.address });
    try {
      await waitFor(`a namespace at ${this.address}`, () => hasNamespace(connection), READY_MS);
    } finally {
      await connection.close();
    }
  }

  /** Ends at once; resolves when the process is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }
}

async function hasNamespace(connection: Connection): Promise<true | null> {
  try {
    await connection.workflowService.describeNamespace({ namespace: 'default' });
    return true;
  } catch {
    return null;
  }
}
