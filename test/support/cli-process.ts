// The command line as users run it: as it is built, a process of its own, in a directory and with a host lock of its own,
// so that nothing that runs beside the test is touched or waited for, and no setting of the person who runs the tests
// leaks in.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { findTemporalCli } from '../../src/temporal/temporal-cli.ts';
import { repositoryRoot } from './repository.ts';
import { waitFor } from './wait-for.ts';

const COMPILED = join(repositoryRoot, 'dist', 'cli', 'main.js');

export interface CliResult {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliProcess {
  readonly pid: number;
  readonly ended: Promise<CliResult>;
  /** Waits for words on stderr; rejects, with what was said, when the process ends without them. */
  said(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  /** The same on stdout. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): void;
}

export interface CliOptions {
  /** Working directory, and state directory below it. */
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

export function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return startCli(args, options).ended;
}

export function startCli(args: readonly string[], options: CliOptions): CliProcess {
  if (!existsSync(COMPILED)) throw new Error('dist/ is missing: npm run build');
  const child = spawn(process.execPath, [COMPILED, ...args], {
    cwd: options.cwd,
    env: { ...cleanEnvironment(options.cwd), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  let over = false;
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text.stdout += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (text.stderr += part));
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      over = true;
      resolve({ exitCode, signal, ...text });
    });
  });
  ended.catch(() => undefined);
  const until = (
    stream: 'stdout' | 'stderr',
    pattern: RegExp,
    timeoutMs?: number,
  ): Promise<RegExpExecArray> =>
    waitFor(
      `${String(pattern)} on ${stream}`,
      () => {
        const found = pattern.exec(text[stream]);
        if (found === null && over) {
          throw new Error(`ended without saying ${String(pattern)}:\n${text.stderr}`);
        }
        return found;
      },
      timeoutMs,
    );
  return {
    pid: child.pid ?? -1,
    ended,
    said: (pattern, timeoutMs) => until('stderr', pattern, timeoutMs),
    printed: (pattern) => until('stdout', pattern),
    kill: (signal) => void child.kill(signal),
  };
}

function cleanEnvironment(cwd: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(LOOMBENCH_|TEMPORAL_)/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    LOOMBENCH_HOST_LOCK: basename(cwd),
    LOOMBENCH_NULL_FLOOR: 'off',
  };
}

/** A new directory below the system's temporary one. */
export async function temporaryDirectory(): Promise<{
  readonly directory: string;
  readonly remove: () => Promise<void>;
}> {
  const directory = await mkdtemp(join(tmpdir(), 'loombench-cli-'));
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
}

/** The Temporal CLI as the product finds it; fetched once for all tests when the machine has none. */
export async function temporalCliPath(): Promise<string> {
  const { path } = await findTemporalCli(join(repositoryRoot, '.loombench'));
  return path;
}
