// `loombench server`: holds the embedded Temporal server for as long as it runs.

import type { Command } from '@commander-js/extra-typings';
import { EXIT_CODE } from '../../contract/exit-code.ts';
import { printResult, say, type CliContext } from '../context.ts';
import { stayUntilAborted, watchInterruption } from '../interruption.ts';
import { newCommand } from '../new-command.ts';
import { usableStateDirectory } from '../state-directory.ts';

export function serverCommand(context: CliContext): Command {
  return newCommand(context, 'server')
    .description('run the embedded Temporal server until Ctrl-C')
    .action(async () => {
      const { ensureEmbeddedServer } = await import('../../temporal/embedded-server.ts');
      const interruption = watchInterruption();
      const stateDirectory = await usableStateDirectory(context.env, context.cwd);
      try {
        const server = await ensureEmbeddedServer(stateDirectory, {
          signal: interruption.signal,
          log: (line) => say(context, line),
        });
        printResult(context, `Temporal ${server.version} at ${server.address}`);
        printResult(context, `Web UI: ${server.uiUrl}`);
        say(context, `State: ${stateDirectory}. Ctrl-C ends it; benchmarks rest until it is back.`);
        await stayUntilAborted(interruption.signal);
        await server.close();
      } catch (error) {
        if (!interruption.signal.aborted) throw error;
        context.exitWith(EXIT_CODE.interrupted);
      } finally {
        interruption.dispose();
      }
    });
}
