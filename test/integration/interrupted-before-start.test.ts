// Ctrl-C in the moment between the first byte to the server and its answer: the connection then comes about all the same,
// and what was asked for must not be started over it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import {
  connectToTemporal,
  embeddedTemporal,
  type TemporalConnection,
} from '../../src/temporal/connection.ts';
import { startCli, temporalCliPath, temporaryDirectory } from '../support/cli-process.ts';
import { DevServer } from '../support/dev-server.ts';
import { waitFor } from '../support/wait-for.ts';

const onLinux = { skip: process.platform !== 'linux' && 'looks into /proc' };

/** Takes connections at once, and passes nothing on before it is told to. */
class Holdback {
  readonly #server: Server;
  #held: Socket[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  static async before(address: string): Promise<Holdback> {
    const [host = '', port = ''] = address.split(':');
    const holdback: Holdback = new Holdback(
      createServer((inner) => {
        inner.pause();
        inner.on('error', () => undefined);
        holdback.#held.push(inner);
      }),
    );
    holdback.#release = (inner) => {
      const outer = connect(Number(port), host);
      outer.on('error', () => inner.destroy());
      inner.on('close', () => outer.destroy());
      outer.on('close', () => inner.destroy());
      inner.pipe(outer).pipe(inner);
    };
    await new Promise<void>((resolve) => holdback.#server.listen(0, '127.0.0.1', resolve));
    return holdback;
  }

  #release: (inner: Socket) => void = () => undefined;

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get held(): number {
    return this.#held.length;
  }

  release(): void {
    this.#held.forEach((inner) => this.#release(inner));
    this.#held = [];
    this.#server.on('connection', (inner: Socket) => this.#release(inner));
  }

  close(): void {
    this.#held.forEach((inner) => inner.destroy());
    this.#server.close();
  }
}

function hasTakenItsSignals(pid: number): boolean {
  return /^ShdPnd:\s*0+$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

describe('a command that is interrupted while the server has not answered yet', onLinux, () => {
  let cwd = '';
  let removeDirectory: () => Promise<void> = () => Promise.resolve();
  let server: DevServer;
  let connection: TemporalConnection;
  before(async () => {
    const directory = await temporaryDirectory();
    cwd = directory.directory;
    removeDirectory = directory.remove;
    server = await DevServer.start(await temporalCliPath(), cwd);
    connection = await connectToTemporal(embeddedTemporal(server.address));
  });
  after(async () => {
    await connection.close();
    await server.kill();
    await removeDirectory();
  });

  const isThere = {
    workflow: (id: string) => connection.client.workflow.getHandle(id).describe(),
    schedule: (id: string) => connection.client.schedule.getHandle(id).describe(),
  };

  for (const [kind, id, ...args] of [
    ['workflow', 'early', 'run', 'quick', '--id', 'early', '--no-worker'],
    ['workflow', 'early-own', 'run', 'quick', '--id', 'early-own'],
    ['workflow', 'early-suite', 'suite', 'quick', '--id', 'early-suite', '--no-worker'],
    ['schedule', 'early-nightly', 'schedule', 'create', 'early-nightly', '--at', '02:30', 'quick'],
  ] as const) {
    it(`starts nothing although it is connected in the end, and says so: ${args.join(' ')}`, async () => {
      const holdback = await Holdback.before(server.address);
      try {
        const command = startCli(args, { cwd, env: { TEMPORAL_ADDRESS: holdback.address } });
        await waitFor('it connects', () => holdback.held > 0);
        command.kill('SIGINT');
        await waitFor('it has taken the signal', () => hasTakenItsSignals(command.pid));
        holdback.release();
        const { exitCode, stdout, stderr } = await command.ended;
        assert.equal(exitCode, 130, stderr);
        assert.equal(stdout, '');
        assert.match(stderr, /^Interrupted .*: nothing was started or changed\.$/m);
        await assert.rejects(isThere[kind](id), /not.?found/i);
      } finally {
        holdback.close();
      }
    });
  }
});
