// A server whose keeper was killed may still run and hold the database: it is ended before a new one starts, but only
// after making sure that the recorded process id has not been given to somebody else's process since.

import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { runCommand } from '../runtime/run-command.ts';
import type { ServerRecord } from './server-state.ts';

const GRACE_MS = 5_000;
const POLL_MS = 50;
const PS_TIMEOUT_MS = 5_000;

/** True when there was one and it is gone now. */
export async function endLeftoverServer(
  record: ServerRecord,
  databasePath: string,
): Promise<boolean> {
  const pid = record.temporalPid;
  if (!(await isOurServer(pid, databasePath))) return false;
  signalProcess(pid, 'SIGTERM');
  for (let waited = 0; waited < GRACE_MS; waited += POLL_MS) {
    if (!(await isOurServer(pid, databasePath))) return true;
    await delay(POLL_MS);
  }
  signalProcess(pid, 'SIGKILL');
  return true;
}

/** Its command line names start-dev and this very database file. */
async function isOurServer(pid: number, databasePath: string): Promise<boolean> {
  if (pid <= 1) return false;
  const words = await commandLine(pid);
  return words.includes('start-dev') && words.includes(databasePath);
}

async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const raw = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return raw.replaceAll('\0', ' ');
  }
  const ran = await runCommand('ps', ['-p', String(pid), '-o', 'command='], {
    timeoutMs: PS_TIMEOUT_MS,
  });
  return ran.kind === 'exited' ? ran.stdout : '';
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}
