// Living processes by what they were started with (Linux: /proc). A zombie is not alive.

import { readdirSync, readFileSync } from 'node:fs';

export interface SeenProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Every process but this one whose environment has NAME=value, or whose command line has the value. */
export function processesWith(name: string, value: string): SeenProcess[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .flatMap((entry) => {
      const command = read(`/proc/${entry}/cmdline`).replaceAll('\0', ' ');
      const marked = read(`/proc/${entry}/environ`).split('\0').includes(`${name}=${value}`);
      if (!marked && !command.includes(value)) return [];
      const stat = read(`/proc/${entry}/stat`);
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (stat === '' || state === 'Z') return [];
      return [{ pid: Number(entry), parent: Number(parent), command }];
    });
}

export function isAlive(pid: number): boolean {
  const stat = read(`/proc/${pid}/stat`);
  return stat !== '' && !stat.startsWith('Z', stat.lastIndexOf(')') + 2);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
