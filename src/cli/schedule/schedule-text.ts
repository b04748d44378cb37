// Schedules as a table, and one of them with all that can be told: what comes, what came, and what did not and why.

import { textTable } from '../../report/text-table.ts';
import type {
  ScheduleDescriptionItem,
  ScheduleListItem,
  TakenFiring,
} from '../../temporal/schedule-api.ts';
import { spanText } from '../../temporal/schedule-spec.ts';

const LIST_TITLES = ['name', 'starts', 'state', 'next', 'last', 'skipped', 'missed'] as const;
const COUNTS: readonly string[] = ['skipped', 'missed'];

export function scheduleListText(items: readonly ScheduleListItem[]): string {
  if (items.length === 0) {
    return "No schedules yet. Make one: loombench schedule create nightly --at '02:30' quick";
  }
  const table = textTable(
    LIST_TITLES.map((title) => ({ title, align: COUNTS.includes(title) ? 'right' : 'left' })),
    items.map((item) => [
      item.name,
      item.workflowType ?? '?',
      item.paused ? 'paused' : 'active',
      nextText(item),
      item.lastAtUtc ?? '-',
      String(item.skippedByOverlap ?? '-'),
      String(item.missedByCatchUp ?? '-'),
    ]),
  );
  return items.some(isHeldUp) ? `${table}\n${HELD_UP_NOTE}` : table;
}

const HELD_UP_NOTE =
  '(…) does not come while the schedule is paused: loombench schedule resume NAME';

function isHeldUp({ paused, nextAtUtc }: ScheduleListItem): boolean {
  return paused && nextAtUtc !== null;
}

function nextText(item: ScheduleListItem): string {
  const next = item.nextAtUtc ?? '-';
  return isHeldUp(item) ? `(${next})` : next;
}

export function scheduleText(schedule: ScheduleDescriptionItem): string {
  const sections = [factsText(schedule), notTakenText(schedule), takenText(schedule.taken)];
  return sections.filter((section) => section !== '').join('\n\n');
}

function factsText(schedule: ScheduleDescriptionItem): string {
  const { name, note, paused, timing, timeZone, jitterMs } = schedule;
  const state = paused ? `paused${note === '' ? '' : `: ${note}`}` : 'active';
  const jitter = jitterMs > 0 ? `, up to ${spanText(jitterMs)} later by chance` : '';
  return [
    `schedule   ${name}, ${state}`,
    `fires      ${timing} (${timeZone}${jitter})`,
    `starts     ${schedule.workflowType ?? '?'} ${JSON.stringify(schedule.input ?? {})}`,
    `policies   overlap ${schedule.overlap}, catch-up window ${spanText(schedule.catchUpMs)}, ${
      schedule.pauseOnFailure ? 'pauses' : 'does not pause'
    } when a benchmark fails`,
    `next       ${nextTimesText(schedule)}`,
    `running    ${schedule.running.join(', ') || 'none'}${schedule.waiting > 0 ? `; ${schedule.waiting} waiting` : ''}`,
    `taken      ${schedule.takenCount}`,
  ].join('\n');
}

function nextTimesText({ paused, nextAtUtcs }: ScheduleDescriptionItem): string {
  if (nextAtUtcs.length === 0) return 'none';
  const times = nextAtUtcs.join(', ');
  return paused ? `none while it is paused; otherwise ${times}` : times;
}

function notTakenText({
  skippedByOverlap,
  missedByCatchUp,
  catchUpMs,
  overlap,
}: ScheduleDescriptionItem): string {
  const waits = overlap === 'skip' ? '' : ' and another one already waited';
  return [
    skippedByOverlap === 0
      ? ''
      : `skipped    ${skippedByOverlap}: the benchmark of an earlier firing still ran${waits}; a longer interval would take them all`,
    missedByCatchUp === 0
      ? ''
      : `missed     ${missedByCatchUp}: the Temporal server was away for longer than the catch-up window of ${spanText(catchUpMs)}`,
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function takenText(taken: readonly TakenFiring[]): string {
  if (taken.length === 0) return 'No firing was taken yet.';
  return textTable(
    ['scheduled', 'started', 'benchmark', 'state', 'verdict'].map((title) => ({
      title,
      align: 'left',
    })),
    taken.map((firing) => [
      firing.scheduledAtUtc,
      firing.startedAtUtc,
      firing.benchmarkId,
      firing.benchmark?.state ?? 'forgotten by the server',
      firing.benchmark?.verdict ?? '-',
    ]),
  );
}
