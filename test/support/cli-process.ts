// The compiled command line as a real process, in a state directory of its own and with a host lock of its own, so that
// nothing that runs beside the test is touched or waited for.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findTemporalCli } from '../../src/temporal/temporal-cli.ts';
import { waitUntil } from './wait-until.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CLI = join(ROOT, 'dist', 'cli', 'main.js');

export interface CliResult {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliProcess {
  readonly pid: number;
  readonly exited: Promise<CliResult>;
  /** Rejects, with what was said, when the process ends before saying it. */
  said(pattern: RegExp, timeoutMs: number): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

/** A new state directory below the system's temporary one. */
export async function temporaryHome(): Promise<{
  readonly home: string;
  readonly remove: () => Promise<void>;
}> {
  const home = await mkdtemp(join(tmpdir(), 'loombench-crash-'));
  return { home, remove: () => rm(home, { recursive: true, force: true }) };
}

/** The Temporal CLI as the product finds it; fetched once for all tests when the machine has none. */
export async function temporalCliPath(): Promise<string> {
  const { path } = await findTemporalCli(join(ROOT, '.loombench'));
  return path;
}

export interface CliCall {
  readonly home: string;
  readonly args: readonly string[];
  /** Named, so that no child looks for it again. */
  readonly temporalCli: string;
  /** host:port of a server of the test's own; without it the embedded one is used. */
  readonly temporalAddress?: string;
}

export function startCli(call: CliCall): CliProcess {
  if (!existsSync(CLI)) throw new Error('dist/ is missing: build it with `npm run build`');
  const child = spawn(process.execPath, [CLI, ...call.args], {
    cwd: call.home,
    env: environmentOf(call),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let over = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exited = new Promise<CliResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      over = true;
      resolve({ exitCode, signal, stdout, stderr });
    });
  });
  exited.catch(() => undefined);
  return {
    pid: child.pid ?? -1,
    exited,
    said: async (pattern, timeoutMs) => {
      await waitUntil(
        `${String(pattern)} on stderr`,
        () => {
          if (pattern.test(stderr)) return true;
          if (over) throw new Error(`ended without saying ${String(pattern)}:\n${stderr}`);
          return null;
        },
        timeoutMs,
      );
    },
    kill: (signal) => void child.kill(signal),
  };
}

function environmentOf({ home, temporalCli, temporalAddress }: CliCall): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('TEMPORAL_') && !name.startsWith('LOOMBENCH_'),
  );
  return {
    ...Object.fromEntries(inherited),
    LOOMBENCH_HOME: home,
    LOOMBENCH_HOST_LOCK: basename(home),
    LOOMBENCH_TEMPORAL_CLI: temporalCli,
    ...(temporalAddress === undefined ? {} : { TEMPORAL_ADDRESS: temporalAddress }),
  };
}
