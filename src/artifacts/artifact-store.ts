// The claim-check of a benchmark: one directory per benchmark, one per run, in it what is too big for Temporal's history.
// Readers trust a stored run only when its checksum and its key are right.

import { constants } from 'node:fs';
import { access, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { benchmarkDirectoryName, runDirectoryName } from '../contract/ids.ts';
import { BenchmarkError } from '../contract/failure.ts';
import type { RunKey } from '../contract/run-plan.ts';
import type { ArtifactRef, AttemptAccount, StoredRun } from '../contract/run-result.ts';
import {
  removeLeftovers,
  sha256Of,
  storageError,
  writeTextAtomically,
  type TextSource,
} from '../runtime/atomic-file.ts';
import { beginAttempt, endAttempt, readAttempts, type AttemptRecord } from './attempt-journal.ts';
import { decodeRun, encodeRun } from './run-envelope.ts';
import { makeDirectory } from '../runtime/make-directory.ts';

type BenchmarkKey = Pick<RunKey, 'workflowId' | 'firstExecutionRunId'>;

export interface FoundRun {
  readonly run: StoredRun;
  readonly file: ArtifactRef;
}

const RUN_FILE = 'run.json';
const REPORT_FILE = 'report.json';
const ATTEMPTS_FILE = 'attempts.json';
/** A stored run is a few megabytes at most; something larger is not ours. */
const MAX_RUN_FILE_BYTES = 512 * 1024 * 1024;

export class ArtifactStore {
  readonly root: string;

  /** `root` is made when first written to. */
  constructor(root: string) {
    this.root = resolve(root);
  }

  benchmarkDirectory(key: BenchmarkKey): string {
    return join(this.root, benchmarkDirectoryName(key));
  }

  runDirectory(key: RunKey): string {
    return join(this.benchmarkDirectory(key), runDirectoryName(key));
  }

  reportPath(key: BenchmarkKey): string {
    return join(this.benchmarkDirectory(key), REPORT_FILE);
  }

  /** The finished run of that key; null when there is none, or only a damaged file (which is moved aside). */
  async readRun(key: RunKey): Promise<FoundRun | null> {
    const path = join(this.runDirectory(key), RUN_FILE);
    const text = await readBounded(path);
    if (text === null) return null;
    const decoded = decodeRun(text);
    if (decoded.kind === 'corrupt' || !sameKey(decoded.run.key, key)) {
      await rename(path, `${path}.corrupt`).catch(() => undefined);
      return null;
    }
    const bytes = Buffer.byteLength(text);
    return { run: decoded.run, file: { path, sha256: sha256Of(text), bytes } };
  }

  /** Like readRun, but its absence is an error: BenchmarkError 'artifact-missing'. */
  async requireRun(key: RunKey): Promise<FoundRun> {
    const found = await this.readRun(key);
    if (found !== null) return found;
    throw new BenchmarkError(
      'artifact-missing',
      `The stored result of ${runDirectoryName(key)} is not in ${this.runDirectory(key)}, or it is damaged. ` +
        'Was the directory moved or cleaned? Start the benchmark under a new id to measure again.',
      { details: { key } },
    );
  }

  /**
   * Throws BenchmarkError 'run-superseded' when another attempt at the run has begun since: one that was held for dead and
   * comes back late must not write over its successor.
   */
  async writeRun(run: StoredRun): Promise<ArtifactRef> {
    const newest = (await this.attempts(run.key)).at(-1)?.attempt ?? 0;
    if (newest > run.attempt.attempt) {
      throw new BenchmarkError(
        'run-superseded',
        `Attempt ${run.attempt.attempt} at ${runDirectoryName(run.key)} came too late: attempt ${newest} has begun, ` +
          'and its result counts.',
        { details: { key: run.key, newest } },
      );
    }
    return writeTextAtomically(join(this.runDirectory(run.key), RUN_FILE), encodeRun(run));
  }

  /** Makes the run's directory, clears what a killed writer left, and counts the attempt that begins now. */
  async beginAttempt(
    key: RunKey,
    start: { readonly startedAt: Date; readonly host: string },
  ): Promise<AttemptAccount> {
    const directory = this.runDirectory(key);
    await makeDirectory(directory).catch((error: unknown) => {
      throw storageError(error, directory);
    });
    await removeLeftovers(directory);
    return beginAttempt(join(directory, ATTEMPTS_FILE), start);
  }

  async endAttempt(key: RunKey, attempt: number, reason: string): Promise<void> {
    await endAttempt(join(this.runDirectory(key), ATTEMPTS_FILE), attempt, reason);
  }

  async attempts(key: RunKey): Promise<AttemptRecord[]> {
    return readAttempts(join(this.runDirectory(key), ATTEMPTS_FILE));
  }

  async writeReport(key: BenchmarkKey, text: TextSource): Promise<ArtifactRef> {
    return writeTextAtomically(this.reportPath(key), text);
  }

  /** Any text file, whole or not at all. `path` is absolute or relative to the working directory. */
  async writeText(path: string, text: TextSource): Promise<ArtifactRef> {
    return writeTextAtomically(resolve(path), text);
  }

  /** Proves that a file can be written at `path`, without touching one that is there. Makes its directory. */
  async requireWritable(path: string): Promise<void> {
    const target = resolve(path);
    const probe = join(dirname(target), `.${basename(target)}.${process.pid}.probe.tmp`);
    try {
      await makeDirectory(dirname(target));
      await refuseUnwritableTarget(target);
      await (await open(probe, 'w')).close();
    } catch (error) {
      throw storageError(error, target);
    } finally {
      await rm(probe, { force: true }).catch(() => undefined);
    }
  }
}

async function refuseUnwritableTarget(target: string): Promise<void> {
  const existing = await stat(target).catch(() => null);
  if (existing === null) return;
  if (existing.isDirectory()) throw new Error('it is a directory');
  await access(target, constants.W_OK);
}

async function readBounded(path: string): Promise<string | null> {
  try {
    const { size } = await stat(path);
    return size > MAX_RUN_FILE_BYTES ? '' : await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new BenchmarkError('artifact-corrupt', `Cannot read ${path}: ${String(error)}`, {
      cause: error,
    });
  }
}

function sameKey(a: RunKey, b: RunKey): boolean {
  return (
    a.workflowId === b.workflowId &&
    a.firstExecutionRunId === b.firstExecutionRunId &&
    a.phase === b.phase &&
    a.index === b.index &&
    (a.series ?? 1) === (b.series ?? 1)
  );
}
