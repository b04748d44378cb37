// The harness as users have it: compiled, its processes bundled. From source they would hold a TypeScript loader each.

import { existsSync } from 'node:fs';
import type * as ExecuteRun from '../src/harness/execute-run.ts';

const MODULE = new URL('../dist/harness/execute-run.js', import.meta.url);

/** Throws an Error when nothing was built. */
export async function builtExecuteRun(): Promise<typeof ExecuteRun.executeRun> {
  if (!existsSync(MODULE)) throw new Error('nothing is built: npm run build');
  // Compiled from the source whose types these are.
  const { executeRun } = (await import(MODULE.href)) as typeof ExecuteRun;
  return executeRun;
}
