// A command that only reads makes no state directory and starts no server where neither has been.

import { existsSync } from 'node:fs';
import { configuredTemporal } from '../temporal/connection.ts';
import type { CliContext } from './context.ts';
import { stateDirectoryOf } from './state-directory.ts';

/** A directory named by `LOOMBENCH_HOME` is not guessed about: it may be mistyped, which opening it says. */
export function nothingYet({ env, cwd }: Pick<CliContext, 'env' | 'cwd'>): boolean {
  if ((env['LOOMBENCH_HOME'] ?? '') !== '' || configuredTemporal(env) !== null) return false;
  return !existsSync(stateDirectoryOf(env, cwd));
}
