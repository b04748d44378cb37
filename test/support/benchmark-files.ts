// What a benchmark left on disk, read as a user would: no code of the product has a part in it.

import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface FilePrint {
  readonly sha256: string;
  readonly mtimeMs: number;
}

export interface AttemptLine {
  readonly attempt: number;
  readonly endedBy: string | null;
}

/** Directory of one measured run; null while there is none. */
export async function runDirectory(home: string, index: number): Promise<string | null> {
  const artifacts = join(home, 'artifacts');
  const benchmarks = await readdir(artifacts).catch(() => []);
  const [benchmark] = benchmarks;
  if (benchmark === undefined) return null;
  const run = join(artifacts, benchmark, `measured-${String(index).padStart(4, '0')}`);
  return (await stat(run).catch(() => null)) === null ? null : run;
}

export async function printOfRun(home: string, index: number): Promise<FilePrint> {
  const path = join((await runDirectory(home, index)) ?? home, 'run.json');
  const [bytes, { mtimeMs }] = await Promise.all([readFile(path), stat(path)]);
  return { sha256: createHash('sha256').update(bytes).digest('hex'), mtimeMs };
}

/** The journal of one run's attempts; empty while it has none. */
export async function attemptsOf(home: string, index: number): Promise<AttemptLine[]> {
  const path = join((await runDirectory(home, index)) ?? home, 'attempts.json');
  const text = await readFile(path, 'utf8').catch(() => '[]');
  return JSON.parse(text) as AttemptLine[]; // written atomically, so it is whole
}
