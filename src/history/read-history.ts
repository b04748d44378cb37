// The reports below a directory as series that may be compared. What cannot be compared is not thrown away but named.

import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BenchmarkError } from '../contract/failure.ts';
import type {
  History,
  HistoryEntry,
  HistorySeries,
  UnreadableReport,
} from '../contract/history.ts';
import { HistoryIndex, INDEX_FILE } from './history-index.ts';
import { readEntry, type ReadEntry } from './read-entry.ts';
import { formerSeriesIdOf, seriesIdOf } from './series-id.ts';

const MAX_DEPTH = 6;
/** Beyond it somebody has pointed at the wrong directory. */
const MAX_FILES = 100_000;
const MAX_REPORT_BYTES = 256 * 1024 * 1024;
/** What else lies in a benchmark's directory. */
const NOT_REPORTS = new Set([
  'run.json',
  'attempts.json',
  'server.json',
  'history.json',
  INDEX_FILE,
]);

/** Throws BenchmarkError 'artifact-missing' when the directory cannot be read, 'not-supported' when it is far too large. */
export async function readHistory(
  directory: string,
  /** `indexPath`: a file of ours in which what was read is kept; absent: everything is read. */
  { indexPath }: { readonly indexPath?: string } = {},
): Promise<History> {
  const root = resolve(directory);
  const index = indexPath === undefined ? null : await HistoryIndex.open(indexPath);
  const entries = new Map<string, HistoryEntry>();
  const unreadable: UnreadableReport[] = [];
  let copies = 0;
  for (const path of await reportFiles(root)) {
    const read = await readFileEntry(path, index);
    if (read.kind === 'unreadable') unreadable.push({ path, reason: read.reason });
    if (read.kind !== 'entry') continue;
    const identity = `${read.entry.benchmarkId} ${read.entry.startedAtUtc}`;
    if (entries.has(identity)) copies += 1;
    else entries.set(identity, read.entry);
  }
  await index?.save();
  return { directory: root, series: seriesOf([...entries.values()]), unreadable, copies };
}

async function readFileEntry(path: string, index: HistoryIndex | null): Promise<ReadEntry> {
  try {
    const { size, mtimeMs, ino } = await stat(path);
    if (size > MAX_REPORT_BYTES) {
      return { kind: 'unreadable', reason: `it is larger than ${MAX_REPORT_BYTES} bytes` };
    }
    const read = async (): Promise<ReadEntry> => readEntry(await readFile(path, 'utf8'), path);
    const stamp = { bytes: size, modifiedMs: mtimeMs, inode: ino };
    return await (index === null ? read() : index.of(path, stamp, read));
  } catch (error) {
    return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) };
  }
}

async function reportFiles(root: string): Promise<string[]> {
  const files: string[] = [];
  const visit = async (directory: string, depth: number): Promise<void> => {
    const items = await readdir(directory, { withFileTypes: true });
    for (const item of items.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(directory, item.name);
      if (item.name.startsWith('.') || item.name === 'node_modules') continue;
      if (item.isDirectory() && depth < MAX_DEPTH)
        await visit(path, depth + 1).catch(() => undefined);
      else if (item.isFile() && item.name.endsWith('.json') && !NOT_REPORTS.has(item.name)) {
        files.push(path);
      }
      if (files.length > MAX_FILES) throw tooMany(root);
    }
  };
  try {
    await visit(root, 0);
  } catch (error) {
    if (error instanceof BenchmarkError) throw error;
    throw new BenchmarkError(
      'artifact-missing',
      `No reports can be read in ${root}: ${reasonOf(error)}.`,
      { cause: error },
    );
  }
  return files;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT') return 'there is no such directory';
  if (code === 'ENOTDIR') return 'it is no directory';
  return error instanceof Error ? error.message : String(error);
}

function tooMany(root: string): BenchmarkError {
  return new BenchmarkError(
    'not-supported',
    `${root} holds more than ${MAX_FILES} JSON files; name the directory of the reports with --dir.`,
  );
}

export function seriesOf(entries: readonly HistoryEntry[]): HistorySeries[] {
  const groups = new Map<string, HistoryEntry[]>();
  for (const entry of entries) {
    const id = seriesIdOf(entry);
    groups.set(id, [...(groups.get(id) ?? []), entry]);
  }
  return [...groups].flatMap(([seriesId, group]) => {
    const inOrder = group.toSorted(byTime);
    const newest = inOrder.at(-1);
    return newest === undefined ? [] : [series(seriesId, newest, inOrder)];
  });
}

function series(
  seriesId: string,
  newest: HistoryEntry,
  inOrder: readonly HistoryEntry[],
): HistorySeries {
  const whole = inOrder.filter((entry) => entry.status === 'completed');
  return {
    seriesId,
    formerSeriesIds: [...new Set(inOrder.map(formerSeriesIdOf))],
    scenario: newest.scenario,
    configHash: newest.configHash,
    target: newest.target,
    hardware: newest.hardware,
    entries: whole.filter((entry) => entry.verdict !== 'INVALID'),
    invalid: whole.filter((entry) => entry.verdict === 'INVALID'),
    partial: inOrder.filter((entry) => entry.status !== 'completed'),
  };
}

function byTime(a: HistoryEntry, b: HistoryEntry): number {
  const order = Date.parse(a.startedAtUtc) - Date.parse(b.startedAtUtc);
  return order === 0 ? (a.benchmarkId < b.benchmarkId ? -1 : 1) : order;
}
