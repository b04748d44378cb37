import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { describe, it } from 'node:test';
import { claimPort, claimReserved, reservePort } from '../../src/temporal/free-port.ts';

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
    const stranger = await listening(0);
    const { port } = stranger.address() as AddressInfo; // it listens on TCP
    const claimed = await claimPort([port]);
    assert.notEqual(claimed.port, port);
    await claimed.release();
    await close(stranger);
  });

  it('stays reserved for a successor while the left-over still listens there, whoever else wants it', async () => {
    const leftOver = await listening(0);
    const { port } = leftOver.address() as AddressInfo; // it listens on TCP
    const reserved = await reservePort(port);
    // Rivals who ask for this very port from now on, beside the end of the left-over.
    const rivals = Array.from({ length: 20 }, () => claimPort([port]));
    const mine = claimReserved(reserved, []);
    await close(leftOver);
    assert.equal((await mine).port, port);
    for (const rival of await Promise.all([...rivals, claimPort([port])])) {
      assert.notEqual(rival.port, port);
      await rival.release();
    }
    await (await mine).release();
  });

  it('is reserved although somebody looks at it at that moment', async () => {
    const leftOver = await listening(0);
    const { port } = leftOver.address() as AddressInfo; // it listens on TCP
    const looks = Array.from({ length: 5 }, () => claimPort([port]));
    const reserved = await reservePort(port);
    assert.equal(reserved?.port, port);
    for (const look of await Promise.all(looks)) await look.release();
    await reserved.release();
    await close(leftOver);
  });

  it('is not reserved while another has it, nor when it is no port', async () => {
    const owner = await claimPort([]);
    assert.equal(await reservePort(owner.port), null);
    assert.equal(await reservePort(0), null);
    await owner.release();
  });

  it('is another one when what listens on the reserved one stays, and the claim is let go', async () => {
    const stranger = await listening(0);
    const { port } = stranger.address() as AddressInfo; // it listens on TCP
    const claimed = await claimReserved(await reservePort(port), []);
    assert.notEqual(claimed.port, port);
    const again = await reservePort(port);
    assert.equal(again?.port, port);
    await again.release();
    await claimed.release();
    await close(stranger);
  });
});

async function listening(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return server;
}

function close(server: Server): Promise<unknown> {
  return new Promise((resolve) => server.close(resolve));
}
