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

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
