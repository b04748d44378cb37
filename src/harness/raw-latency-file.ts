// The seed's `latency_histogram` as a file of its own: too big for a workflow's history, small enough for a report.

import { createHash } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchmarkError, toBenchmarkError } from '../contract/failure.ts';
import type { ArtifactRef } from '../contract/run-result.ts';

const FILE_NAME = 'latencies-us.json';

/** A JSON array of integer µs, ascending. Whole or not there: written beside, synced, renamed. */
export async function writeRawLatencies(
  directory: string,
  latenciesUs: readonly number[],
): Promise<ArtifactRef> {
  const content = Buffer.from(`${JSON.stringify(latenciesUs)}\n`);
  const path = join(directory, FILE_NAME);
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (thrown) {
    const full = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOSPC';
    throw toBenchmarkError(thrown, full ? 'disk-full' : 'generator-failed');
  }
  return { path, sha256: sha256(content), bytes: content.length };
}

/** Throws BenchmarkError 'artifact-missing' or 'artifact-corrupt'. */
export async function readRawLatencies(file: ArtifactRef): Promise<number[]> {
  const content = await readFile(file.path).catch((thrown: unknown) => {
    throw new BenchmarkError('artifact-missing', `The raw latencies ${file.path} are gone.`, {
      cause: thrown,
    });
  });
  if (sha256(content) !== file.sha256) {
    throw new BenchmarkError(
      'artifact-corrupt',
      `The raw latencies ${file.path} are not what the run wrote; measure that run again.`,
    );
  }
  const parsed: unknown = JSON.parse(content.toString('utf8'));
  // The checksum proves that this is what writeRawLatencies wrote.
  return parsed as number[];
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
