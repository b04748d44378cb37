// Ports on the loopback address for a server that is about to start. Between the look at a port and the server's own bind
// another server may take it, and its port then answers to somebody who asks for ours. Against ourselves, a claim helps: a
// lock by the port's name, held for as long as the server is to have it.

import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { tryLock } from '../runtime/host-lock.ts';

const HOST = '127.0.0.1';
const MAX_TRIES = 100;
/** Somebody who only looks at a port holds its claim for a moment; who has it keeps it. */
const RESERVE_TRIES = 10;
const RESERVE_PAUSE_MS = 20;
/** A process that was killed is gone from the process table a little before its sockets are. */
const LET_GO_MS = 2_000;

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

/**
 * The claim of a port whatever listens there now, so that nobody of ours takes it when that ends; null when another process
 * of ours has it.
 */
export async function reservePort(port: number): Promise<ClaimedPort | null> {
  // No port: a record that names 0 names none.
  if (port === 0) return null;
  for (let tries = 0; tries < RESERVE_TRIES; tries += 1) {
    if (tries > 0) await delay(RESERVE_PAUSE_MS);
    const lock = await tryLock(claimName(port));
    if (lock !== null) return { port, release: () => lock.release() };
  }
  return null;
}

/** What was reserved once nobody listens there any more, else (the claim let go) a port as `claimPort` finds it. */
export async function claimReserved(
  reserved: ClaimedPort | null,
  preferred: readonly number[],
): Promise<ClaimedPort> {
  if (reserved === null) return claimPort(preferred);
  const until = performance.now() + LET_GO_MS;
  do {
    if (await isFree(reserved.port)) return reserved;
    await delay(RESERVE_PAUSE_MS);
  } while (performance.now() < until);
  await reserved.release();
  return claimPort(preferred.filter((port) => port !== reserved.port));
}

export async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== null;
}

async function tryClaim(port: number): Promise<ClaimedPort | null> {
  const lock = await tryLock(claimName(port));
  if (lock === null) return null;
  if (await isFree(port)) return { port, release: () => lock.release() };
  await lock.release();
  return null;
}

function claimName(port: number): string {
  return `loombench-port-${port}`;
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
