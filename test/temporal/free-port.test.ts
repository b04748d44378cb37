import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { claimPort } from '../../src/temporal/free-port.ts';

describe('a port for a server that is about to start', () => {
  it('is never given to two, although neither listens on it yet', async () => {
    const first = await claimPort([]);
    const others = await Promise.all(Array.from({ length: 20 }, () => claimPort([first.port])));
    const ports = [first, ...others].map(({ port }) => port);
    assert.equal(new Set(ports).size, ports.length);
    for (const claimed of [first, ...others]) await claimed.release();
  });

  it('is the preferred one again once it was let go', async () => {
    const first = await claimPort([]);
    await first.release();
    const again = await claimPort([first.port]);
    assert.equal(again.port, first.port);
    await again.release();
  });

  it('is another one while a stranger listens there', async () => {
    const stranger = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => stranger.once('listening', resolve));
    const { port } = stranger.address() as AddressInfo; // it listens on TCP
    const claimed = await claimPort([port]);
    assert.notEqual(claimed.port, port);
    await claimed.release();
    await new Promise((resolve) => stranger.close(resolve));
  });
});
