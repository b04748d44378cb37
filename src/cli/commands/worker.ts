// `loombench worker`: a worker in the foreground, for a machine that measures on behalf of others.

import type { Command } from '@commander-js/extra-typings';
import { say, type CliContext } from '../context.ts';
import { enableLogs } from '../log-setting.ts';
import { newCommand } from '../new-command.ts';
import { portNumber } from '../port-number.ts';
import { UsageError } from '../usage-error.ts';

const LOOPBACK = '127.0.0.1';

export function workerCommand(context: CliContext): Command {
  return newCommand(context, 'worker')
    .description('run a worker until Ctrl-C; TEMPORAL_ADDRESS or the embedded server')
    .option(
      '--health-port <port>',
      'serve /health (it lives) and /ready (it takes work; 503 with the reason when it does not) there; 0 takes a free port',
      portNumber,
    )
    .option(
      '--health-host <address>',
      `address for them; 0.0.0.0 for other machines (default: ${LOOPBACK})`,
    )
    .option('--verbose', 'logs on standard error, as JSON lines')
    .action(async ({ healthHost, healthPort, verbose }) => {
      if (healthHost !== undefined && healthPort === undefined) {
        const message = 'has no effect without --health-port';
        throw new UsageError([{ path: '--health-host', message }]);
      }
      enableLogs(context, verbose === true);
      const { serveAsWorker } = await import('../serve-as-worker.ts');
      await serveAsWorker(context, {
        log: (line) => say(context, line),
        healthAt:
          healthPort === undefined ? null : { host: healthHost ?? LOOPBACK, port: healthPort },
      });
    });
}
