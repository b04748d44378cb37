// Directories with all their parents, by our own steps: Node's recursive mkdir asks for ever where a file system says ENOENT to
// whatever is made in it, as /proc does, so that a mistyped state directory would be a command that never ends.

import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Also when it is there already. Rejects with the file system's error (`code` as of mkdir(2)). */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await makeOne(path);
  } catch (error) {
    const parent = dirname(path);
    if (codeOf(error) !== 'ENOENT' || parent === path) throw error;
    await makeDirectory(parent);
    await makeOne(path);
  }
}

async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw error;
    // EEXIST for what is there; what is read-only may say something else of a directory that is there.
    const found = await stat(path).catch(() => null);
    if (found?.isDirectory() !== true) throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
