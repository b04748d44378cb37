// `loombench schedule …`: benchmarks on a Temporal Schedule.

import { InvalidArgumentError, type Command } from '@commander-js/extra-typings';
import type { ScheduleClient } from '../../temporal/schedule-api.ts';
import { shellText } from '../command-line.ts';
import { addConfigFlags } from '../config-flags.ts';
import { printResult, say, type CliContext } from '../context.ts';
import { newCommand } from '../new-command.ts';
import { addSuiteFlags } from '../suite/suite-flags.ts';

const EXAMPLES = `
Examples:
  loombench schedule create nightly --at '02:30' --time-zone Europe/Berlin quick
  loombench schedule create hourly --every 1h --server-addr loom.test:60051 --runs 5
  loombench schedule create workdays --cron '0 6 * * 1-5' benchmark.yaml
  loombench schedule create weekly --at 'sun 03:00' suite all --runs 5
Firings are taken while a Temporal server and a worker run: loombench worker holds both.`;

export function scheduleCommand(context: CliContext): Command {
  return newCommand(context, 'schedule')
    .description('benchmarks at set times, on a Temporal Schedule')
    .addCommand(planCommand(context, 'create'))
    .addCommand(planCommand(context, 'update'))
    .addCommand(listCommand(context))
    .addCommand(describeCommand(context))
    .addCommand(
      wordCommand(context, {
        name: 'trigger',
        description: 'fire once now; waits while a benchmark of the schedule runs',
        act: (schedules, name) => schedules.trigger(name),
        done: (name) => `Schedule ${name} fires once now.`,
      }),
    )
    .addCommand(
      wordCommand(context, {
        name: 'pause',
        description: 'take no more firings; a benchmark under way goes on',
        act: (schedules, name) => schedules.pause(name, 'paused by loombench schedule pause'),
        done: (name) =>
          `Schedule ${name} is paused. Go on: loombench schedule resume ${shellText([name])}`,
      }),
    )
    .addCommand(
      wordCommand(context, {
        name: 'resume',
        description: 'take firings again',
        act: (schedules, name) => schedules.resume(name, ''),
        done: (name) => `Schedule ${name} takes firings again.`,
      }),
    )
    .addCommand(
      wordCommand(context, {
        name: 'delete',
        description: 'remove the schedule; its benchmarks and their reports stay',
        act: (schedules, name) => schedules.delete(name),
        done: (name) => `Schedule ${name} is deleted.`,
      }),
    )
    .addCommand(backfillCommand(context))
    .addHelpText('after', EXAMPLES);
}

function planCommand(context: CliContext, verb: 'create' | 'update'): Command {
  const command = newCommand(context, verb)
    .description(
      verb === 'create'
        ? 'make a schedule for a benchmark or a suite'
        : 'change when a schedule fires or what it starts; what is not named stays',
    )
    .argument('<name>', 'name of the schedule; its benchmarks are NAME-<time>')
    .argument(
      '[scenario-or-file]',
      'standard scenario, or config file (YAML or JSON), or: suite all|NAME…',
    )
    .option('--cron <expression>', 'minute hour day month weekday; repeatable', appended)
    .option('--every <duration>', 'such as 30m, 6h, 1d')
    .option('--offset <duration>', 'with --every: shifts the firings')
    .option('--at <time>', "such as '02:30' or 'mon-fri 02:30'; repeatable", appended)
    .option(
      '--time-zone <name>',
      "of --cron and --at (of a new schedule by default this machine's)",
    )
    .option('--jitter <duration>', 'fires up to that much later, by chance')
    .option(
      '--overlap <policy>',
      'while an earlier one runs: buffer-one, skip, buffer-all (default: buffer-one)',
    )
    .option(
      '--catch-up <duration>',
      'a firing that the server slept through is made up for within it (default: 10m)',
    )
    .option('--pause-on-failure', 'pause the schedule when a benchmark fails (the default)')
    .option('--no-pause-on-failure', 'go on when a benchmark fails')
    .option('--note <text>', 'shown with the schedule')
    .allowUnknownOption()
    .allowExcessArguments();
  if (verb === 'create') command.option('--paused', 'make it, but take no firings yet');
  const plain = command as unknown as Command; // its types are of no use to what follows
  addSuiteFlags(plain, 'With suite:');
  addConfigFlags(plain, () => true);
  command.action(async (name, _subject, flags) => {
    const { planSchedule } = await import('../schedule/plan-schedule.ts');
    await planSchedule({ context, verb, name, command, flags });
  });
  return plain;
}

function listCommand(context: CliContext): Command {
  return newCommand(context, 'list')
    .description('list schedules')
    .option('--json', 'as JSON lines')
    .action(async (flags) => {
      const { scheduleListText } = await import('../schedule/schedule-text.ts');
      await withSchedules(context, async (schedules) => {
        const items = await schedules.list();
        printResult(
          context,
          flags.json === true
            ? items.map((item) => `${JSON.stringify(item)}\n`).join('')
            : scheduleListText(items),
        );
      });
    });
}

function describeCommand(context: CliContext): Command<[string]> {
  return newCommand(context, 'describe')
    .description('say when a schedule fires, what came of it, and what it skipped and why')
    .argument('<name>', 'name of the schedule')
    .option('--json', 'as JSON')
    .action(async (name, flags) => {
      const { scheduleText } = await import('../schedule/schedule-text.ts');
      await withSchedules(context, async (schedules) => {
        const schedule = await schedules.describe(name);
        printResult(
          context,
          flags.json === true ? JSON.stringify(schedule) : scheduleText(schedule),
        );
      });
    });
}

interface Word {
  readonly name: string;
  readonly description: string;
  readonly act: (schedules: ScheduleClient, name: string) => Promise<void>;
  readonly done: (name: string) => string;
}

function wordCommand(context: CliContext, word: Word): Command<[string]> {
  return newCommand(context, word.name)
    .description(word.description)
    .argument('<name>', 'name of the schedule')
    .action(async (name) => {
      await withSchedules(context, async (schedules) => {
        await word.act(schedules, name);
        say(context, word.done(name));
      });
    });
}

function backfillCommand(context: CliContext): Command<[string]> {
  return newCommand(context, 'backfill')
    .description('make up for the firings of a past time, one after the other')
    .argument('<name>', 'name of the schedule')
    .requiredOption('--from <time>', 'such as 2026-03-01T00:00:00Z', instant)
    .requiredOption('--to <time>', 'such as 2026-03-02T00:00:00Z', instant)
    .action(async (name, { from, to }) => {
      if (from >= to) throw new InvalidArgumentError('--from must be before --to.');
      await withSchedules(context, async (schedules) => {
        await schedules.backfill(name, { from, to });
        say(context, `Schedule ${name} makes up for ${from.toISOString()} to ${to.toISOString()}.`);
      });
    });
}

async function withSchedules(
  context: CliContext,
  work: (schedules: ScheduleClient) => Promise<void>,
): Promise<void> {
  const { inSession } = await import('../in-session.ts');
  await inSession(context, { worker: false }, ({ session }) => work(session.schedules));
}

function appended(value: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

function instant(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime()) || !/^\d{4}-\d{2}-\d{2}/.test(text)) {
    throw new InvalidArgumentError('It must be a date and time such as 2026-03-01T00:00:00Z.');
  }
  return time;
}
