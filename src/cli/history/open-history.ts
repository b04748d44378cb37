// Where a command's history is: the artifacts of the state directory, or the directory that was named. What people said
// about it lies beside it.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { History } from '../../contract/history.ts';
import { INDEX_FILE } from '../../history/history-index.ts';
import { readHistory } from '../../history/read-history.ts';
import { readRemarks, REMARKS_FILE, writeRemarks } from '../../history/remarks-file.ts';
import type { Remarks } from '../../history/trend.ts';
import type { CliContext } from '../context.ts';
import { stateDirectoryOf } from '../state-directory.ts';

export interface OpenHistory {
  readonly history: History;
  readonly remarks: Remarks;
  save(remarks: Remarks): Promise<void>;
}

export async function openHistory(
  { env, cwd }: Pick<CliContext, 'env' | 'cwd'>,
  directory: string | undefined,
): Promise<OpenHistory> {
  const state = stateDirectoryOf(env, cwd);
  const named = directory === undefined ? null : resolve(cwd, directory);
  const remarksPath = join(named ?? state, REMARKS_FILE);
  return {
    // Another directory is somebody else's: nothing but remarks is written there.
    history: named === null ? await ownHistory(state) : await readHistory(named),
    remarks: await readRemarks(remarksPath),
    save: (remarks) => writeRemarks(remarksPath, remarks),
  };
}

/** Before the first benchmark there is none, which is no error. */
async function ownHistory(state: string): Promise<History> {
  const directory = join(state, 'artifacts');
  if (!existsSync(directory)) return { directory, series: [], unreadable: [], copies: 0 };
  return readHistory(directory, { indexPath: join(state, INDEX_FILE) });
}
