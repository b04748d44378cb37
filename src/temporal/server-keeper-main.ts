// The keeper's process. Arguments: state directory, path and version of the Temporal CLI.

import { createWriteStream } from 'node:fs';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { tryLock, type HeldLock } from '../runtime/host-lock.ts';
import { ServerKeeper } from './server-keeper.ts';
import { serverPaths } from './server-state.ts';
import { makeDirectory } from '../runtime/make-directory.ts';

/** A keeper that is about to end holds the lock until its server is down. */
const LOCK_TIMEOUT_MS = 30_000;
const LOCK_POLL_MS = 100;
const MAX_LOG_BYTES = 4 * 1024 * 1024;

const [stateDirectory, cliPath, temporalVersion] = process.argv.slice(2);
if (stateDirectory === undefined || cliPath === undefined || temporalVersion === undefined) {
  throw new Error('three arguments expected');
}
// The socket and the database are the user's own.
process.umask(0o077);
await makeDirectory(resolve(stateDirectory));
const paths = serverPaths(stateDirectory);

const lock = await waitForLock();
if (lock !== null) {
  const keeper = new ServerKeeper({ paths, cliPath, temporalVersion, log: boundedLog(paths.log) });
  process.on('SIGHUP', () => undefined);
  process.on('SIGINT', () => keeper.stop());
  process.on('SIGTERM', () => keeper.stop());
  await keeper.run();
  await lock.release();
}
process.exit(0);

/** null: another keeper serves this state directory. */
async function waitForLock(): Promise<HeldLock | null> {
  for (let waited = 0; waited < LOCK_TIMEOUT_MS; waited += LOCK_POLL_MS) {
    const held = await tryLock(paths.lockName);
    if (held !== null) return held;
    if (await someoneServes()) return null;
    await delay(LOCK_POLL_MS);
  }
  return null;
}

function someoneServes(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(paths.socket, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function boundedLog(path: string): (text: string) => void {
  const stream = createWriteStream(path, { flags: 'w' });
  stream.on('error', () => undefined);
  let written = 0;
  return (text) => {
    if (written > MAX_LOG_BYTES) return;
    const line = `${new Date().toISOString()} ${text}\n`;
    written += line.length;
    stream.write(line);
  };
}
