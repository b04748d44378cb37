// Ports on the loopback address for a server that is about to start. Between the look at a port and the server's own bind
// another server may take it, and its port then answers to somebody who asks for ours. Against ourselves, a claim helps: a
// lock by the port's name, held for as long as the server is to have it.

import { createServer, type AddressInfo } from 'node:net';
import { tryLock } from '../runtime/host-lock.ts';

const HOST = '127.0.0.1';
const MAX_TRIES = 100;

export interface ClaimedPort {
  readonly port: number;
  /** The kernel does it, too, when the process ends. */
  release(): Promise<void>;
}

/** The first of `preferred` that is free and that no other process of ours has claimed, else one that the system picks. */
export async function claimPort(preferred: readonly number[]): Promise<ClaimedPort> {
  for (const port of preferred) {
    const claimed = await tryClaim(port);
    if (claimed !== null) return claimed;
  }
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const port = await listenOnce(0);
    const claimed = port === null ? null : await tryClaim(port);
    if (claimed !== null) return claimed;
  }
  throw new Error(`the system has no free port on ${HOST}`);
}

export async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== null;
}

async function tryClaim(port: number): Promise<ClaimedPort | null> {
  const lock = await tryLock(`loombench-port-${port}`);
  if (lock === null) return null;
  if (await isFree(port)) return { port, release: () => lock.release() };
  await lock.release();
  return null;
}

function listenOnce(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, HOST, () => {
      // A listening TCP server has an AddressInfo, never a path.
      const { port: bound } = server.address() as AddressInfo;
      server.close(() => resolve(bound));
    });
  });
}
