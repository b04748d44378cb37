// What was read from the reports of a state directory, kept in one file: reports hold every latency, and a suite asks for its
// history once for each level. Only a saving: where it is missing, damaged or cannot be written, the reports are read.

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { VERDICTS } from '../contract/warning.ts';
import { writeTextAtomically } from '../runtime/atomic-file.ts';
import type { ReadEntry } from './read-entry.ts';
import { metricNames } from './trend.ts';

export const INDEX_FILE = 'history-index.json';
/** One of another version is made anew: to be raised whenever `readEntry` reads reports otherwise. */
const INDEX_VERSION = 2;

/** By which a file is known again. */
const stampSchema = z.object({ bytes: z.number(), modifiedMs: z.number(), inode: z.number() });
export type FileStamp = Readonly<z.infer<typeof stampSchema>>;

const metric = z.enum(metricNames());
const entrySchema = z.object({
  path: z.string(),
  benchmarkId: z.string(),
  scenario: z.string(),
  configHash: z.string(),
  measurementHash: z.string(),
  target: z.string(),
  startedAtUtc: z.string(),
  status: z.enum(['completed', 'cancelled', 'interrupted']),
  verdict: z.enum(VERDICTS),
  hardware: z.string(),
  hostname: z.string(),
  commit: z.string(),
  serverVersion: z.string(),
  loombenchVersion: z.string(),
  values: z.record(metric, z.number().nullable()),
  runs: z.record(metric, z.array(z.number())),
});

const readSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('entry'), entry: entrySchema }),
  z.object({ kind: z.literal('other') }),
  z.object({ kind: z.literal('unreadable'), reason: z.string() }),
]);

const indexSchema = z.object({
  version: z.literal(INDEX_VERSION),
  files: z.record(z.string(), z.object({ stamp: stampSchema, read: readSchema })),
});
type IndexedFiles = Record<string, { readonly stamp: FileStamp; readonly read: ReadEntry }>;

export class HistoryIndex {
  readonly #path: string;
  readonly #before: Readonly<IndexedFiles>;
  readonly #now: IndexedFiles = {};
  #isNews = false;

  private constructor(path: string, before: IndexedFiles) {
    this.#path = path;
    this.#before = before;
  }

  static async open(path: string): Promise<HistoryIndex> {
    try {
      const { files } = indexSchema.parse(JSON.parse(await readFile(path, 'utf8')));
      return new HistoryIndex(path, files);
    } catch {
      return new HistoryIndex(path, {});
    }
  }

  /** What the file says; `read` is asked where that is not known yet. */
  async of(path: string, stamp: FileStamp, read: () => Promise<ReadEntry>): Promise<ReadEntry> {
    const known = this.#before[path];
    const isSame = known !== undefined && sameStamp(known.stamp, stamp);
    if (!isSame) this.#isNews = true;
    const found = isSame ? known.read : await read();
    this.#now[path] = { stamp, read: found };
    return found;
  }

  /** Keeps what was asked for since it was opened, and nothing else. */
  async save(): Promise<void> {
    const isLess = Object.keys(this.#now).length < Object.keys(this.#before).length;
    if (!this.#isNews && !isLess) return;
    const text = JSON.stringify({ version: INDEX_VERSION, files: this.#now });
    // A full disk or a directory of somebody else costs time the next time, and nothing more.
    await writeTextAtomically(this.#path, text).catch(() => undefined);
  }
}

function sameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.bytes === b.bytes && a.modifiedMs === b.modifiedMs && a.inode === b.inode;
}
