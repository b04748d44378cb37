// `loombench target`: the Loom server with its mock LLM alone, for other tools and other machines.

import type { Command } from '@commander-js/extra-typings';
import { addConfigFlags, configFlagsOf } from '../config-flags.ts';
import type { CliContext } from '../context.ts';
import { newCommand } from '../new-command.ts';
import { placedWords } from '../placed-words.ts';
import { portNumber } from '../port-number.ts';
import { UsageError } from '../usage-error.ts';
import type { CliOption } from '../../config/cli-options.ts';

/** Say how a load generator is to treat the server; the server itself has no use for them. */
const NOT_THE_TARGETS: ReadonlySet<string> = new Set(['serverSettings']);
/** Options of other groups that shape the target too. */
const SHARED_KEYS: ReadonlySet<string> = new Set(['numAgents', 'seed']);

export function targetCommand(context: CliContext): Command {
  const command = newCommand(context, 'target')
    .description('serve the Loom server with its mock LLM until Ctrl-C')
    .option('--host <address>', 'address to listen on; 0.0.0.0 for other machines', '127.0.0.1')
    .option('--port <port>', 'gRPC port; 0 takes a free one (default: 60051)', portNumber)
    .option(
      '--http-port <port>',
      'port of the control plane: /reconfigure, /reset, /metrics, /health; 0 takes a free one (default: 8080)',
      portNumber,
    )
    .allowUnknownOption()
    .allowExcessArguments();
  addConfigFlags(command, isTargetOption); // the flags' types do not matter for adding more
  command.action(async (flags) => {
    const { readConfigInput } = await import('../config-input.ts');
    const input = readConfigInput({
      subject: undefined,
      flags: configFlagsOf({ ...flags }),
      env: context.env,
      cwd: context.cwd,
    });
    const { words, unknown } = placedWords(command.args, command);
    const problems = [
      ...unknown,
      ...words.map((word) => ({ path: '', message: `'${word}' is one argument too many` })),
      ...(input.kind === 'invalid' ? input.problems : []),
    ];
    if (input.kind === 'invalid' || problems.length > 0) throw new UsageError(problems);
    const { serveTarget } = await import('../serve-target.ts');
    await serveTarget(context, {
      config: input.config,
      host: flags.host,
      ...(flags.port === undefined ? {} : { grpcPort: flags.port }),
      ...(flags.httpPort === undefined ? {} : { httpPort: flags.httpPort }),
    });
  });
  return command;
}

function isTargetOption(option: CliOption): boolean {
  if (NOT_THE_TARGETS.has(option.key)) return false;
  return option.group === 'target' || SHARED_KEYS.has(option.key);
}
