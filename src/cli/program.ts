// The command line's table of contents.

import type { Command } from '@commander-js/extra-typings';
import { artifactsCommand } from './commands/artifacts.ts';
import { attachCommand, retryCommand } from './commands/attach.ts';
import { baselineCommand } from './commands/baseline.ts';
import { compareCommand } from './commands/compare.ts';
import { capacityCommand } from './commands/capacity.ts';
import { cancelCommand, pauseCommand, resumeCommand } from './commands/control.ts';
import { doctorCommand } from './commands/doctor.ts';
import { historyCommand } from './commands/history.ts';
import { listCommand } from './commands/list.ts';
import { reportCommand } from './commands/report.ts';
import { runCommand } from './commands/run.ts';
import { scenariosCommand } from './commands/scenarios.ts';
import { scheduleCommand } from './commands/schedule.ts';
import { serverCommand } from './commands/server.ts';
import { addRunsCommand, extendTimeoutCommand, skipRunCommand } from './commands/steer.ts';
import { statusCommand } from './commands/status.ts';
import { suiteCommand } from './commands/suite.ts';
import { targetCommand } from './commands/target.ts';
import { workerCommand } from './commands/worker.ts';
import type { CliContext } from './context.ts';
import { newCommand } from './new-command.ts';
import { packageVersion } from '../runtime/package-version.ts';

const EXIT_CODES_HELP = `
Exit codes: 0 ok, 1 failed, 2 bad usage or configuration, 3 the result is INVALID,
99 a threshold was missed, 130 interrupted.
Results go to standard output, everything else to standard error.`;

export function buildProgram(context: CliContext): Command {
  return newCommand(context, 'loombench')
    .description('Durable, honest benchmarks of LLM-agent gRPC servers.')
    .version(packageVersion(), '-V, --version', 'show the version')
    .addCommand(runCommand(context))
    .addCommand(suiteCommand(context))
    .addCommand(capacityCommand(context))
    .addCommand(attachCommand(context))
    .addCommand(statusCommand(context))
    .addCommand(listCommand(context))
    .addCommand(pauseCommand(context))
    .addCommand(resumeCommand(context))
    .addCommand(cancelCommand(context))
    .addCommand(addRunsCommand(context))
    .addCommand(skipRunCommand(context))
    .addCommand(extendTimeoutCommand(context))
    .addCommand(retryCommand(context))
    .addCommand(reportCommand(context))
    .addCommand(compareCommand(context))
    .addCommand(historyCommand(context))
    .addCommand(baselineCommand(context))
    .addCommand(artifactsCommand(context))
    .addCommand(scenariosCommand(context))
    .addCommand(scheduleCommand(context))
    .addCommand(workerCommand(context))
    .addCommand(targetCommand(context))
    .addCommand(serverCommand(context))
    .addCommand(doctorCommand(context))
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText('after', EXIT_CODES_HELP);
}
