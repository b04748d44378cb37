// Where the report goes besides the artifact directory, checked before anything is started: a benchmark that cannot
// say its result should not run.

import { mkdir, open, rm, stat } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { BenchmarkError } from '../contract/failure.ts';

export type OutputTarget =
  | { readonly kind: 'none' }
  | { readonly kind: 'stdout' }
  | { readonly kind: 'file'; readonly path: string };

export function outputTargetOf(text: string | undefined, cwd: string): OutputTarget {
  if (text === undefined || text === '') return { kind: 'none' };
  return text === '-' ? { kind: 'stdout' } : { kind: 'file', path: resolve(cwd, text) };
}

/** Makes missing directories and proves that a file can be made there. Throws BenchmarkError 'output-unwritable'. */
export async function ensureWritable(target: OutputTarget): Promise<void> {
  if (target.kind !== 'file') return;
  const { path } = target;
  if (await isDirectory(path)) {
    throw new BenchmarkError(
      'output-unwritable',
      `The report cannot be written to ${path}: it is a directory. Name a file in it, such as ${path}/report.json.`,
    );
  }
  try {
    await makeDirectories(dirname(path));
    const probe = besides(path);
    await (await open(probe, 'wx')).close();
    await rm(probe);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BenchmarkError(
      'output-unwritable',
      `The report cannot be written to ${path}: ${reason}. Name another file with --output-path.`,
      { cause },
    );
  }
}

/** One level at a time: Node's recursive form never returns where a level cannot be made, as below /proc. */
async function makeDirectories(directory: string): Promise<void> {
  if (await isDirectory(directory)) return;
  const parent = dirname(directory);
  if (parent !== directory) await makeDirectories(parent);
  await mkdir(directory).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
}

function besides(path: string): string {
  return `${path}.${randomUUID().slice(0, 8)}.tmp`;
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
