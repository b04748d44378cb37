import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { KeeperLink } from '../../src/temporal/keeper-link.ts';
import { encodeMessage } from '../../src/temporal/keeper-protocol.ts';
import { serverPaths } from '../../src/temporal/server-state.ts';

const READY = {
  kind: 'ready',
  address: '127.0.0.1:1',
  uiAddress: 'http://127.0.0.1:2',
  temporalVersion: '1.9.1',
} as const;

/** A keeper's door that treats its visitors as the test says; `visit` counts from 1. */
async function doorThat(
  t: TestContext,
  treat: (socket: Socket, visit: number) => void,
): Promise<{ link: KeeperLink; visits: () => number }> {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'loombench-link-'));
  const paths = serverPaths(stateDirectory);
  const open = new Set<Socket>();
  let visits = 0;
  const door = createServer((socket) => {
    open.add(socket);
    visits += 1;
    treat(socket, visits);
  });
  await new Promise<void>((resolve) => door.listen(paths.socket, resolve));
  const link = new KeeperLink({
    paths,
    stateDirectory,
    findCli: () => Promise.reject(new Error('a door that answers needs no other keeper')),
    log: () => undefined,
  });
  t.after(() => {
    link.close();
    for (const socket of open) socket.destroy();
    door.close();
    rmSync(stateDirectory, { recursive: true, force: true });
  });
  return { link, visits: () => visits };
}

describe('a hold on the embedded server', () => {
  it('is asked for again when the keeper goes away without a word, as one does that was just killed', async (t) => {
    const { link, visits } = await doorThat(t, (socket, visit) => {
      if (visit <= 3) socket.destroy();
      else socket.write(encodeMessage(READY));
    });
    const { ready } = await link.open(new AbortController().signal);
    assert.deepEqual(ready, READY);
    assert.equal(visits(), 4);
  });

  it('is asked for again when the keeper goes away while its server is being started again', async (t) => {
    const { link, visits } = await doorThat(t, (socket, visit) => {
      if (visit > 1) socket.write(encodeMessage(READY));
      else socket.end(encodeMessage({ kind: 'restarting', reason: 'it was killed by SIGKILL' }));
    });
    await link.open(new AbortController().signal);
    assert.equal(visits(), 2);
  });

  it('is not asked for again when the keeper says that its server cannot be kept', async (t) => {
    const { link, visits } = await doorThat(t, (socket) => {
      socket.end(encodeMessage({ kind: 'failed', message: 'no disk' }));
    });
    await assert.rejects(link.open(new AbortController().signal), {
      code: 'temporal-start-failed',
      message: /no disk/,
    });
    assert.equal(visits(), 1);
  });

  it('fails with the way to the log when keeper after keeper goes away', async (t) => {
    const { link, visits } = await doorThat(t, (socket) => socket.destroy());
    await assert.rejects(link.open(new AbortController().signal), {
      code: 'temporal-start-failed',
      message: /again and again.*server\.log/,
    });
    assert.equal(visits(), 20);
  });

  it('is renewed, without being asked for, when its keeper is killed and the next ones die young', async (t) => {
    let third: (() => void) | undefined;
    const renewed = new Promise<void>((resolve) => (third = resolve));
    const { link } = await doorThat(t, (socket, visit) => {
      if (visit === 2) return void socket.destroy();
      socket.write(encodeMessage(READY));
      if (visit === 1) setImmediate(() => socket.destroy());
      else third?.();
    });
    await link.open(new AbortController().signal);
    await renewed;
  });
});
