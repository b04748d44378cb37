// Where the embedded server's database, its programs and all artifacts live.

import { resolve } from 'node:path';

/** `LOOMBENCH_HOME`, or `.loombench` in the working directory. */
export function stateDirectoryOf(env: NodeJS.ProcessEnv, cwd: string): string {
  const home = env['LOOMBENCH_HOME'];
  return resolve(cwd, home === undefined || home === '' ? '.loombench' : home);
}
