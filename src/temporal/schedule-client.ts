// Benchmarks on a Temporal Schedule. Temporal keeps the clock, the queue of firings and the counts; here are only the
// defaults that suit benchmarks and the words.

import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  WorkflowNotFoundError,
  type Client,
  type ScheduleDescription,
  type ScheduleHandle,
  type ScheduleOptions,
  type ScheduleSummary,
  type ScheduleUpdateOptions,
} from '@temporalio/client';
import { BenchmarkError } from '../contract/failure.ts';
import { MAIN_TASK_QUEUE, MEMO_CONFIG_HASH } from '../contract/ids.ts';
import { listItemOf } from './describe-benchmark.ts';
import type {
  NewSchedule,
  ScheduleChange,
  ScheduleClient,
  ScheduledWork,
  ScheduleDescriptionItem,
  ScheduleListItem,
  TakenFiring,
} from './schedule-api.ts';
import { changedSpec, overlapPolicy, overlapWord, specOf, timingText } from './schedule-spec.ts';
import { translatingOutages } from './server-outage.ts';

const CALL_TIMEOUT_MS = 10_000;
const NEXT_SHOWN = 5;

export function createScheduleClient(client: Client): ScheduleClient {
  const handleOf = (name: string): ScheduleHandle => client.schedule.getHandle(name);
  const bounded = <T>(name: string, work: () => Promise<T>): Promise<T> =>
    translatingOutages(() =>
      client.connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, work).catch((error: unknown) => {
        throw scheduleError(error, name);
      }),
    );
  return {
    create: (schedule) =>
      bounded(schedule.name, async () => {
        await client.schedule.create(optionsOf(schedule));
      }),
    list: () => bounded('', () => listSchedules(client)),
    describe: (name) => bounded(name, () => describe(client, handleOf(name))),
    // Said outright: without a policy of its own, a trigger would take the server's default, which skips.
    trigger: (name) => bounded(name, () => handleOf(name).trigger('BUFFER_ONE')),
    pause: (name, note) => bounded(name, () => handleOf(name).pause(note)),
    resume: (name, note) => bounded(name, () => handleOf(name).unpause(note)),
    update: (name, change) =>
      bounded(name, () => handleOf(name).update((previous) => updateOf(previous, change))),
    delete: (name) => bounded(name, () => handleOf(name).delete()),
    backfill: (name, { from, to }) =>
      bounded(name, () => handleOf(name).backfill({ start: from, end: to, overlap: 'BUFFER_ALL' })),
  };
}

function optionsOf(schedule: NewSchedule): ScheduleOptions {
  const { name, timing, policies, work, paused, note } = schedule;
  return {
    scheduleId: name,
    spec: specOf(timing),
    action: actionOf(name, work),
    policies: {
      overlap: overlapPolicy(policies.overlap),
      catchupWindow: policies.catchUpMs,
      pauseOnFailure: policies.pauseOnFailure,
    },
    state: { paused, ...(note === '' ? {} : { note }) },
  };
}

/** The server adds the firing's time to the id, so that every firing is a benchmark of its own. */
function actionOf(name: string, work: ScheduledWork): ScheduleOptions['action'] {
  return {
    type: 'startWorkflow',
    workflowType: work.workflowType,
    workflowId: name,
    taskQueue: MAIN_TASK_QUEUE,
    args: work.raw === undefined ? [] : [work.raw],
    workflowExecutionTimeout: work.executionTimeoutMs,
    staticSummary: work.summary,
    staticDetails: work.details,
    memo: { [MEMO_CONFIG_HASH]: work.configHash },
  };
}

function updateOf(previous: ScheduleDescription, change: ScheduleChange): ScheduleUpdateOptions {
  const { policies = {}, timing, work, note } = change;
  return {
    spec: timing === undefined ? previous.spec : changedSpec(previous.spec, timing),
    action:
      work === undefined
        ? previous.action
        : actionOf(
            previous.scheduleId,
            work(previous.action.args?.[0], previous.action.workflowType),
          ),
    policies: {
      overlap:
        policies.overlap === undefined
          ? previous.policies.overlap
          : overlapPolicy(policies.overlap),
      catchupWindow: policies.catchUpMs ?? previous.policies.catchupWindow,
      pauseOnFailure: policies.pauseOnFailure ?? previous.policies.pauseOnFailure,
    },
    state: { ...previous.state, ...(note === undefined ? {} : { note }) },
  };
}

/** The server's list has no counts and comes late: whether one is paused, say, is asked of each by itself. */
async function listSchedules(client: Client): Promise<ScheduleListItem[]> {
  const items: ScheduleListItem[] = [];
  for await (const summary of client.schedule.list()) {
    items.push({ ...itemOf(summary), ...(await freshFacts(client, summary)) });
  }
  return items;
}

type FreshFacts = Pick<ScheduleListItem, 'skippedByOverlap' | 'missedByCatchUp'> &
  Partial<ScheduleListItem>;

/** One that was deleted meanwhile is listed all the same, as the server's list has it. */
async function freshFacts(client: Client, { scheduleId }: ScheduleSummary): Promise<FreshFacts> {
  try {
    const { info, state } = await client.schedule.getHandle(scheduleId).describe();
    return {
      paused: state.paused,
      note: state.note ?? '',
      ...edgeTimes(info),
      skippedByOverlap: info.numActionsSkippedOverlap,
      missedByCatchUp: info.numActionsMissedCatchupWindow,
    };
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    return { skippedByOverlap: null, missedByCatchUp: null };
  }
}

function itemOf({
  scheduleId,
  action,
  state,
  info,
}: ScheduleSummary): Omit<ScheduleListItem, 'skippedByOverlap' | 'missedByCatchUp'> {
  return {
    name: scheduleId,
    workflowType: action?.workflowType ?? null,
    paused: state.paused,
    note: state.note ?? '',
    ...edgeTimes(info),
  };
}

function edgeTimes({
  nextActionTimes,
  recentActions,
}: ScheduleSummary['info']): Pick<ScheduleListItem, 'nextAtUtc' | 'lastAtUtc'> {
  return {
    nextAtUtc: nextActionTimes[0]?.toISOString() ?? null,
    lastAtUtc: recentActions.at(-1)?.takenAt.toISOString() ?? null,
  };
}

async function describe(client: Client, handle: ScheduleHandle): Promise<ScheduleDescriptionItem> {
  const described = await handle.describe();
  const { info, policies, spec, state } = described;
  const recent = [...info.recentActions].reverse();
  return {
    name: described.scheduleId,
    workflowType: described.action.workflowType,
    paused: state.paused,
    note: state.note ?? '',
    ...edgeTimes(info),
    timing: timingText(spec),
    timeZone: spec.timezone ?? 'UTC',
    jitterMs: spec.jitter ?? 0,
    overlap: overlapWord(policies.overlap),
    catchUpMs: policies.catchupWindow,
    pauseOnFailure: policies.pauseOnFailure,
    input: described.action.args?.[0] ?? null,
    nextAtUtcs: info.nextActionTimes.slice(0, NEXT_SHOWN).map((time) => time.toISOString()),
    taken: await Promise.all(recent.map((action) => takenFiring(client, action))),
    running: info.runningActions.map(({ workflow }) => workflow.workflowId),
    takenCount: info.numActionsTaken,
    skippedByOverlap: info.numActionsSkippedOverlap,
    missedByCatchUp: info.numActionsMissedCatchupWindow,
    waiting: Number(described.raw.info?.bufferSize ?? 0),
  };
}

type RecentAction = ScheduleDescription['info']['recentActions'][number];

async function takenFiring(client: Client, taken: RecentAction): Promise<TakenFiring> {
  const { workflowId } = taken.action.workflow;
  const found = await client.workflow
    .getHandle(workflowId)
    .describe()
    .catch((error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    });
  return {
    scheduledAtUtc: taken.scheduledAt.toISOString(),
    startedAtUtc: taken.takenAt.toISOString(),
    benchmarkId: workflowId,
    benchmark: found === null ? null : listItemOf(found),
  };
}

function scheduleError(error: unknown, name: string): unknown {
  if (error instanceof ScheduleAlreadyRunning) {
    return new BenchmarkError(
      'schedule-exists',
      `There is a schedule ${name} already. Change it with \`loombench schedule update ${name} …\`, or choose another name.`,
      { details: { name } },
    );
  }
  if (error instanceof ScheduleNotFoundError) {
    return new BenchmarkError(
      'schedule-not-found',
      `There is no schedule ${name}. \`loombench schedule list\` shows those there are.`,
      { details: { name } },
    );
  }
  const refused = refusalOf(error);
  return refused === null
    ? error
    : new BenchmarkError('config-invalid', `The server refuses the schedule: ${refused}.`, {
        cause: error,
      });
}

/** The SDK makes a TypeError of the server's INVALID_ARGUMENT. */
function refusalOf(error: unknown): string | null {
  return error instanceof TypeError ? error.message : null;
}
