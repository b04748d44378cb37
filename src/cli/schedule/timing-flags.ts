// When a schedule fires and what happens when it cannot: from flags to the schedule's nouns, every problem at once.

import type { ConfigProblem } from '../../config/problem.ts';
import {
  OVERLAPS,
  WEEKDAYS,
  type Firing,
  type Overlap,
  type SchedulePolicies,
  type ScheduleTimingChange,
  type Weekday,
  type WeeklyTime,
} from '../../temporal/schedule-api.ts';
import { parseSpanMs } from '../span.ts';

export interface TimingFlags {
  readonly cron?: readonly string[];
  readonly every?: string;
  readonly offset?: string;
  readonly at?: readonly string[];
  readonly timeZone?: string;
  readonly jitter?: string;
  readonly overlap?: string;
  readonly catchUp?: string;
  /** Absent: not said. */
  readonly pauseOnFailure?: boolean;
}

export const DEFAULT_POLICIES: SchedulePolicies = {
  overlap: 'buffer-one',
  catchUpMs: 600_000,
  pauseOnFailure: true,
};

/** Temporal's own floor. */
const LEAST_CATCH_UP_MS = 10_000;
const LEAST_EVERY_MS = 1000;

export interface ReadTiming {
  /** Only what was said; null: nothing about time was. */
  readonly timing: ScheduleTimingChange | null;
  readonly policies: Partial<SchedulePolicies>;
  readonly problems: readonly ConfigProblem[];
}

type Report = (path: string, message: string, hint?: string) => void;

export function readTiming(flags: TimingFlags): ReadTiming {
  const problems: ConfigProblem[] = [];
  const report: Report = (path, message, hint) => {
    problems.push({ path, message, ...(hint === undefined ? {} : { hint }) });
  };
  const firing = readFiring(flags, report);
  const { timeZone } = flags;
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    report(
      '--time-zone',
      `'${timeZone}' is no time zone`,
      'an IANA name such as Europe/Berlin or UTC',
    );
  }
  const timing: ScheduleTimingChange = {
    ...(firing === null ? {} : { firing }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(flags.jitter === undefined ? {} : { jitterMs: readSpan('--jitter', flags.jitter, report) }),
  };
  const policies = readPolicies(flags, report);
  return { timing: Object.keys(timing).length === 0 ? null : timing, policies, problems };
}

function readFiring(flags: TimingFlags, report: Report): Firing | null {
  const said = [flags.cron, flags.every, flags.at].filter((flag) => flag !== undefined);
  if (said.length > 1) report('', '--cron, --every and --at exclude each other: give one of them');
  if (flags.offset !== undefined && flags.every === undefined) {
    report('--offset', 'goes with --every only');
  }
  if (flags.every !== undefined) return readEvery(flags.every, flags.offset, report);
  if (flags.at !== undefined) return { kind: 'at', times: readTimes(flags.at, report) };
  return flags.cron === undefined ? null : readCron(flags.cron, report);
}

function readEvery(every: string, offset: string | undefined, report: Report): Firing {
  const everyMs = readSpan('--every', every, report);
  const offsetMs = offset === undefined ? 0 : readSpan('--offset', offset, report);
  if (everyMs > 0 && everyMs < LEAST_EVERY_MS) report('--every', 'is at least 1s');
  if (everyMs > 0 && offsetMs >= everyMs) report('--offset', `is less than --every (${every})`);
  return { kind: 'every', everyMs, offsetMs };
}

const CRON_WORDS = /^@(?:yearly|monthly|weekly|daily|hourly|every \S+)$/;

function readCron(expressions: readonly string[], report: Report): Firing {
  for (const expression of expressions) {
    const fields = expression.trim().split(/\s+/).length;
    if (CRON_WORDS.test(expression.trim()) || (fields >= 5 && fields <= 7)) continue;
    report(
      '--cron',
      `'${expression}' has ${fields} of the 5 fields`,
      "minute hour day month weekday, such as '30 2 * * 1-5'",
    );
  }
  return { kind: 'cron', expressions };
}

const CLOCK = /^(?:([a-z,-]+)\s+)?(\d{1,2}):(\d{2})$/i;

function readTimes(texts: readonly string[], report: Report): WeeklyTime[] {
  return texts.flatMap((text) => {
    const [, days, hourText, minuteText] = CLOCK.exec(text.trim()) ?? [];
    const hour = Number(hourText);
    const minute = Number(minuteText);
    const weekdays = days === undefined ? [] : readDays(days);
    if (hourText === undefined || hour > 23 || minute > 59 || weekdays === null) {
      report(
        '--at',
        `'${text}' is no time`,
        "such as '02:30' or 'mon,thu 02:30' or 'mon-fri 02:30'",
      );
      return [];
    }
    return [{ days: weekdays, hour, minute }];
  });
}

/** null when a word is no day. */
function readDays(text: string): Weekday[] | null {
  const days: Weekday[] = [];
  for (const part of text.toUpperCase().split(',')) {
    const [from = -1, to = from] = part.split('-').map(dayIndex);
    if (from < 0 || to < 0 || part.split('-').length > 2) return null;
    for (let day = from; ; day = (day + 1) % WEEKDAYS.length) {
      const name = WEEKDAYS[day];
      if (name !== undefined && !days.includes(name)) days.push(name);
      if (day === to) break;
    }
  }
  return days;
}

function dayIndex(word: string): number {
  return word.length < 2 ? -1 : WEEKDAYS.findIndex((day) => day.startsWith(word));
}

function readPolicies(flags: TimingFlags, report: Report): Partial<SchedulePolicies> {
  const overlap = flags.overlap === undefined ? undefined : readOverlap(flags.overlap, report);
  const catchUpMs =
    flags.catchUp === undefined ? undefined : readSpan('--catch-up', flags.catchUp, report);
  if (catchUpMs !== undefined && catchUpMs > 0 && catchUpMs < LEAST_CATCH_UP_MS) {
    report('--catch-up', 'is at least 10s');
  }
  return {
    ...(overlap === undefined ? {} : { overlap }),
    ...(catchUpMs === undefined ? {} : { catchUpMs }),
    ...(flags.pauseOnFailure === undefined ? {} : { pauseOnFailure: flags.pauseOnFailure }),
  };
}

function readOverlap(text: string, report: Report): Overlap | undefined {
  const known = OVERLAPS.find((overlap) => overlap === text);
  if (known === undefined) {
    report(
      '--overlap',
      `'${text}' is none of ${OVERLAPS.join(', ')}`,
      'two benchmarks never run at once',
    );
  }
  return known;
}

/** Durations, and days: `1d`, `2d12h`. */
function readSpan(flag: string, text: string, report: Report): number {
  const spanMs = parseSpanMs(text);
  if (spanMs === null) report(flag, `'${text}' is no duration`, 'such as 30s, 15m, 6h, 1d');
  return spanMs ?? 0;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
