// Processes of the comparison: a server for the time of one run, and a generator under the meter. Both end with their
// standard input, so that none outlives this process, however it ends.

import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';

type Piped = ChildProcessByStdio<Writable, Readable, Readable>;

export interface Metered {
  readonly output: string;
  readonly cpuUs: number;
  readonly peakKiB: number;
}

interface MeterLine {
  readonly exitCode: number;
  readonly timedOut: boolean;
  readonly cpuUs: number;
  readonly peakKiB: number;
}

/** The server's own account of its calls; null for what it does not keep. */
export interface Stamps {
  readonly calls: number | null;
  readonly p50Us: number | null;
  readonly p99Us: number | null;
}

export interface RunningServer {
  readonly address: string;
  stop(): Promise<Stamps>;
}

/** Throws an Error with the last words of a command that failed or did not end in time. */
export async function meter(command: readonly string[], name: string): Promise<Metered> {
  const child = start(command);
  const [output, said] = await Promise.all([text(child.stdout), text(child.stderr), closed(child)]);
  const lines = said.trimEnd().split('\n');
  const last = meterLine(lines.pop() ?? '');
  if (last?.exitCode !== 0) {
    const why = last?.timedOut === true ? 'did not end in time' : 'failed';
    throw new Error(`${name} ${why}: ${lines.slice(-5).join('\n')} ${output.slice(-300)}`);
  }
  return { output, cpuUs: last.cpuUs, peakKiB: last.peakKiB };
}

function meterLine(line: string): MeterLine | null {
  try {
    // Written by the meter in this form.
    return JSON.parse(line) as MeterLine;
  } catch {
    return null;
  }
}

export async function startServer(command: readonly string[]): Promise<RunningServer> {
  const child = start(command);
  const stderr = text(child.stderr);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done === true) throw new Error(`The server did not start: ${await stderr}`);
  return {
    address: first.value,
    stop: async () => {
      child.stdin.end();
      const last = await lines.next();
      await closed(child);
      // Written by the server in this form; it leaves out what it does not know.
      const known = JSON.parse(last.done === true ? '{}' : last.value) as Partial<Stamps>;
      return { calls: null, p50Us: null, p99Us: null, ...known };
    },
  };
}

function start(command: readonly string[]): Piped {
  const [program = '', ...args] = command;
  return spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
}

async function closed(child: Piped): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
}
