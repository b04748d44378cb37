// `loombench run`: one benchmark, from configuration to result.

import { randomBytes } from 'node:crypto';
import type { Command } from '@commander-js/extra-typings';
import { generateBenchmarkId } from '../benchmark-id.ts';
import { withBenchmarkId } from '../command-line.ts';
import type { CheckedConfig } from '../config-input.ts';
import { addConfigFlags, configFlagsOf } from '../config-flags.ts';
import type { CliContext } from '../context.ts';
import { newCommand } from '../new-command.ts';
import { placedWords } from '../placed-words.ts';
import { ensureWritable, outputTargetOf, type OutputTarget } from '../output-target.ts';
import { UsageError } from '../usage-error.ts';
import { enableLogs } from '../log-setting.ts';

const EXAMPLES = `
Examples:
  loombench run quick
  loombench run -c 50 -z 10s --runs 5 --output-path report.json
  loombench run --server-addr localhost:60051 --use-streaming --id nightly-1
The same --id again joins that benchmark: where it was interrupted, it goes on.`;

export interface RunFlags {
  readonly id?: string;
  readonly json?: true;
  readonly detach?: true;
  readonly local?: true;
  readonly worker: boolean;
  readonly verbose?: true;
}

export function runCommand(context: CliContext): Command {
  const command = newCommand(context, 'run')
    .description('measure a server: warm-up runs, measured runs, report')
    .argument('[scenario-or-file]', 'standard scenario, or config file (YAML or JSON)')
    .option('--id <id>', 'name of the benchmark; one that exists is joined')
    .option('--json', 'print the report as JSON instead of the summary')
    .option('--detach', 'return at once; the benchmark goes on in the background')
    .option('--local', 'without Temporal: nothing survives a crash')
    .option('--no-worker', 'leave the work to a worker that runs elsewhere')
    .option('--verbose', 'logs on standard error, as JSON lines')
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText('after', EXAMPLES);
  addConfigFlags(command, () => true);
  command.action(async (_subject, flags) => {
    await run({ context, command, flags });
  });
  return command as unknown as Command; // the argument's type is of no use to whoever adds the command
}

interface Invocation {
  readonly context: CliContext;
  readonly command: Pick<Command, 'args' | 'options'>;
  readonly flags: RunFlags;
}

async function run({ context, command, flags }: Invocation): Promise<void> {
  enableLogs(context, flags.verbose === true);
  const { words, unknown } = placedWords(command.args, command);
  const [subject, ...excess] = words;
  const { readConfigInput } = await import('../config-input.ts');
  const input = readConfigInput({
    subject,
    flags: configFlagsOf({ ...flags }),
    env: context.env,
    cwd: context.cwd,
  });
  const problems = [
    ...unknown,
    ...excessProblems(excess),
    ...flagConflicts(flags),
    ...(input.kind === 'invalid' ? input.problems : localHostProblems(flags, input)),
  ];
  if (input.kind === 'invalid' || problems.length > 0) throw new UsageError(problems);
  const output = outputTargetOf(input.outputPath, context.cwd);
  await ensureWritable(output);
  if (isNewHere(flags) && input.config.arrival.kind === 'replay') {
    const { checkReplay } = await import('../../harness/planned-load.ts');
    await checkReplay(input.config.arrival);
  }
  await start({ context, flags, input, output });
}

/** A worker elsewhere has files of its own, and a benchmark that is joined may have read its own long ago. */
function isNewHere({ local, worker, id }: RunFlags): boolean {
  return local === true || (worker && id === undefined);
}

interface CheckedRun {
  readonly context: CliContext;
  readonly flags: RunFlags;
  readonly input: CheckedConfig;
  readonly output: OutputTarget;
}

async function start({ context, flags, input, output }: CheckedRun): Promise<void> {
  const wishes = { output, json: flags.json === true };
  const benchmarkId = flags.id ?? freshId(input.config.scenarioName);
  if (flags.local === true) {
    const { runLocally } = await import('../run-locally.ts');
    await runLocally(context, { benchmarkId, input, wishes });
    return;
  }
  const resumeArgs = withBenchmarkId(process.argv.slice(2), benchmarkId);
  if (flags.detach === true) {
    const { runDetached } = await import('../run-detached.ts');
    await runDetached(context, { benchmarkId, args: resumeArgs });
    return;
  }
  const { runDurably } = await import('../run-durably.ts');
  const { tellParentStarted } = await import('../run-detached.ts');
  await runDurably(context, {
    benchmarkId,
    input,
    wishes,
    worker: flags.worker,
    resumeArgs,
    onStarted: tellParentStarted,
  });
}

function freshId(scenarioName: string): string {
  return generateBenchmarkId(scenarioName, { nowUtc: new Date(), randomBytes: randomBytes(6) });
}

function excessProblems(words: readonly string[]): { path: string; message: string }[] {
  return words.map((word) => ({
    path: '',
    message: `'${word}' is one argument too many: run takes one scenario or one file`,
  }));
}

function localHostProblems(
  { local }: RunFlags,
  { config }: CheckedConfig,
): { path: string; message: string }[] {
  if (local !== true || config.hosts === undefined) return [];
  const message =
    'measures on this host and nowhere else: leave host, onHostLoss and hostLossLimit out';
  return [{ path: '--local', message }];
}

function flagConflicts(flags: RunFlags): { path: string; message: string }[] {
  const problems: { path: string; message: string }[] = [];
  if (flags.local === true && flags.detach === true) {
    problems.push({ path: '--detach', message: 'needs Temporal, which --local leaves out' });
  }
  if (flags.id === '') problems.push({ path: '--id', message: 'needs a name' });
  return problems;
}
