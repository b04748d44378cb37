// Where the embedded server of a state directory lives, and the note about it that survives its keeper.

import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** `server.json`. */
export interface ServerRecord {
  readonly version: 1;
  readonly address: string;
  readonly uiAddress: string;
  readonly keeperPid: number;
  readonly temporalPid: number;
  readonly temporalVersion: string;
  readonly startedAtUtc: string;
}

export interface ServerPaths {
  readonly socket: string;
  readonly record: string;
  readonly database: string;
  readonly log: string;
  /** Name of the lock that makes a keeper the only one of its state directory. */
  readonly lockName: string;
}

/** sun_path holds 104 bytes on macOS, 108 on Linux, with the closing zero. */
const MAX_SOCKET_PATH_BYTES = 100;

export function serverPaths(stateDirectory: string): ServerPaths {
  const directory = resolve(stateDirectory);
  const hash = createHash('sha256').update(directory).digest('hex').slice(0, 16);
  const socket = join(directory, 'server.sock');
  const fits = Buffer.byteLength(socket) <= MAX_SOCKET_PATH_BYTES;
  return {
    socket: fits ? socket : join(tmpdir(), `loombench-${hash}.sock`),
    record: join(directory, 'server.json'),
    database: join(directory, 'temporal.db'),
    log: join(directory, 'server.log'),
    lockName: `loombench-keeper-${hash}`,
  };
}

/** The last server's record; null when there is none or it cannot be read. */
export async function readServerRecord(path: string): Promise<ServerRecord | null> {
  try {
    const parsed: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isRecord(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

export async function writeServerRecord(path: string, record: ServerRecord): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, `${JSON.stringify(record, null, 1)}\n`);
  await rename(temporary, path);
}

function isRecord(value: unknown): value is ServerRecord {
  if (typeof value !== 'object' || value === null) return false;
  if (!('version' in value) || value.version !== 1) return false;
  if (!('temporalPid' in value) || !('address' in value) || !('uiAddress' in value)) return false;
  return (
    Number.isInteger(value.temporalPid) &&
    typeof value.address === 'string' &&
    typeof value.uiAddress === 'string'
  );
}
