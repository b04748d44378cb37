// Runs another program to its end: bounded in time and output, and its failure is a value.

import { execFile } from 'node:child_process';

export type CommandResult =
  | {
      readonly kind: 'exited';
      readonly exitCode: number;
      readonly stdout: string;
      readonly stderr: string;
    }
  /** Not found, not executable, timed out, or aborted. */
  | { readonly kind: 'not-run'; readonly reason: string };

export interface CommandOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly env?: NodeJS.ProcessEnv;
}

const MAX_OUTPUT_BYTES = 1024 * 1024;

export function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(
      file,
      [...args],
      {
        timeout: options.timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_OUTPUT_BYTES,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        ...(options.env === undefined ? {} : { env: options.env }),
      },
      (error, stdout, stderr) => {
        if (error === null) resolve({ kind: 'exited', exitCode: 0, stdout, stderr });
        else if (typeof error.code === 'number') {
          resolve({ kind: 'exited', exitCode: error.code, stdout, stderr });
        } else resolve({ kind: 'not-run', reason: error.message });
      },
    );
  });
}
