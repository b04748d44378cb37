// What a schedule is to start: one benchmark, or with the word `suite` a suite, with the words that `run` and `suite` take.

import { BENCHMARK_WORKFLOW_TYPE, SUITE_WORKFLOW_TYPE } from '../../contract/ids.ts';
import { benchmarkBoundMs, firingTimeoutMs } from '../../contract/run-bound.ts';
import type { ConfigProblem } from '../../config/problem.ts';
import { resolveConfig } from '../../config/resolve.ts';
import { planText } from '../../report/plan-text.ts';
import { suitePlanText, suiteSummary } from '../../report/suite-text.ts';
import { suiteBoundMs } from '../../suite/plan-suite.ts';
import type { ScheduledWork, ScheduleChange } from '../../temporal/schedule-api.ts';
import { configFlagsOf } from '../config-flags.ts';
import { readConfigInput, type CheckedConfig } from '../config-input.ts';
import type { CliContext } from '../context.ts';
import { namesOf, saidSuiteFlags, suiteWordsOf } from '../suite/suite-flags.ts';
import { readSuiteInput } from '../suite/suite-input.ts';
import { UsageError } from '../usage-error.ts';

export interface WorkRequest {
  readonly context: CliContext;
  readonly flags: object;
}

export interface WorkInput {
  readonly kind: 'ok';
  readonly whole: ScheduledWork;
  /** The same, said over what a schedule starts already. Throws UsageError when they do not fit. */
  readonly over: NonNullable<ScheduleChange['work']>;
  /** False when nothing but defaults and environment was asked for. */
  readonly explicit: boolean;
}

type ReadWork =
  WorkInput | { readonly kind: 'invalid'; readonly problems: readonly ConfigProblem[] };

const SUITE_WORD = 'suite';

/** What follows the schedule's name, as far as it is certain. */
export interface WorkWords {
  readonly subject: string | undefined;
  readonly rest: readonly string[];
  /** By a flag that nobody knows: more may follow. */
  readonly isCut: boolean;
}

export function readWork(request: WorkRequest, words: WorkWords): ReadWork {
  return words.subject === SUITE_WORD ? readSuite(request, words) : readBenchmark(request, words);
}

function readSuite({ context, flags }: WorkRequest, { rest, isCut }: WorkWords): ReadWork {
  const { env, cwd } = context;
  const input = readSuiteInput({
    ...{ names: namesOf(rest, isCut), env, cwd },
    ...suiteWordsOf(flags),
    flags: configFlagsOf({ ...flags }),
  });
  if (input.kind === 'invalid') return input;
  const whole: ScheduledWork = {
    workflowType: SUITE_WORKFLOW_TYPE,
    raw: input.raw,
    summary: suiteSummary(input.plan),
    details: `\`\`\`\n${suitePlanText(input.plan)}\n\`\`\``,
    configHash: input.requestHash,
    executionTimeoutMs: firingTimeoutMs(suiteBoundMs(input.plan)),
  };
  return { kind: 'ok', whole, over: () => whole, explicit: true };
}

function readBenchmark({ context, flags }: WorkRequest, words: WorkWords): ReadWork {
  const { subject, rest, isCut } = words;
  const said = configFlagsOf({ ...flags });
  const input = readConfigInput({ subject, flags: said, env: context.env, cwd: context.cwd });
  const problems = [
    ...excessProblems(rest),
    // The word `suite` may be among what was not placed.
    ...(isCut ? [] : saidSuiteFlags(flags)).map((path) => ({
      path,
      message: 'is for suites only',
      hint: 'schedule create NAME suite all …',
    })),
    ...(input.kind === 'invalid' ? input.problems : outputProblems(input)),
  ];
  if (input.kind === 'invalid' || problems.length > 0) return { kind: 'invalid', problems };
  const { raw, explicit } = input;
  return {
    kind: 'ok',
    whole: benchmarkWork(raw, input),
    // A scenario or file that is named takes the place of all that was set before.
    over: (before, type) => changedWork(subject === undefined ? keysOf(before, type) : {}, raw),
    explicit,
  };
}

/** The keys that were set before, with those just said over them: checked anew, since they have to fit each other. */
function changedWork(before: RawKeys, said: RawKeys): ScheduledWork {
  const raw = { ...before, ...said };
  const resolved = resolveConfig(raw);
  if (resolved.kind === 'invalid') throw new UsageError(resolved.problems);
  return benchmarkWork(raw, resolved);
}

type RawKeys = Readonly<Record<string, unknown>>;

/** A schedule made by other means may have a scenario's name as its whole input. */
function keysOf(input: unknown, workflowType: string): RawKeys {
  if (workflowType !== BENCHMARK_WORKFLOW_TYPE) throw new UsageError([WHOLE_ONLY]);
  if (typeof input === 'string') return { scenario: input };
  return typeof input === 'object' && input !== null ? { ...input } : {};
}

const WHOLE_ONLY: ConfigProblem = {
  path: '',
  message: 'the schedule starts a suite, which is changed by naming it whole',
  hint: 'schedule update NAME suite all …',
};

function excessProblems(words: readonly string[]): ConfigProblem[] {
  return words.map((word) => ({
    path: '',
    message: `'${word}' is one argument too many: a name and one scenario or file are taken`,
  }));
}

function outputProblems({ outputPath }: CheckedConfig): ConfigProblem[] {
  if (outputPath !== '-') return [];
  const message = 'a scheduled benchmark has no terminal to print to';
  return [{ path: '--output-path', message, hint: 'name a file' }];
}

function benchmarkWork(
  raw: RawKeys,
  { config, configHash }: Pick<CheckedConfig, 'config' | 'configHash'>,
): ScheduledWork {
  return {
    workflowType: BENCHMARK_WORKFLOW_TYPE,
    raw: Object.keys(raw).length === 0 ? undefined : raw,
    configHash,
    executionTimeoutMs: firingTimeoutMs(benchmarkBoundMs(config)),
    ...planText(config),
  };
}
