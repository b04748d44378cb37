// `loombench pause|resume|cancel ID`: a word to a benchmark that exists.

import type { Command } from '@commander-js/extra-typings';
import type { BenchmarkClient } from '../../temporal/benchmark-client.ts';
import { shellText } from '../command-line.ts';
import { say, type CliContext } from '../context.ts';
import { newCommand } from '../new-command.ts';
import { requireGoing } from '../require-going.ts';

interface Control {
  readonly name: string;
  readonly description: string;
  readonly act: (client: BenchmarkClient, benchmarkId: string) => Promise<void>;
  readonly done: (benchmarkId: string) => string;
}

export function pauseCommand(context: CliContext): Command<[string]> {
  return controlCommand(context, {
    name: 'pause',
    description: 'let the run under way finish, then start no other',
    act: (client, id) => client.pause(id),
    done: (id) =>
      `Benchmark ${id} pauses after the run under way. Go on: loombench resume ${shellText([id])}`,
  });
}

export function resumeCommand(context: CliContext): Command<[string]> {
  return controlCommand(context, {
    name: 'resume',
    description: 'go on after a pause',
    act: (client, id) => client.resume(id),
    done: (id) => `Benchmark ${id} goes on.`,
  });
}

export function cancelCommand(context: CliContext): Command<[string]> {
  return controlCommand(context, {
    name: 'cancel',
    description: 'stop a benchmark; what is finished is reported',
    act: (client, id) => client.cancel(id),
    done: (id) => `Benchmark ${id} was asked to stop.`,
  });
}

function controlCommand(context: CliContext, control: Control): Command<[string]> {
  return newCommand(context, control.name)
    .description(control.description)
    .argument('<id>', 'name of the benchmark')
    .action(async (benchmarkId) => {
      const { inSession } = await import('../in-session.ts');
      await inSession(context, { worker: false }, async ({ session }) => {
        await requireGoing(session.client, benchmarkId);
        await control.act(session.client, benchmarkId);
        say(context, control.done(benchmarkId));
        const { state, progress } = await session.client.progress(benchmarkId);
        if (progress === null && (state === 'running' || state === 'paused')) {
          say(
            context,
            'No worker is up, so it takes effect with the next one, such as: ' +
              `loombench attach ${shellText([benchmarkId])}`,
          );
        }
      });
    });
}
