// What a command may touch of the world: two streams, the environment, the working directory. Passed in, so that
// commands can be tried without a terminal. stdout carries results only; whatever else is to be said goes to stderr.

import type { ExitCode } from '../contract/exit-code.ts';
import { terminalText } from './terminal-text.ts';

export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface CliContext {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** The number the process ends with; the last one said counts. */
  exitWith(code: ExitCode): void;
}

export function printResult(context: CliContext, text: string): void {
  context.stdout.write(text === '' || text.endsWith('\n') ? text : `${text}\n`);
}

export function say(context: CliContext, text: string): void {
  context.stderr.write(`${terminalText(text)}\n`);
}
