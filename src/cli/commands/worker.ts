// `loombench worker`: a worker in the foreground, for a machine that measures on behalf of others.

import type { Command } from '@commander-js/extra-typings';
import { say, type CliContext } from '../context.ts';
import { enableLogs } from '../log-setting.ts';
import { newCommand } from '../new-command.ts';

export function workerCommand(context: CliContext): Command {
  return newCommand(context, 'worker')
    .description('run a worker until Ctrl-C; TEMPORAL_ADDRESS or the embedded server')
    .option('--verbose', 'logs on standard error, as JSON lines')
    .action(async (flags) => {
      enableLogs(context, flags.verbose === true);
      const { serveAsWorker } = await import('../serve-as-worker.ts');
      await serveAsWorker(context, (line) => say(context, line));
    });
}
