// Between our words for when a schedule fires and Temporal's.

import type { ScheduleDescription, ScheduleSpec } from '@temporalio/client';
import {
  OVERLAPS,
  WEEKDAYS,
  type Firing,
  type Overlap,
  type ScheduleTiming,
  type ScheduleTimingChange,
} from './schedule-api.ts';

const OVERLAP_POLICIES = {
  'buffer-one': 'BUFFER_ONE',
  skip: 'SKIP',
  'buffer-all': 'BUFFER_ALL',
} as const satisfies Record<Overlap, string>;

export function overlapPolicy(overlap: Overlap): (typeof OVERLAP_POLICIES)[Overlap] {
  return OVERLAP_POLICIES[overlap];
}

/** A schedule made by other means may have a policy that we never set; it is shown in the server's word. */
export function overlapWord(policy: ScheduleDescription['policies']['overlap']): string {
  const known = OVERLAPS.find((overlap) => OVERLAP_POLICIES[overlap] === policy);
  return known ?? policy ?? "the server's default";
}

export function specOf({ firing, timeZone, jitterMs }: ScheduleTiming): ScheduleSpec {
  return {
    ...firingSpec(firing),
    timezone: timeZone,
    ...(jitterMs > 0 ? { jitter: jitterMs } : {}),
  };
}

/** Also what only other tools set, a first and a last day say, goes on to hold. */
export function changedSpec(
  previous: Described,
  { firing, timeZone, jitterMs }: ScheduleTimingChange,
): Described | ScheduleSpec {
  const { startAt, endAt, skip, timezone, jitter } = previous;
  const kept = {
    ...(startAt === undefined ? {} : { startAt }),
    ...(endAt === undefined ? {} : { endAt }),
    ...(skip === undefined ? {} : { skip }),
  };
  const zone = timeZone ?? timezone;
  const spread = jitterMs ?? jitter;
  const rest = {
    ...(zone === undefined ? {} : { timezone: zone }),
    ...(spread === undefined ? {} : { jitter: spread }),
  };
  return firing === undefined
    ? { ...previous, ...rest }
    : { ...kept, ...firingSpec(firing), ...rest };
}

function firingSpec(firing: Firing): ScheduleSpec {
  switch (firing.kind) {
    case 'every':
      return { intervals: [{ every: firing.everyMs, offset: firing.offsetMs }] };
    case 'cron':
      return { cronExpressions: [...firing.expressions] };
    case 'at':
      return {
        calendars: firing.times.map(({ days, hour, minute }) => ({
          hour,
          minute,
          ...(days.length === 0 ? {} : { dayOfWeek: [...days] }),
        })),
      };
  }
}

type Described = ScheduleDescription['spec'];

/** What the server keeps: cron expressions come back as calendars. */
export function timingText(spec: Described): string {
  const parts = [
    ...(spec.intervals ?? []).map(({ every, offset }) => intervalText(every, offset)),
    ...(spec.calendars ?? []).map(calendarText),
  ];
  return parts.length === 0 ? 'never' : parts.join('; ');
}

function intervalText(everyMs: number, offsetMs: number): string {
  return offsetMs === 0
    ? `every ${spanText(everyMs)}`
    : `every ${spanText(everyMs)}, offset ${spanText(offsetMs)}`;
}

type Calendar = NonNullable<Described['calendars']>[number];
type Spans = readonly {
  readonly start: number | string;
  readonly end: number | string;
  readonly step: number;
}[];

function calendarText(calendar: Calendar): string {
  const { second, minute, hour, dayOfMonth, month, dayOfWeek, comment } = calendar;
  const time = [hour, minute, second].map((spans) => spansText(spans, 2)).join(':');
  const days = [
    isAll(dayOfWeek, WEEKDAYS.length) ? '' : `on ${spansText(dayOfWeek, 0)}`,
    isAll(dayOfMonth, 31) ? '' : `day ${spansText(dayOfMonth, 0)}`,
    isAll(month, 12) ? '' : `in ${spansText(month, 0)}`,
  ].filter((part) => part !== '');
  const said = comment === undefined || comment === '' ? '' : ` (${comment})`;
  return `at ${time}${days.length === 0 ? ' daily' : ` ${days.join(' ')}`}${said}`;
}

function spansText(spans: Spans, width: number): string {
  const written = spans.map(({ start, end, step }) => {
    const from = wordOf(start, width);
    const to = wordOf(end, width);
    const span = from === to ? from : `${from}-${to}`;
    return step > 1 ? `${span}/${step}` : span;
  });
  return written.length === 0 ? '*' : written.join(',');
}

function wordOf(value: number | string, width: number): string {
  return typeof value === 'number' ? String(value).padStart(width, '0') : value.toLowerCase();
}

function isAll(spans: Spans, values: number): boolean {
  const [only] = spans;
  if (only === undefined) return true;
  if (spans.length > 1 || only.step > 1) return false;
  if (typeof only.start === 'number') return Number(only.end) - only.start + 1 >= values;
  const names: readonly string[] = values === WEEKDAYS.length ? WEEKDAYS : ['JANUARY', 'DECEMBER'];
  return only.start === names[0] && only.end === names.at(-1);
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

/** Such as `1h30m`. */
export function spanText(milliseconds: number): string {
  let restMs = milliseconds;
  let text = '';
  for (const [unit, unitMs] of UNITS) {
    const count = Math.floor(restMs / unitMs);
    if (count > 0) text += `${count}${unit}`;
    restMs -= count * unitMs;
  }
  return restMs > 0 || text === '' ? `${text}${restMs}ms` : text;
}
