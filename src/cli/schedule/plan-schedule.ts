// `schedule create` and `schedule update`: the configuration is checked as `run` checks it, now and not at the first firing
// in the night.

import type { Command } from '@commander-js/extra-typings';
import type { ConfigProblem } from '../../config/problem.ts';
import type {
  NewSchedule,
  ScheduleChange,
  SchedulePolicies,
  ScheduleTiming,
  ScheduleTimingChange,
} from '../../temporal/schedule-api.ts';
import { shellText } from '../command-line.ts';
import { say } from '../context.ts';
import { placedWords } from '../placed-words.ts';
import { inSession } from '../in-session.ts';
import { UsageError } from '../usage-error.ts';
import { readWork, type WorkInput, type WorkRequest } from './scheduled-work.ts';
import { DEFAULT_POLICIES, readTiming, type TimingFlags } from './timing-flags.ts';

export interface PlanFlags extends TimingFlags {
  readonly note?: string;
  readonly paused?: true;
}

export interface PlanRequest extends WorkRequest {
  readonly verb: 'create' | 'update';
  readonly name: string;
  readonly command: Pick<Command, 'args' | 'options'>;
  readonly flags: PlanFlags;
}

export async function planSchedule(request: PlanRequest): Promise<void> {
  const { context } = request;
  const plan = checkedPlan(request);
  await inSession(context, { worker: false }, async ({ session }) => {
    const { schedules } = session;
    if (plan.kind === 'update') {
      await schedules.update(request.name, changeOf(plan));
      say(context, `Schedule ${request.name} is changed.`);
    } else {
      await schedules.create(newSchedule(request, plan));
      say(context, createdText(request.name, session.embedded));
    }
  });
}

type CheckedPlan =
  | {
      readonly kind: 'create';
      readonly input: WorkInput;
      readonly timing: ScheduleTiming;
      readonly policies: Partial<SchedulePolicies>;
    }
  | {
      readonly kind: 'update';
      /** null: nothing about what it starts was said. */
      readonly input: WorkInput | null;
      readonly timing: ScheduleTimingChange | null;
      readonly policies: Partial<SchedulePolicies>;
      readonly note: string | undefined;
    };

function checkedPlan(request: PlanRequest): CheckedPlan {
  const { verb, command, flags } = request;
  const placed = placedWords(command.args, command);
  const [name, subject, ...rest] = placed.words;
  const input = readWork(request, { subject, rest, isCut: placed.isCut });
  const read = readTiming(flags);
  const problems: ConfigProblem[] = [
    ...(name === undefined ? [] : nameProblems(name)),
    ...placed.unknown,
    ...read.problems,
    ...(input.kind === 'invalid' ? input.problems : []),
  ];
  const { timing, policies } = read;
  const firing = timing?.firing;
  if (verb === 'create' && firing === undefined) problems.push(NO_TIME);
  if (input.kind === 'invalid' || problems.length > 0) throw new UsageError(problems);
  if (verb === 'create' && firing !== undefined) {
    return { kind: 'create', input, timing: { ...newTiming(), ...timing, firing }, policies };
  }
  const plan = { input: input.explicit ? input : null, timing, policies, note: flags.note };
  if (saysNothing(plan)) throw new UsageError([NOTHING]);
  return { kind: 'update', ...plan };
}

/** What a new schedule has where nothing is said. */
function newTiming(): Pick<ScheduleTiming, 'timeZone' | 'jitterMs'> {
  return { timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, jitterMs: 0 };
}

type ScheduleUpdate = Omit<CheckedPlan & { kind: 'update' }, 'kind'>;

function saysNothing({ input, timing, policies, note }: ScheduleUpdate): boolean {
  const noPolicy = Object.keys(policies).length === 0;
  return input === null && timing === null && noPolicy && note === undefined;
}

function newSchedule(
  { name, flags }: PlanRequest,
  { input, timing, policies }: CheckedPlan & { kind: 'create' },
): NewSchedule {
  return {
    name,
    timing,
    policies: { ...DEFAULT_POLICIES, ...policies },
    work: input.whole,
    paused: flags.paused === true,
    note: flags.note ?? '',
  };
}

function changeOf({ input, timing, policies, note }: ScheduleUpdate): ScheduleChange {
  return {
    ...(timing === null ? {} : { timing }),
    policies,
    ...(note === undefined ? {} : { note }),
    ...(input === null ? {} : { work: input.over }),
  };
}

const NOTHING: ConfigProblem = {
  path: '',
  message: 'nothing to change was said',
  hint: 'a time, a policy, a note, or settings of the benchmark',
};

const NO_TIME: ConfigProblem = {
  path: '',
  message: 'when is it to fire?',
  hint: "--at '02:30', --every 6h or --cron '30 2 * * *'",
};

function nameProblems(name: string): ConfigProblem[] {
  return /^[\w.-]{1,100}$/.test(name)
    ? []
    : [
        {
          path: '<name>',
          message: `'${name}' has other characters than letters, digits, '.', '_' and '-'`,
        },
      ];
}

function createdText(name: string, embedded: boolean): string {
  const see = `See what it does: loombench schedule describe ${shellText([name])}`;
  const need = embedded
    ? 'It fires while `loombench worker` runs here: that holds the embedded server, too.'
    : 'It fires while a worker runs: loombench worker';
  return `Schedule ${name} is made. ${need}\n${see}`;
}
