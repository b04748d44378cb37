// `loombench history …`: the reports of the past as series, and what changed in them.

import { resolve } from 'node:path';
import { Option, type Command } from '@commander-js/extra-typings';
import { HISTORY_METRICS, type HistoryMetric } from '../../contract/history.ts';
import { BenchmarkError } from '../../contract/failure.ts';
import { printResult, say, type CliContext } from '../context.ts';
import { newCommand } from '../new-command.ts';

const EXAMPLES = `
Examples:
  loombench history list
  loombench history show --scenario quick
  loombench history trend --scenario quick --html trend.html
  loombench history acknowledge nightly-2026-03-01T02:30:00Z --note 'bigger model'`;

export function historyCommand(context: CliContext): Command {
  return newCommand(context, 'history')
    .description('results over time: series, change points, an HTML page')
    .addCommand(listCommand(context))
    .addCommand(seriesCommand(context, 'show', 'the results of a series, and what changed'))
    .addCommand(seriesCommand(context, 'trend', 'what changed in a series, when, and by how much'))
    .addCommand(acknowledgeCommand(context))
    .addHelpText('after', EXAMPLES);
}

export const DIRECTORY_OPTION = [
  '--dir <directory>',
  "where the reports are (default: this machine's artifacts)",
] as const;

function listCommand(context: CliContext): Command {
  return newCommand(context, 'list')
    .description('list the series: results that may be compared')
    .option(...DIRECTORY_OPTION)
    .option('--json', 'as JSON lines')
    .action(async (flags) => {
      const { openHistory } = await import('../history/open-history.ts');
      const { historyListText } = await import('../history/history-text.ts');
      const { trendOf } = await import('../../history/trend.ts');
      const { history, remarks } = await openHistory(context, flags.dir);
      const trends = history.series.map((series) => trendOf(series, remarks));
      printResult(
        context,
        flags.json === true
          ? trends.map((trend) => `${JSON.stringify(trend)}\n`).join('')
          : historyListText(history, trends),
      );
    });
}

function seriesCommand(context: CliContext, name: 'show' | 'trend', description: string): Command {
  return newCommand(context, name)
    .description(description)
    .option('--scenario <name>', 'of this scenario')
    .option('--series <id>', 'that series (default: the one with the newest result)')
    .option(...DIRECTORY_OPTION)
    .addOption(
      new Option('--html <file>', 'also write a page with charts').hideHelp(name === 'show'),
    )
    .option('--json', 'as JSON')
    .action(async (flags) => {
      const { openHistory } = await import('../history/open-history.ts');
      const text = await import('../history/history-text.ts');
      const { chooseSeries } = await import('../../history/choose-series.ts');
      const { trendOf } = await import('../../history/trend.ts');
      const { history, remarks } = await openHistory(context, flags.dir);
      const { series, apart } = chooseSeries(history, {
        scenario: flags.scenario ?? null,
        seriesId: flags.series ?? null,
      });
      const trend = trendOf(series, remarks);
      if (flags.html !== undefined) {
        const { trendHtml } = await import('../../report/trend-html.ts');
        const { writeTextAtomically } = await import('../../runtime/atomic-file.ts');
        const path = resolve(context.cwd, flags.html);
        const writtenAtUtc = new Date().toISOString();
        await writeTextAtomically(path, trendHtml({ trend, apart, writtenAtUtc }));
        say(context, `The page is ${path}`);
      }
      const shown = name === 'show' ? text.historyShowText : text.historyTrendText;
      printResult(
        context,
        flags.json === true
          ? JSON.stringify({ ...trend, apart, unreadable: history.unreadable })
          : shown(history, trend, apart),
      );
    }); // the table of contents has no use for its flags' types
}

function acknowledgeCommand(context: CliContext): Command {
  return newCommand(context, 'acknowledge')
    .description('say that a change is known: it is then no regression any more')
    .argument('<benchmark>', 'the first result after the change; with a suite, of each level')
    .addOption(
      new Option(
        '--metric <metric>',
        'only of this metric (default: all that changed there)',
      ).choices(Object.keys(HISTORY_METRICS)),
    )
    .option('--note <text>', 'why', '')
    .option(...DIRECTORY_OPTION)
    .action(async (benchmarkId, flags) => {
      const { openHistory } = await import('../history/open-history.ts');
      const { acknowledgementsFor } = await import('../../history/acknowledge.ts');
      const { withAcknowledgements } = await import('../../history/remarks-file.ts');
      const opened = await openHistory(context, flags.dir);
      const { namedResults } = await import('../../history/named-results.ts');
      const wish = {
        metric: (flags.metric ?? null) as HistoryMetric | null, // one of the choices above
        note: flags.note,
        atUtc: new Date().toISOString(),
      };
      const added = namedResults(opened.history, benchmarkId).flatMap((id) =>
        acknowledgementsFor(opened.history, opened.remarks, { ...wish, benchmarkId: id }),
      );
      if (added.length === 0) {
        throw new BenchmarkError(
          'config-invalid',
          `No change begins at ${benchmarkId}. loombench history trend says where changes begin.`,
        );
      }
      await opened.save(withAcknowledgements(opened.remarks, added));
      const names = [...new Set(added.map(({ metric }) => HISTORY_METRICS[metric].name))].join(
        ', ',
      );
      say(context, `Acknowledged from ${benchmarkId} on: ${names}.`);
    }) as unknown as Command; // as above
}
