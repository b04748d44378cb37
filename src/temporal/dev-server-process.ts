// One `temporal server start-dev` process: started on given ports with the database file, watched until its port answers,
// and ended gently. Used by the keeper only.

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { searchAttributeFlags } from '../contract/search-attributes.ts';

export interface DevServerOptions {
  readonly cliPath: string;
  readonly port: number;
  readonly uiPort: number;
  readonly databasePath: string;
  /** Every line that the server prints. */
  readonly onOutput: (text: string) => void;
}

export interface DevServerProcess {
  readonly pid: number;
  /** Resolves with a sentence about how it ended. */
  readonly ended: Promise<string>;
  /** Resolves when the frontend's port answers; rejects when the process ended before. */
  portOpen(timeoutMs: number): Promise<void>;
  stop(graceMs: number): Promise<void>;
}

export const LOOPBACK = '127.0.0.1';
const POLL_MS = 50;

export function startDevServer(options: DevServerOptions): DevServerProcess {
  const [file, args] = dieWithKeeper(options.cliPath, serverArguments(options));
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.setEncoding('utf8').on('data', options.onOutput);
  child.stderr.setEncoding('utf8').on('data', options.onOutput);
  const state = { over: false };
  const ended = endOf(child).then((sentence) => {
    state.over = true;
    return sentence;
  });
  return {
    pid: child.pid ?? -1,
    ended,
    portOpen: (timeoutMs) => waitForPort(options.port, timeoutMs, state),
    stop: async (graceMs) => {
      if (state.over) return;
      child.kill('SIGTERM');
      await Promise.race([ended, delay(graceMs, undefined, { ref: false })]);
      if (!isOver(state)) child.kill('SIGKILL');
      await ended;
    },
  };
}

function serverArguments(options: DevServerOptions): string[] {
  return [
    ...['server', 'start-dev', '--ip', LOOPBACK],
    ...['--port', String(options.port), '--ui-port', String(options.uiPort)],
    ...['--db-filename', options.databasePath, '--log-level', 'warn'],
    ...searchAttributeFlags(),
  ];
}

/** Where util-linux has setpriv, the kernel ends the server even when its keeper is killed. */
function dieWithKeeper(cliPath: string, args: string[]): [string, string[]] {
  if (process.platform !== 'linux') return [cliPath, args];
  const setpriv = (process.env['PATH'] ?? '/usr/bin')
    .split(delimiter)
    .map((directory) => join(directory, 'setpriv'))
    .find((path) => existsSync(path));
  if (setpriv === undefined) return [cliPath, args];
  return [setpriv, ['--pdeathsig', 'TERM', '--', cliPath, ...args]];
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`it could not be run: ${error.message}`));
    child.once('close', (code, signal) =>
      resolve(signal === null ? `it ended with code ${code ?? -1}` : `it was killed by ${signal}`),
    );
  });
}

async function waitForPort(
  port: number,
  timeoutMs: number,
  state: { readonly over: boolean },
): Promise<void> {
  const polls = Math.ceil(timeoutMs / POLL_MS);
  for (let poll = 0; poll < polls; poll += 1) {
    if (isOver(state)) throw new Error('the server ended while it was starting');
    if (await answers(port)) return;
    await delay(POLL_MS);
  }
  throw new Error(`port ${port} did not open within ${timeoutMs} ms`);
}

/** Read through a function: the compiler would otherwise hold an earlier check for still true. */
function isOver(state: { readonly over: boolean }): boolean {
  return state.over;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, LOOPBACK, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
