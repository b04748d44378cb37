// Room on a disk, asked before something is measured that could then not be written.

import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** Bytes that this user may still write below `directory`, which need not exist yet. */
export async function freeBytes(directory: string): Promise<number> {
  let place = resolve(directory);
  for (;;) {
    try {
      const { bavail, bsize } = await statfs(place);
      return bavail * bsize;
    } catch (error) {
      const parent = dirname(place);
      if (parent === place) throw error;
      place = parent;
    }
  }
}
