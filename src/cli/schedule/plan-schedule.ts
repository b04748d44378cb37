// `schedule create` and `schedule update`: the configuration is checked as `run` checks it, now and not at the first firing
// in the night.

import type { Command } from '@commander-js/extra-typings';
import { BENCHMARK_WORKFLOW_TYPE } from '../../contract/ids.ts';
import type { ConfigProblem } from '../../config/problem.ts';
import { planText } from '../../report/plan-text.ts';
import type { ScheduledWork } from '../../temporal/schedule-api.ts';
import { configFlagsOf, unknownFlagProblems } from '../config-flags.ts';
import { readConfigInput, type CheckedConfig } from '../config-input.ts';
import { shellText } from '../command-line.ts';
import { say, type CliContext } from '../context.ts';
import { inSession } from '../in-session.ts';
import { UsageError } from '../usage-error.ts';
import { DEFAULT_POLICIES, readTiming, type ReadTiming, type TimingFlags } from './timing-flags.ts';

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

/** A benchmark that hangs must not hold up the schedule for ever. */
const EXECUTION_TIMEOUT_MS = 7 * 24 * 3_600_000;

export async function planSchedule(request: PlanRequest): Promise<void> {
  const { context, verb, name, flags } = request;
  const plan = checkedPlan(request);
  const work = workOf(plan.input);
  const { timing } = plan.read;
  await inSession(context, { worker: false }, async ({ session }) => {
    // A creation without a time was refused above.
    if (verb === 'update' || timing === null) {
      await session.schedules.update(name, {
        ...(timing === null ? {} : { timing }),
        policies: plan.read.policies,
        // Nothing about the benchmark was said: it stays.
        ...(plan.input.explicit ? { work } : {}),
        ...(flags.note === undefined ? {} : { note: flags.note }),
      });
      say(context, `Schedule ${name} is changed.`);
    } else {
      await session.schedules.create({
        name,
        timing,
        policies: { ...DEFAULT_POLICIES, ...plan.read.policies },
        work,
        paused: flags.paused === true,
        note: flags.note ?? '',
      });
      say(context, createdText(name, session.embedded));
    }
  });
}

interface CheckedPlan {
  readonly input: CheckedConfig;
  readonly read: ReadTiming;
}

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
    ...(verb === 'create' && read.timing === null ? [NO_TIME] : []),
    ...(input.kind === 'invalid' ? input.problems : []),
  ];
  if (input.kind === 'invalid' || problems.length > 0) throw new UsageError(problems);
  if (input.outputPath === '-') {
    throw new UsageError([
      {
        path: '--output-path',
        message: 'a scheduled benchmark has no terminal to print to',
        hint: 'name a file',
      },
    ]);
  }
  return { input, read };
}

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

function workOf(input: CheckedConfig): ScheduledWork {
  return {
    workflowType: BENCHMARK_WORKFLOW_TYPE,
    raw: Object.keys(input.raw).length === 0 ? undefined : input.raw,
    configHash: input.configHash,
    executionTimeoutMs: EXECUTION_TIMEOUT_MS,
    ...planText(input.config),
  };
}

function createdText(name: string, embedded: boolean): string {
  const see = `See what it does: loombench schedule describe ${shellText([name])}`;
  const need = embedded
    ? 'It fires while `loombench worker` runs here: that holds the embedded server, too.'
    : 'It fires while a worker runs: loombench worker';
  return `Schedule ${name} is made. ${need}\n${see}`;
}
