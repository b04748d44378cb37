// `loombench status ID`: where a benchmark is, once, without a worker.

import type { Command } from '@commander-js/extra-typings';
import { printResult, type CliContext } from '../context.ts';
import { newCommand } from '../new-command.ts';

export function statusCommand(context: CliContext): Command<[string]> {
  return newCommand(context, 'status')
    .description('say where a benchmark is')
    .argument('<id>', 'name of the benchmark')
    .option('--json', 'as JSON')
    .action(async (benchmarkId, flags) => {
      const { inSession } = await import('../in-session.ts');
      const { statusText } = await import('../status-text.ts');
      const { nothingYet } = await import('../nothing-yet.ts');
      const { notFound } = await import('../../temporal/benchmark-client.ts');
      if (nothingYet(context)) throw notFound(benchmarkId);
      await inSession(context, { worker: false }, async ({ session, signal }) => {
        const description = await session.client.describe(benchmarkId);
        if (description.kind === 'suite') {
          const { suiteStatus } = await import('../suite/suite-status.ts');
          printResult(
            context,
            await suiteStatus({ session, description, json: flags.json === true, signal }),
          );
          return;
        }
        const live = await session.client.progress(benchmarkId);
        const ended = live.state !== 'running' && live.state !== 'paused';
        const end = ended ? await session.client.result(benchmarkId, signal) : null;
        const webUiUrl = session.webUiUrl(benchmarkId);
        printResult(
          context,
          flags.json === true
            ? JSON.stringify({
                ...description,
                progress: live.progress,
                live: live.live,
                end,
                webUiUrl,
              })
            : statusText({ description, live, end, webUiUrl }),
        );
      });
    });
}
