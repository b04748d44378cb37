// `run --detach`: the same command once more as a process of its own, in the background, with its words in a log file.
// The foreground waits only until the benchmark is known to the Temporal server, so that a bad start is still told.

import { spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT_CODE, type ExitCode } from '../contract/exit-code.ts';
import { inheritedNodeFlags } from '../runtime/child-process.ts';
import { shellText } from './command-line.ts';
import { printResult, say, type CliContext } from './context.ts';
import { usableStateDirectory } from './state-directory.ts';
import { makeDirectory } from '../runtime/make-directory.ts';

const STARTED_MESSAGE = 'benchmark-started';
const LOG_TAIL_CHARS = 4000;

export interface DetachedRun {
  readonly benchmarkId: string;
  /** The command's arguments, with `--id`. */
  readonly args: readonly string[];
}

type Beginning =
  { readonly kind: 'started' } | { readonly kind: 'ended'; readonly exitCode: number | null };

export async function runDetached(context: CliContext, run: DetachedRun): Promise<void> {
  const directory = join(await usableStateDirectory(context.env, context.cwd), 'logs');
  await makeDirectory(directory);
  const logPath = join(directory, `${encodeURIComponent(run.benchmarkId)}.log`);
  const log = await open(logPath, 'a');
  const child = spawn(
    process.execPath,
    [
      ...inheritedNodeFlags(),
      process.argv[1] ?? '',
      ...run.args.filter((arg) => arg !== '--detach'),
    ],
    {
      detached: true,
      stdio: ['ignore', log.fd, log.fd, 'ipc'],
      cwd: context.cwd,
      env: context.env,
    },
  );
  await log.close();
  const beginning = await new Promise<Beginning>((resolve) => {
    child.once('message', () => resolve({ kind: 'started' }));
    child.once('error', () => resolve({ kind: 'ended', exitCode: null }));
    child.once('exit', (exitCode) => resolve({ kind: 'ended', exitCode }));
  });
  if (beginning.kind === 'ended') {
    say(context, (await readFile(logPath, 'utf8')).slice(-LOG_TAIL_CHARS).trimEnd());
    context.exitWith(knownExitCode(beginning.exitCode));
    return;
  }
  child.disconnect();
  child.unref();
  printResult(context, run.benchmarkId);
  say(
    context,
    `Benchmark ${run.benchmarkId} goes on in the background (process ${child.pid ?? '?'}, log ${logPath}).\n` +
      `Watch it: loombench attach ${shellText([run.benchmarkId])}`,
  );
}

/** In the background process: lets the foreground go. Without one it does nothing. */
export function tellParentStarted(): void {
  if (process.send === undefined) return;
  process.send(STARTED_MESSAGE, () => {
    if (process.connected) process.disconnect();
  });
}

function knownExitCode(exitCode: number | null): ExitCode {
  return Object.values(EXIT_CODE).find((code) => code === exitCode) ?? EXIT_CODE.benchmarkFailed;
}
