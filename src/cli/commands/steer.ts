// `loombench add-runs|skip-run|extend-timeout ID …`: a word that the benchmark may refuse, and says then why.

import type { Command } from '@commander-js/extra-typings';
import { InvalidArgumentError } from '@commander-js/extra-typings';
import { parseDurationMs } from '../../config/duration.ts';
import type { BenchmarkClient } from '../../temporal/benchmark-client.ts';
import { say, type CliContext } from '../context.ts';
import { newCommand } from '../new-command.ts';
import { requireGoing } from '../require-going.ts';

export function addRunsCommand(context: CliContext): Command<[string, number]> {
  return newCommand(context, 'add-runs')
    .description('measure more runs than were planned')
    .argument('<id>', 'name of the benchmark')
    .argument('<count>', 'how many more', runNumber)
    .action((benchmarkId, count) =>
      steer(context, benchmarkId, async (client) => {
        const runs = await client.addRuns(benchmarkId, count);
        return `Benchmark ${benchmarkId} measures ${runs} runs now.`;
      }),
    );
}

export function skipRunCommand(context: CliContext): Command<[string, number | undefined]> {
  return newCommand(context, 'skip-run')
    .description('leave out one run: stop the one under way, or never begin a later one')
    .argument('<id>', 'name of the benchmark')
    .argument('[run]', 'number of the measured run (default: the run under way)', runNumber)
    .action((benchmarkId, run) =>
      steer(context, benchmarkId, async (client) => {
        const skipped = await client.skipRun(benchmarkId, run ?? null);
        return `Benchmark ${benchmarkId} leaves out run ${skipped}; the report says so.`;
      }),
    );
}

export function extendTimeoutCommand(context: CliContext): Command<[string, number]> {
  return newCommand(context, 'extend-timeout')
    .description('give a benchmark more time before it is given up')
    .argument('<id>', 'name of the benchmark')
    .argument('<duration>', "how much more, such as '12h'", duration)
    .action((benchmarkId, byMs) =>
      steer(context, benchmarkId, async (client) => {
        const until = await client.extendTimeout(benchmarkId, byMs);
        return `Benchmark ${benchmarkId} is given up at ${until} if it is not over then.`;
      }),
    );
}

async function steer(
  context: CliContext,
  benchmarkId: string,
  act: (client: BenchmarkClient) => Promise<string>,
): Promise<void> {
  const { inSession } = await import('../in-session.ts');
  await inSession(context, { worker: false }, async ({ session }) => {
    await requireGoing(session.client, benchmarkId);
    say(context, await act(session.client));
  });
}

function runNumber(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new InvalidArgumentError('It must be a whole number from 1 on.');
  }
  return count;
}

function duration(text: string): number {
  const durationMs = parseDurationMs(text);
  if (durationMs === null || durationMs <= 0) {
    throw new InvalidArgumentError("It must be a duration with its unit, such as '90m' or '12h'.");
  }
  return durationMs;
}
