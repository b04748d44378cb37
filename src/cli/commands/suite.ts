// `loombench suite all|NAME…`: scenarios with their levels as one durable sequence.

import type { Command } from '@commander-js/extra-typings';
import { addConfigFlags, configFlagsOf } from '../config-flags.ts';
import { printResult, type CliContext } from '../context.ts';
import { enableLogs } from '../log-setting.ts';
import { newCommand } from '../new-command.ts';
import { placedWords } from '../placed-words.ts';
import {
  addSuiteFlags,
  namesOf,
  suiteWordsOf,
  type SuiteRequestFlags,
} from '../suite/suite-flags.ts';
import type { SequenceFlags } from '../suite/start-sequence.ts';
import { UsageError } from '../usage-error.ts';

const EXAMPLES = `
Examples:
  loombench suite all --dry-run
  loombench suite all --scale 0.02 --runs 2
  loombench suite concurrency_scaling streamweave --runs 10 --warmup-runs 2
  loombench suite all --server-addr loom.test:60051 --control-plane http://loom.test:8080
The same command again goes on where it was interrupted. Exit code 3: a level is INVALID or failed; 99: worse than its history,
with --fail-on-regression.`;

/** Options of a single benchmark that a suite's scenarios or its own flags decide. */
const NOT_HERE: readonly string[] = [
  'scenarioName',
  'outputPath',
  'runs',
  'warmupRuns',
  'serverSettings',
];

interface SuiteFlags extends SequenceFlags, SuiteRequestFlags {
  readonly dryRun?: true;
  readonly verbose?: true;
}

export function suiteCommand(context: CliContext): Command {
  const command = newCommand(context, 'suite')
    .description('measure scenarios, level by level, as one durable sequence')
    .argument('[scenario...]', "standard scenarios, or 'all' for the twelve")
    .option('--runs <count>', 'measured runs per level; some scenarios take half (default: 3)')
    .option('--warmup-runs <count>', 'warm-up runs per level, likewise (default: 1)')
    .option('--dry-run', 'print the order, the durations and their total, and measure no level')
    .option('--id <id>', 'name of the suite; one that exists is joined')
    .option('--json', 'print the result, or the plan, as JSON')
    .option('--no-worker', 'leave the work to a worker that runs elsewhere')
    .option('--verbose', 'logs on standard error, as JSON lines')
    .allowUnknownOption()
    .addHelpText('after', EXAMPLES);
  const plain = command as unknown as Command; // the argument's type is of no use to what follows
  addSuiteFlags(plain);
  addConfigFlags(plain, ({ key }) => !NOT_HERE.includes(key));
  command.action(async (names, flags) => {
    await suite({ context, command: plain, names, flags });
  });
  return plain;
}

interface Invocation {
  readonly context: CliContext;
  readonly command: Pick<Command, 'options'>;
  readonly names: readonly string[];
  readonly flags: SuiteFlags;
}

async function suite({ context, command, names, flags }: Invocation): Promise<void> {
  enableLogs(context, flags.verbose === true);
  const { words, isCut, unknown } = placedWords(names, command);
  const { readSuiteInput } = await import('../suite/suite-input.ts');
  const input = readSuiteInput({
    names: namesOf(words, isCut),
    ...suiteWordsOf(flags),
    flags: configFlagsOf({ ...flags }),
    env: context.env,
    cwd: context.cwd,
  });
  const problems = [...unknown, ...(input.kind === 'invalid' ? input.problems : [])];
  if (input.kind === 'invalid' || problems.length > 0) throw new UsageError(problems);
  if (flags.dryRun === true) {
    const { suitePlanText } = await import('../../report/suite-text.ts');
    const { estimatedPlan } = await import('../suite/estimated-plan.ts');
    const plan = await estimatedPlan(context, input);
    printResult(context, flags.json === true ? JSON.stringify(plan) : suitePlanText(plan));
    return;
  }
  const { suiteSummary } = await import('../../report/suite-text.ts');
  const { startSequence } = await import('../suite/start-sequence.ts');
  const { suiteBoundMs } = await import('../../suite/plan-suite.ts');
  await startSequence(context, flags, {
    kind: 'suite',
    input,
    summary: suiteSummary(input.plan),
    boundMs: suiteBoundMs(input.plan),
  });
}
