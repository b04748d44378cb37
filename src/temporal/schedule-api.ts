// The nouns of scheduled benchmarks: what a schedule is made of, and what can be told about one.

import type { BenchmarkListItem } from './benchmark-api.ts';

/** When it fires; several of one kind are all meant. */
export type Firing =
  | { readonly kind: 'every'; readonly everyMs: number; readonly offsetMs: number }
  | { readonly kind: 'cron'; readonly expressions: readonly string[] }
  | { readonly kind: 'at'; readonly times: readonly WeeklyTime[] };

export const WEEKDAYS = [
  'SUNDAY',
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** A time of day on some days of the week; no day named means every day. */
export interface WeeklyTime {
  readonly days: readonly Weekday[];
  readonly hour: number;
  readonly minute: number;
}

/** What happens to a firing while the benchmark of an earlier one still runs. Nothing that lets two run at once. */
export const OVERLAPS = ['buffer-one', 'skip', 'buffer-all'] as const;
export type Overlap = (typeof OVERLAPS)[number];

export interface SchedulePolicies {
  readonly overlap: Overlap;
  /** A firing that the server slept through is made up for when it is no older than this. */
  readonly catchUpMs: number;
  readonly pauseOnFailure: boolean;
}

/** What is started at each firing. */
export interface ScheduledWork {
  readonly workflowType: string;
  /** The workflow's input; undefined starts it without. Paths in it are absolute. */
  readonly raw: unknown;
  readonly summary: string;
  readonly details: string;
  readonly configHash: string;
  /** After which the server ends what a firing started, so that it does not hold up the schedule for ever. */
  readonly executionTimeoutMs: number;
}

export interface ScheduleTiming {
  readonly firing: Firing;
  /** IANA name. */
  readonly timeZone: string;
  readonly jitterMs: number;
}

export interface NewSchedule {
  readonly name: string;
  readonly timing: ScheduleTiming;
  readonly policies: SchedulePolicies;
  readonly work: ScheduledWork;
  readonly paused: boolean;
  readonly note: string;
}

/** What is left out stays as it is. */
export type ScheduleTimingChange = Partial<ScheduleTiming>;

/** As above. */
export interface ScheduleChange {
  readonly timing?: ScheduleTimingChange;
  readonly policies?: Partial<SchedulePolicies>;
  /** Given what the schedule starts now. What it throws comes out of `update`. */
  readonly work?: (inputBefore: unknown, workflowTypeBefore: string) => ScheduledWork;
  readonly note?: string;
}

export interface ScheduleListItem {
  readonly name: string;
  readonly workflowType: string | null;
  readonly paused: boolean;
  readonly note: string;
  readonly nextAtUtc: string | null;
  readonly lastAtUtc: string | null;
  /** Firings that came while a benchmark ran and, with buffer-one, another one waited; null: could not be asked. */
  readonly skippedByOverlap: number | null;
  /** Firings during which the server was away, for longer than the catch-up window; null as above. */
  readonly missedByCatchUp: number | null;
}

/** One firing that was taken, with what became of it. */
export interface TakenFiring {
  readonly scheduledAtUtc: string;
  readonly startedAtUtc: string;
  readonly benchmarkId: string;
  /** null: the server has forgotten it (its retention is over). */
  readonly benchmark: BenchmarkListItem | null;
}

export interface ScheduleDescriptionItem extends ScheduleListItem {
  readonly timing: string;
  readonly timeZone: string;
  readonly jitterMs: number;
  /** An Overlap, or the server's word for a policy that we never set. */
  readonly overlap: string;
  readonly catchUpMs: number;
  readonly pauseOnFailure: boolean;
  readonly input: unknown;
  readonly nextAtUtcs: readonly string[];
  /** Newest first. */
  readonly taken: readonly TakenFiring[];
  readonly running: readonly string[];
  readonly takenCount: number;
  readonly skippedByOverlap: number;
  readonly missedByCatchUp: number;
  readonly waiting: number;
}

/** All throw BenchmarkError: 'temporal-unreachable', 'schedule-not-found', 'schedule-exists' or 'config-invalid'. */
export interface ScheduleClient {
  readonly create: (schedule: NewSchedule) => Promise<void>;
  readonly list: () => Promise<ScheduleListItem[]>;
  readonly describe: (name: string) => Promise<ScheduleDescriptionItem>;
  readonly trigger: (name: string) => Promise<void>;
  readonly pause: (name: string, note: string) => Promise<void>;
  readonly resume: (name: string, note: string) => Promise<void>;
  readonly update: (name: string, change: ScheduleChange) => Promise<void>;
  readonly delete: (name: string) => Promise<void>;
  /** Makes up for the firings of a past time, one after the other. */
  readonly backfill: (
    name: string,
    span: { readonly from: Date; readonly to: Date },
  ) => Promise<void>;
}
