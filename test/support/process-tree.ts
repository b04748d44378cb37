// Processes as the kernel lists them, for tests that kill some and must leave none. Linux only: it reads /proc.

import { readdirSync, readFileSync } from 'node:fs';

export interface SeenProcess {
  readonly pid: number;
  readonly parentPid: number;
  readonly commandLine: string;
}

/** The kernel's own threads are children of this process, and none of them is of interest. */
const KERNEL_PID = 2;

/** A look at all processes costs milliseconds, and several trials beside each other look many times a second. */
const SHARED_FOR_MS = 50;
let lastLook: { readonly atMs: number; readonly seen: readonly KnownProcess[] } | null = null;

/** Every process that has not ended, at most SHARED_FOR_MS ago; those that vanish during the look are left out, zombies too. */
function processes(): readonly KnownProcess[] {
  const nowMs = performance.now();
  if (lastLook !== null && nowMs - lastLook.atMs < SHARED_FOR_MS) return lastLook.seen;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const seen = pids.map((pid) => processOf(Number(pid))).filter((process) => process !== null);
  lastLook = { atMs: nowMs, seen };
  return seen;
}

interface KnownProcess extends SeenProcess {
  /** Tells it from any other that had the number or the command line before. */
  readonly identity: string;
}

function processOf(pid: number): KnownProcess | null {
  const stat = read(pid, 'stat');
  // "pid (name) state ppid …", the 22nd when it began; the name may hold blanks and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent] = fields;
  if (state === undefined || parent === undefined || state === 'Z') return null;
  if (Number(parent) === KERNEL_PID) return null;
  const commandLine = read(pid, 'cmdline').replaceAll('\0', ' ').trim();
  const identity = `${pid} ${fields[19] ?? ''} ${commandLine}`;
  return { pid, parentPid: Number(parent), commandLine, identity };
}

/** Children, their children and so on. */
export function descendantsOf(pid: number): SeenProcess[] {
  const all = processes();
  const found: SeenProcess[] = [];
  const parents = new Set([pid]);
  for (let before = -1; before !== found.length;) {
    before = found.length;
    for (const process of all) {
      if (!parents.has(process.parentPid) || parents.has(process.pid)) continue;
      parents.add(process.pid);
      found.push(process);
    }
  }
  return found;
}

/**
 * Processes that belong to that state directory, whoever their parent is by now: it stands on their command line or in
 * the environment that they inherited.
 */
export function processesOf(stateDirectory: string): SeenProcess[] {
  return processes().filter(
    ({ pid, commandLine, identity }) =>
      commandLine.includes(stateDirectory) || environmentOf(pid, identity).includes(stateDirectory),
  );
}

/** It never changes, and reading it is what is dear in a look at all processes. */
const environments = new Map<string, string>();

function environmentOf(pid: number, identity: string): string {
  const known = environments.get(identity);
  if (known !== undefined) return known;
  const environment = read(pid, 'environ');
  if (environment !== '') environments.set(identity, environment);
  return environment;
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
