// `loombench list`: the benchmarks that the Temporal server knows, newest first.

import type { Command } from '@commander-js/extra-typings';
import { InvalidArgumentError } from '@commander-js/extra-typings';
import { printResult, type CliContext } from '../context.ts';
import { newCommand } from '../new-command.ts';

const DEFAULT_LIMIT = 20;

export function listCommand(context: CliContext): Command {
  return newCommand(context, 'list')
    .description('list benchmarks, newest first')
    .option('--limit <count>', 'how many at most', positiveCount, DEFAULT_LIMIT)
    .option('--json', 'as JSON lines')
    .action(async (flags) => {
      const { inSession } = await import('../in-session.ts');
      const { listText } = await import('../list-text.ts');
      const { nothingYet } = await import('../nothing-yet.ts');
      if (nothingYet(context)) {
        printResult(context, flags.json === true ? '' : listText([]));
        return;
      }
      await inSession(context, { worker: false }, async ({ session }) => {
        const items = await session.client.list({ limit: flags.limit });
        printResult(
          context,
          flags.json === true
            ? items.map((item) => `${JSON.stringify(item)}\n`).join('')
            : listText(items),
        );
      });
    });
}

function positiveCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1 || count > 10_000) {
    throw new InvalidArgumentError('It must be a whole number from 1 to 10000.');
  }
  return count;
}
