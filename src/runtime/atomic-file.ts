// A file that is there whole or not at all: written beside its place, flushed, renamed, and the directory flushed too,
// so that a reader after a crash sees either the old file or the new one.

import { createHash, randomUUID } from 'node:crypto';
import { open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BenchmarkError, type FailureCode } from '../contract/failure.ts';
import type { ArtifactRef } from '../contract/run-result.ts';
import { makeDirectory } from './make-directory.ts';

const TEMPORARY_SUFFIX = '.tmp';

/** A text, or how to make it piece by piece: a report of millions of latencies is never in memory as a whole. */
export type TextSource = string | (() => Iterable<string>);

export function wholeText(text: TextSource): string {
  return typeof text === 'string' ? text : [...text()].join('');
}

/** Writes `text` to `path` (directories are made). Throws BenchmarkError 'disk-full' | 'output-unwritable'. */
export async function writeTextAtomically(path: string, text: TextSource): Promise<ArtifactRef> {
  const hash = createHash('sha256');
  const bytes = await writeAtomically(path, async (file) => {
    const buffer = Buffer.allocUnsafe(BYTES_PER_CHARACTER * (PART_CHARACTERS + 1));
    let written = 0;
    for (const part of partsOf(text)) {
      const encoded = buffer.subarray(0, buffer.write(part, 'utf8'));
      hash.update(encoded);
      await file.writeFile(encoded);
      written += encoded.length;
    }
    return written;
  });
  return { path, sha256: hash.digest('hex'), bytes };
}

const PART_CHARACTERS = 1 << 18;
/** Of a character of UTF-16, at most; a pair of them takes 4. */
const BYTES_PER_CHARACTER = 3;

/** No character is cut in two. */
function* partsOf(text: TextSource): Generator<string> {
  for (const piece of typeof text === 'string' ? [text] : text()) {
    for (let start = 0; start < piece.length;) {
      const end = start + PART_CHARACTERS;
      const cutsPair = /[\uD800-\uDBFF]/.test(piece.charAt(end - 1));
      const stop = cutsPair ? end + 1 : end;
      yield piece.slice(start, stop);
      start = stop;
    }
  }
}

/**
 * `path` becomes what `write` puts into an empty file; when it throws, `path` stays what it was (directories are made).
 * Throws BenchmarkError 'disk-full' | 'output-unwritable' for anything but a BenchmarkError.
 */
export async function writeAtomically<T>(
  path: string,
  write: (file: FileHandle) => Promise<T>,
): Promise<T> {
  const directory = dirname(path);
  const temporary = temporaryBeside(path);
  try {
    await makeDirectory(directory);
    const result = await writeAndFlush(temporary, write);
    await rename(temporary, path);
    await flushDirectory(directory);
    return result;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw storageError(error, path);
  }
}

/** A name beside `path` that removeLeftovers clears after a crash. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomUUID()}${TEMPORARY_SUFFIX}`);
}

/** Removes what writers that were killed left behind. Never touches finished files. */
export async function removeLeftovers(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  const leftovers = names.filter((name) => name.startsWith('.') && name.endsWith(TEMPORARY_SUFFIX));
  await Promise.all(leftovers.map((name) => rm(join(directory, name), { force: true })));
}

export function sha256Of(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** What a failed file operation means to the user. */
export function storageError(error: unknown, path: string): BenchmarkError {
  if (error instanceof BenchmarkError) return error;
  const errno = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = error instanceof Error ? error.message : String(error);
  const [code, advice] = adviceFor(errno);
  return new BenchmarkError(code, `Cannot write ${path}: ${reason}. ${advice}`, {
    details: { path, errno },
    cause: error,
  });
}

function adviceFor(errno: string): [FailureCode, string] {
  if (errno === 'ENOSPC' || errno === 'EDQUOT' || errno === 'EFBIG') {
    return ['disk-full', 'Free some space there; the run is then measured again.'];
  }
  return ['output-unwritable', 'Choose a place that this user may write to.'];
}

async function writeAndFlush<T>(path: string, write: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, 'wx');
  try {
    const result = await write(file);
    await file.sync();
    return result;
  } finally {
    await file.close();
  }
}

/** A rename is durable only once its directory is. Not every platform can flush one; those that cannot say so. */
async function flushDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
