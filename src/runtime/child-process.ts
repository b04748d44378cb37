// Children of ours: forked from a module of ours, talking JSON over IPC, and never outliving their parent.
// When a parent dies, whatever signal it got, the kernel closes the IPC channel; the child sees that and exits.

import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** How a child ended: exactly one of the two is not null. */
export interface ExitInfo {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ChildHandle {
  readonly pid: number;
  readonly exited: Promise<ExitInfo>;
  /** False when the child is gone. */
  send(message: object): boolean;
  /** Every message of the child, in order; one listener. */
  onMessage(listener: (message: unknown) => void): void;
  kill(signal?: NodeJS.Signals): void;
  /** The last few kilobytes of its stderr, for error messages. */
  stderrTail(): string;
}

const STDERR_TAIL_CHARS = 8192;

/**
 * The module beside `importMetaUrl` with that base name: `.ts` under tsx, `.js` when compiled, and of a compiled one its
 * bundle (one file with all it imports, much faster to load) where the build made one.
 * `relative` is like './generator-main' or '../target/target-main'.
 */
export function siblingModule(importMetaUrl: string, relative: string): string {
  const extension = importMetaUrl.endsWith('.ts') ? '.ts' : '.js';
  const path = fileURLToPath(new URL(`${relative}${extension}`, importMetaUrl));
  const bundle = fileURLToPath(new URL(`${relative}.bundle.js`, importMetaUrl));
  if (extension === '.js' && existsSync(bundle)) return bundle;
  if (!existsSync(path)) throw new Error(`no module at ${path}`);
  return path;
}

/** Node flags that are about one process only: its inline script, its tests, its debugger. */
const OWN_FLAGS = /^(-e|-p|-pe|--eval|--print|--input-type|--test|--inspect|--watch)/;
const FLAGS_WITH_VALUE = new Set(['-e', '-p', '-pe', '--eval', '--print', '--input-type']);

/** This process's node flags that a child of ours needs too, such as the loader of TypeScript. */
export function inheritedNodeFlags(flags: readonly string[] = process.execArgv): string[] {
  return flags.filter((flag, position) => {
    const before = flags[position - 1];
    if (before !== undefined && FLAGS_WITH_VALUE.has(before)) return false;
    // The value of a flag that is left out would be taken for the module to run.
    const isValue = !flag.startsWith('-');
    if (isValue && before !== undefined && OWN_FLAGS.test(before)) return false;
    return !OWN_FLAGS.test(flag);
  });
}

export interface ForkOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** V8 flags for the child, before its module. */
  readonly nodeFlags?: readonly string[];
}

export function forkModule(modulePath: string, options: ForkOptions = {}): ChildHandle {
  const child = fork(modulePath, [...(options.args ?? [])], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, ...options.env },
    execArgv: [...inheritedNodeFlags(), ...(options.nodeFlags ?? [])],
    serialization: 'advanced',
  });
  return handleOf(child);
}

function handleOf(child: ChildProcess): ChildHandle {
  let tail = '';
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (chunk: string) => {
    tail = (tail + chunk).slice(-STDERR_TAIL_CHARS);
  });
  const exited = new Promise<ExitInfo>((resolve) => {
    child.once('error', () => resolve({ exitCode: 127, signal: null }));
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  child.on('error', () => undefined);
  return {
    pid: child.pid ?? -1,
    exited,
    send: (message) => child.connected && child.send(message, () => undefined),
    onMessage: (listener) => child.on('message', listener),
    kill: (signal = 'SIGKILL') => void child.kill(signal),
    stderrTail: () => tail,
  };
}

/** In a child: end with the parent. Ctrl-C in a terminal reaches the whole group; only the parent decides. */
export function dieWithParent(): void {
  process.on('disconnect', () => process.exit(0));
  // The parent died while this was loading: its event has passed.
  if (!process.connected) process.exit(0);
  process.on('SIGINT', () => undefined);
}
