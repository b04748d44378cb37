// Processes as the kernel lists them, for tests that kill some and must leave none. Linux only: it reads /proc.

import { readdir, readFile } from 'node:fs/promises';

export interface SeenProcess {
  readonly pid: number;
  readonly parentPid: number;
  readonly commandLine: string;
}

/** The kernel's own threads are children of this process, and none of them is of interest. */
const KERNEL_PID = 2;

/** Every process that has not ended; those that vanish during the look are left out, zombies too. */
async function processes(): Promise<KnownProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const seen = await Promise.all(pids.map(processOf));
  return seen.filter((process) => process !== null);
}

interface KnownProcess extends SeenProcess {
  /** Tells it from any other that had the number or the command line before. */
  readonly identity: string;
}

async function processOf(pid: number): Promise<KnownProcess | null> {
  const stat = await read(pid, 'stat');
  // "pid (name) state ppid …", the 22nd when it began; the name may hold blanks and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent] = fields;
  if (state === undefined || parent === undefined || state === 'Z') return null;
  if (Number(parent) === KERNEL_PID) return null;
  const commandLine = (await read(pid, 'cmdline')).replaceAll('\0', ' ').trim();
  const identity = `${pid} ${fields[19] ?? ''} ${commandLine}`;
  return { pid, parentPid: Number(parent), commandLine, identity };
}

/** Children, their children and so on. */
export async function descendantsOf(pid: number): Promise<SeenProcess[]> {
  const all = await processes();
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
export async function processesOf(stateDirectory: string): Promise<SeenProcess[]> {
  const all = await processes();
  const marked = await Promise.all(
    all.map(async ({ pid, commandLine, identity }) => {
      if (commandLine.includes(stateDirectory)) return true;
      return (await environmentOf(pid, identity)).includes(stateDirectory);
    }),
  );
  return all.filter((_, position) => marked[position] === true);
}

/** It never changes, and reading it is what is dear in a look at all processes. */
const environments = new Map<string, string>();

async function environmentOf(pid: number, identity: string): Promise<string> {
  const known = environments.get(identity);
  if (known !== undefined) return known;
  const environment = await read(pid, 'environ');
  if (environment !== '') environments.set(identity, environment);
  return environment;
}

function read(pid: number, file: string): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
}
