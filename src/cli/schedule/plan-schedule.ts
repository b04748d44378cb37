// `schedule create` and `schedule update`: the configuration is checked as `run` checks it, now and not at the first firing
// in the night.

import type { Command } from '@commander-js/extra-typings';
import { BENCHMARK_WORKFLOW_TYPE } from '../../contract/ids.ts';
import type { ConfigProblem } from '../../config/problem.ts';
import { resolveConfig } from '../../config/resolve.ts';
import { planText } from '../../report/plan-text.ts';
import type {
  NewSchedule,
  ScheduleChange,
  ScheduledWork,
  SchedulePolicies,
  ScheduleTiming,
} from '../../temporal/schedule-api.ts';
import { configFlagsOf, unknownFlagProblems } from '../config-flags.ts';
import { readConfigInput, type CheckedConfig } from '../config-input.ts';
import { shellText } from '../command-line.ts';
import { say, type CliContext } from '../context.ts';
import { inSession } from '../in-session.ts';
import { UsageError } from '../usage-error.ts';
import { DEFAULT_POLICIES, readTiming, type TimingFlags } from './timing-flags.ts';

export interface PlanFlags extends TimingFlags {
  readonly note?: string;
  readonly paused?: true;
}

export interface PlanRequest {
  readonly context: CliContext;
  readonly verb: 'create' | 'update';
  readonly name: string;
  readonly subject: string | undefined;
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
      readonly input: CheckedConfig;
      readonly timing: ScheduleTiming;
      readonly policies: Partial<SchedulePolicies>;
    }
  | {
      readonly kind: 'update';
      /** null: nothing about the benchmark was said. */
      readonly input: CheckedConfig | null;
      /** A scenario or file was named: it takes the place of all that was set before. */
      readonly afresh: boolean;
      readonly timing: ScheduleTiming | null;
      readonly policies: Partial<SchedulePolicies>;
      readonly note: string | undefined;
    };

function checkedPlan(request: PlanRequest): CheckedPlan {
  const { context, verb, name, subject, command, flags } = request;
  const unknown = unknownFlagProblems(command.args, command);
  const input = readConfigInput({
    subject: unknown.length === 0 ? subject : undefined,
    flags: configFlagsOf({ ...flags }),
    env: context.env,
    cwd: context.cwd,
  });
  const read = readTiming(flags, Intl.DateTimeFormat().resolvedOptions().timeZone);
  const problems: ConfigProblem[] = [
    ...nameProblems(name),
    ...unknown,
    ...(unknown.length === 0 ? excessProblems(command.args) : []),
    ...read.problems,
    ...(input.kind === 'invalid' ? input.problems : outputProblems(input)),
  ];
  const { timing, policies } = read;
  if (verb === 'create' && timing === null) problems.push(NO_TIME);
  if (input.kind === 'invalid' || problems.length > 0) throw new UsageError(problems);
  if (verb === 'create' && timing !== null) return { kind: 'create', input, timing, policies };
  const { note } = flags;
  const said = input.explicit ? input : null;
  const plan = { input: said, afresh: subject !== undefined, timing, policies, note };
  if (saysNothing(plan)) throw new UsageError([NOTHING]);
  return { kind: 'update', ...plan };
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
    work: workOf(input.raw, input),
    paused: flags.paused === true,
    note: flags.note ?? '',
  };
}

function changeOf({ input, afresh, timing, policies, note }: ScheduleUpdate): ScheduleChange {
  return {
    ...(timing === null ? {} : { timing }),
    policies,
    ...(note === undefined ? {} : { note }),
    ...(input === null
      ? {}
      : { work: (before: unknown) => changedWork(afresh ? {} : keysOf(before), input.raw) }),
  };
}

/** The keys that were set before, with those just said over them: checked anew, since they have to fit each other. */
function changedWork(before: RawKeys, said: RawKeys): ScheduledWork {
  const raw = { ...before, ...said };
  const resolved = resolveConfig(raw);
  if (resolved.kind === 'invalid') throw new UsageError(resolved.problems);
  return workOf(raw, resolved);
}

type RawKeys = Readonly<Record<string, unknown>>;

/** A schedule made by other means may have a scenario's name as its whole input. */
function keysOf(input: unknown): RawKeys {
  if (typeof input === 'string') return { scenario: input };
  return typeof input === 'object' && input !== null ? { ...input } : {};
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

function excessProblems(args: readonly string[]): ConfigProblem[] {
  return args.slice(2).map((arg) => ({
    path: '',
    message: `'${arg}' is one argument too many: a name and one scenario or file are taken`,
  }));
}

function outputProblems({ outputPath }: CheckedConfig): ConfigProblem[] {
  if (outputPath !== '-') return [];
  const message = 'a scheduled benchmark has no terminal to print to';
  return [{ path: '--output-path', message, hint: 'name a file' }];
}

function workOf(
  raw: RawKeys,
  { config, configHash }: Pick<CheckedConfig, 'config' | 'configHash'>,
): ScheduledWork {
  return {
    workflowType: BENCHMARK_WORKFLOW_TYPE,
    raw: Object.keys(raw).length === 0 ? undefined : raw,
    configHash,
    ...planText(config),
  };
}

function createdText(name: string, embedded: boolean): string {
  const see = `See what it does: loombench schedule describe ${shellText([name])}`;
  const need = embedded
    ? 'It fires while `loombench worker` runs here: that holds the embedded server, too.'
    : 'It fires while a worker runs: loombench worker';
  return `Schedule ${name} is made. ${need}\n${see}`;
}
