// What was tried for one run, kept beside its result: only the disk remembers an attempt whose process was killed.

import { readFile } from 'node:fs/promises';
import type { AttemptAccount } from '../contract/run-result.ts';
import { writeTextAtomically } from '../runtime/atomic-file.ts';

export interface AttemptRecord {
  readonly attempt: number;
  readonly startedAtUtc: string;
  readonly host: string;
  /** Why it ended without a result; null while it runs, after it was killed, or when it succeeded. */
  readonly endedBy: string | null;
}

const KILLED = 'the process that measured it ended without a word (killed, or the machine stopped)';
const MAX_RECORDS = 100;
const MAX_REASON_CHARS = 500;

export async function readAttempts(path: string): Promise<AttemptRecord[]> {
  const text = await readFile(path, 'utf8').catch(() => '[]');
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.filter(isRecord) : [];
  } catch {
    return [];
  }
}

/** Notes that an attempt begins now and says what the ones before it cost. */
export async function beginAttempt(
  path: string,
  start: { readonly startedAt: Date; readonly host: string },
): Promise<AttemptAccount> {
  const earlier = await readAttempts(path);
  const attempt = (earlier.at(-1)?.attempt ?? 0) + 1;
  const record: AttemptRecord = {
    attempt,
    startedAtUtc: start.startedAt.toISOString(),
    host: start.host,
    endedBy: null,
  };
  await write(path, [...earlier, record]);
  return {
    attempt,
    lostMs: lostMs(earlier, start.startedAt),
    reason: earlier.length === 0 ? null : reasonOf(earlier),
  };
}

/** Notes why an attempt ended without a result. */
export async function endAttempt(path: string, attempt: number, reason: string): Promise<void> {
  const records = await readAttempts(path);
  const endedBy = reason.slice(0, MAX_REASON_CHARS);
  await write(
    path,
    records.map((record) => (record.attempt === attempt ? { ...record, endedBy } : record)),
  );
}

function lostMs(earlier: readonly AttemptRecord[], now: Date): number {
  const first = earlier[0];
  if (first === undefined) return 0;
  // A wall clock may be set back between two processes; lost time is then unknown but never negative.
  return Math.max(0, now.getTime() - Date.parse(first.startedAtUtc));
}

function reasonOf(earlier: readonly AttemptRecord[]): string {
  const parts = earlier.map((record) => `attempt ${record.attempt}: ${record.endedBy ?? KILLED}`);
  return parts.join('; ').slice(0, MAX_REASON_CHARS);
}

/** The first record is kept for ever: lost time counts from it. */
async function write(path: string, records: readonly AttemptRecord[]): Promise<void> {
  const kept =
    records.length > MAX_RECORDS
      ? [...records.slice(0, 1), ...records.slice(1 - MAX_RECORDS)]
      : records;
  await writeTextAtomically(path, `${JSON.stringify(kept, null, 1)}\n`);
}

function isRecord(value: unknown): value is AttemptRecord {
  if (typeof value !== 'object' || value === null) return false;
  if (!('attempt' in value) || !('startedAtUtc' in value)) return false;
  return typeof value.attempt === 'number' && typeof value.startedAtUtc === 'string';
}
