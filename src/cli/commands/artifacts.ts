// `loombench artifacts gc`: stored benchmarks make room by a policy. It only shows what it would do until it is told to do it.

import { join } from 'node:path';
import { InvalidArgumentError, type Command } from '@commander-js/extra-typings';
import type { RetentionPolicy } from '../../artifacts/retention.ts';
import { parseSizeBytes } from '../../config/size.ts';
import { printResult, say, type CliContext } from '../context.ts';
import { newCommand } from '../new-command.ts';
import { parseSpanMs } from '../span.ts';
import { UsageError } from '../usage-error.ts';

const EXAMPLES = `
Benchmarks and suites that run, or may go on, and baselines always stay.

Examples:
  loombench artifacts gc --older-than 90d --keep-newest 20            # shows what would go
  loombench artifacts gc --max-total-size 50GiB --delete`;

export function artifactsCommand(context: CliContext): Command {
  return newCommand(context, 'artifacts')
    .description('the stored results on this machine')
    .addCommand(collectCommand(context));
}

function collectCommand(context: CliContext): Command {
  return newCommand(context, 'gc')
    .description('remove stored benchmarks by a policy; shows what it would remove unless --delete')
    .option('--keep-newest <count>', 'the newest stay; alone: all others go', wholeCount)
    .option(
      '--older-than <duration>',
      'those go that were last changed so long ago: 36h, 90d',
      span,
    )
    .option('--max-total-size <size>', 'the oldest go until the rest fits: 500MB, 50GiB', size)
    .option('--delete', 'remove them')
    .option('--dry-run', 'only show them (the default)')
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (flags) => {
      const policy = policyOf(flags);
      const { inSession } = await import('../in-session.ts');
      const { collectArtifacts } = await import('../artifacts/collect-artifacts.ts');
      const { retentionText } = await import('../artifacts/retention-text.ts');
      await inSession(context, { worker: false }, async ({ session, signal }) => {
        const retention = await collectArtifacts({
          root: join(session.stateDirectory, 'artifacts'),
          client: session.client,
          policy,
          remove: flags.delete === true,
          signal,
        });
        printResult(
          context,
          flags.json === true ? JSON.stringify(retention) : retentionText(retention),
        );
        if (flags.delete !== true && retention.remove.length > 0) {
          say(context, 'Nothing was removed; --delete removes them.');
        }
      });
    });
}

function policyOf(flags: {
  readonly keepNewest?: number;
  readonly olderThan?: number;
  readonly maxTotalSize?: number;
  readonly delete?: true;
  readonly dryRun?: true;
}): RetentionPolicy {
  const policy = {
    keepNewest: flags.keepNewest ?? null,
    olderThanMs: flags.olderThan ?? null,
    maxTotalBytes: flags.maxTotalSize ?? null,
  };
  if (Object.values(policy).every((limit) => limit === null)) {
    const message = 'needs a policy: --keep-newest, --older-than or --max-total-size';
    throw new UsageError([{ path: '', message }]);
  }
  if (flags.delete === true && flags.dryRun === true) {
    throw new UsageError([{ path: '', message: '--delete and --dry-run contradict each other' }]);
  }
  return policy;
}

function wholeCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

function span(text: string): number {
  const spanMs = parseSpanMs(text);
  if (spanMs === null) throw new InvalidArgumentError('It must be a duration such as 36h or 90d.');
  return spanMs;
}

function size(text: string): number {
  const bytes = parseSizeBytes(text);
  if (bytes === null) throw new InvalidArgumentError('It must be a size such as 500MB or 50GiB.');
  return bytes;
}
