// `loombench attach|retry ID`: watches a benchmark that exists, and moves it on where it rests or has failed.

import type { Command } from '@commander-js/extra-typings';
import type { CliContext } from '../context.ts';
import { enableLogs } from '../log-setting.ts';
import { newCommand } from '../new-command.ts';
import { ensureWritable, outputTargetOf } from '../output-target.ts';

export function attachCommand(context: CliContext): Command<[string]> {
  return joiningCommand(context, {
    name: 'attach',
    description: 'watch a benchmark to its end; one that rests goes on',
    retry: false,
  });
}

export function retryCommand(context: CliContext): Command<[string]> {
  return joiningCommand(context, {
    name: 'retry',
    description:
      'go on with a benchmark that failed, was cancelled or ran out of time; finished runs are kept',
    retry: true,
  });
}

function joiningCommand(
  context: CliContext,
  { name, description, retry }: { name: string; description: string; retry: boolean },
): Command<[string]> {
  return newCommand(context, name)
    .description(description)
    .argument('<id>', 'name of the benchmark')
    .option('-o, --output-path <file>', "file for the report, '-' for standard output")
    .option('--json', 'print the report as JSON instead of the summary')
    .option('--no-worker', 'only watch')
    .option('--verbose', 'logs on standard error, as JSON lines')
    .action(async (benchmarkId, flags) => {
      enableLogs(context, flags.verbose === true);
      const output = outputTargetOf(flags.outputPath, context.cwd);
      await ensureWritable(output);
      const { attach } = await import('../attach.ts');
      await attach(context, {
        benchmarkId,
        wishes: { output, json: flags.json === true },
        worker: flags.worker,
        retry,
      });
    });
}
