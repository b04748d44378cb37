// One measurement at a time on a host, whichever worker, checkout or user it belongs to: two would share the cores and
// neither number would be true. The lock is a listening socket, so the kernel lifts it however its holder dies.

import { createServer, connect, type Server } from 'node:net';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface HeldLock {
  release(): Promise<void>;
}

const DEFAULT_NAME = 'loombench-measuring';
const RETRY_MS = 250;

/**
 * The lock's name: LOOMBENCH_HOST_LOCK, so that hosts which are split by cpusets can have several; null when it is `off`.
 */
export function hostLockName(env: NodeJS.ProcessEnv = process.env): string | null {
  const name = env['LOOMBENCH_HOST_LOCK'];
  if (name === 'off') return null;
  return name === undefined || name === '' ? DEFAULT_NAME : name;
}

/**
 * Waits until the lock is ours, telling `onWait` once when somebody else has it; rejects with the signal's reason when it
 * aborts before.
 */
export async function acquireHostLock(
  name: string | null,
  signal: AbortSignal,
  onWait: () => void = () => undefined,
): Promise<HeldLock> {
  if (name === null) return { release: () => Promise.resolve() };
  for (let waits = 0; ; waits += 1) {
    signal.throwIfAborted();
    const lock = await tryLock(name);
    if (lock !== null) return lock;
    if (waits === 0) onWait();
    await delay(RETRY_MS, signal);
  }
}

/** The lock of that name, or null when somebody holds it. */
export async function tryLock(name: string): Promise<HeldLock | null> {
  const path = lockPath(name);
  let server = await tryListen(path);
  if (server === null && (await removeIfDead(path))) server = await tryListen(path);
  if (server === null) return null;
  const held = server;
  return { release: () => closeServer(held) };
}

/** Linux has socket names without a file, which nothing has to clean up. */
function lockPath(name: string): string {
  if (process.platform === 'linux') return `\0${name}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  return join(tmpdir(), `${name}.sock`);
}

function tryListen(path: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    });
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** A socket file outlives its holder; one that nobody answers on is only a file. */
async function removeIfDead(path: string): Promise<boolean> {
  if (!path.startsWith('/')) return false;
  const alive = await new Promise<boolean>((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED'));
  });
  if (!alive) await rm(path, { force: true });
  return !alive;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
