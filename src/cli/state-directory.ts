// Where the embedded server's database, its programs and all artifacts live.

import { access, constants } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BenchmarkError } from '../contract/failure.ts';
import { makeDirectory } from '../runtime/make-directory.ts';

/** `LOOMBENCH_HOME`, or `.loombench` in the working directory. */
export function stateDirectoryOf(env: NodeJS.ProcessEnv, cwd: string): string {
  const home = env['LOOMBENCH_HOME'];
  return resolve(cwd, home === undefined || home === '' ? '.loombench' : home);
}

/**
 * Makes it where it is missing, before anything is started that would only find out later, each in its own words.
 * Throws BenchmarkError 'output-unwritable'.
 */
export async function usableStateDirectory(env: NodeJS.ProcessEnv, cwd: string): Promise<string> {
  const directory = stateDirectoryOf(env, cwd);
  try {
    await makeDirectory(directory);
    await access(directory, constants.W_OK | constants.X_OK);
    return directory;
  } catch (cause) {
    throw new BenchmarkError(
      'output-unwritable',
      `The state directory ${directory} cannot be used: ${reasonOf(cause)}. ` +
        'Set LOOMBENCH_HOME to a directory that this user may write to.',
      { details: { directory }, cause },
    );
  }
}

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'this user may not write there';
    case 'EROFS':
      return 'the file system is read-only';
    case 'ENOTDIR':
    case 'EEXIST':
      return 'a part of its path is a file';
    case 'ENOENT':
      return 'nothing can be made there';
    default:
      return cause instanceof Error ? cause.message : String(cause);
  }
}
