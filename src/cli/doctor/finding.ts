// What an examination found, and how it is told.

export type FindingStatus = 'ok' | 'warn' | 'fail';

export interface Finding {
  readonly name: string;
  readonly status: FindingStatus;
  readonly message: string;
  /** What to do about it; null when nothing needs doing. */
  readonly next: string | null;
}

export function ok(name: string, message: string): Finding {
  return { name, status: 'ok', message, next: null };
}

export function warn(name: string, message: string, next: string): Finding {
  return { name, status: 'warn', message, next };
}

export function fail(name: string, message: string, next: string): Finding {
  return { name, status: 'fail', message, next };
}

export function findingLine({ name, status, message, next }: Finding): string {
  return `${status.padEnd(4)}  ${name.padEnd(13)}  ${message}${next === null ? '' : `. ${next}`}`;
}
