// Processes as the kernel lists them, for tests that kill some and must leave none. Linux only: it reads /proc.

import { readdir, readFile } from 'node:fs/promises';

export interface SeenProcess {
  readonly pid: number;
  readonly parentPid: number;
  readonly commandLine: string;
}

/** Every process that has not ended; those that vanish during the look are left out, zombies too. */
async function processes(): Promise<SeenProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const seen = await Promise.all(pids.map(processOf));
  return seen.filter((process) => process !== null);
}

async function processOf(pid: number): Promise<SeenProcess | null> {
  const [stat, commandLine] = await Promise.all([read(pid, 'stat'), read(pid, 'cmdline')]);
  // "pid (name) state ppid …"; the name may hold blanks and parentheses.
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === undefined || parent === undefined || state === 'Z') return null;
  return { pid, parentPid: Number(parent), commandLine: commandLine.replaceAll('\0', ' ').trim() };
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
    all.map(async (process) => {
      if (process.commandLine.includes(stateDirectory)) return true;
      return (await read(process.pid, 'environ')).includes(stateDirectory);
    }),
  );
  return all.filter((_, position) => marked[position] === true);
}

function read(pid: number, file: string): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
}
