// Finds the report of a finished benchmark. The artifacts are on the worker's host, which need not be this one.

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { BenchmarkOutcome } from '../contract/benchmark-state.ts';
import { BenchmarkError } from '../contract/failure.ts';
import type { JsonReport } from '../contract/report.ts';
import { UsageError } from './usage-error.ts';

export interface StoredReport {
  readonly path: string;
  /** The file's content, byte for byte. */
  readonly text: string;
  readonly report: JsonReport;
}

/** Null when the file is not on this machine. */
export async function findStoredReport(
  outcome: Pick<BenchmarkOutcome, 'report'>,
  stateDirectory: string,
): Promise<StoredReport | null> {
  const path = resolve(stateDirectory, 'artifacts', outcome.report.path);
  try {
    return await readReportFile(path);
  } catch (error) {
    if (error instanceof BenchmarkError && error.code === 'artifact-missing') return null;
    throw error;
  }
}

/** Throws BenchmarkError 'artifact-missing' | 'artifact-corrupt'. */
export async function readReportFile(path: string): Promise<StoredReport> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new BenchmarkError(
      'artifact-missing',
      `No report can be read at ${path}: ${reasonOf(cause)}.`,
      { cause },
    );
  }
  return { path, text, report: parsedReport(text, path) };
}

/** For a file that is an argument: what is wrong with it is wrong with the command line. Throws UsageError. */
export async function readNamedReport(path: string): Promise<StoredReport> {
  return readReportFile(path).catch((thrown: unknown) => {
    throw thrown instanceof BenchmarkError
      ? new UsageError([{ path: '', message: thrown.message }])
      : thrown;
  });
}

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file; a run writes its report where --output-path says, and `loombench history list` shows those that are stored here';
    case 'EISDIR':
      return 'it is a directory; name the report.json in it';
    case 'EACCES':
      return 'this user may not read it';
    default:
      return cause instanceof Error ? cause.message : String(cause);
  }
}

function parsedReport(text: string, path: string): JsonReport {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BenchmarkError('artifact-corrupt', `${path} is not a report: it is no JSON.`, {
      cause,
    });
  }
  if (!isReport(value)) {
    throw new BenchmarkError(
      'artifact-corrupt',
      `${path} is not a report of loombench: it has no runs, aggregate and loombench keys.`,
    );
  }
  return value;
}

/** The keys that the formats lean on; the file is ours, so its inside is trusted. */
function isReport(value: unknown): value is JsonReport {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'runs' in value &&
    Array.isArray(value.runs) &&
    'aggregate' in value &&
    typeof value.aggregate === 'object' &&
    'loombench' in value &&
    typeof value.loombench === 'object'
  );
}
