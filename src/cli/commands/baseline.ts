// `loombench baseline set|compare`: a result that later ones are held against.

import { Option, type Command } from '@commander-js/extra-typings';
import { EXIT_CODE } from '../../contract/exit-code.ts';
import { BenchmarkError } from '../../contract/failure.ts';
import type { History, HistorySeries } from '../../contract/history.ts';
import { printResult, say, type CliContext } from '../context.ts';
import { newCommand } from '../new-command.ts';
import { DIRECTORY_OPTION } from './history.ts';

const DEFAULT_THRESHOLD_PCT = 3;

export function baselineCommand(context: CliContext): Command {
  return newCommand(context, 'baseline')
    .description('a result that later ones are held against')
    .addCommand(setCommand(context))
    .addCommand(compareCommand(context));
}

function setCommand(context: CliContext): Command {
  return newCommand(context, 'set')
    .description('make a result the baseline of its series')
    .argument(
      '<benchmark>',
      'id of a completed benchmark that is not INVALID, or of a suite: then of each level',
    )
    .option(...DIRECTORY_OPTION)
    .action(async (benchmarkId, flags) => {
      const { openHistory } = await import('../history/open-history.ts');
      const { withBaseline } = await import('../../history/remarks-file.ts');
      const { namedResults } = await import('../../history/named-results.ts');
      const opened = await openHistory(context, flags.dir);
      const { history, remarks } = opened;
      const atUtc = new Date().toISOString();
      const levels = namedResults(history, benchmarkId);
      const baselines = (levels.length === 0 ? [benchmarkId] : levels).map((id) => ({
        series: seriesWith(history, id),
        benchmarkId: id,
        atUtc,
      }));
      await opened.save(baselines.reduce(withBaseline, remarks));
      for (const { benchmarkId: id, series } of baselines) {
        say(context, `${id} is the baseline of series ${series.seriesId}.`);
      }
    }) as unknown as Command; // the table of contents has no use for its flags' types
}

function compareCommand(context: CliContext): Command {
  return newCommand(context, 'compare')
    .description('hold a result against the baseline of its series, or else against the series')
    .argument('<benchmark>', 'id of a benchmark')
    .addOption(
      new Option('--against <what>', 'what to hold it against')
        .choices(['auto', 'baseline', 'series'])
        .default('auto'),
    )
    .option(
      '--threshold <percent>',
      'smaller changes do not matter',
      percent,
      DEFAULT_THRESHOLD_PCT,
    )
    .option(...DIRECTORY_OPTION)
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExit code 99 when the result is REGRESSED.')
    .action(async (benchmarkId, flags) => {
      const { openHistory } = await import('../history/open-history.ts');
      const { findingText } = await import('../history/history-text.ts');
      const { judgeResult } = await import('../../history/judge.ts');
      const { history, remarks } = await openHistory(context, flags.dir);
      const finding = judgeResult(seriesWith(history, benchmarkId), remarks, {
        benchmarkId,
        rules: { against: flags.against, minMagnitude: flags.threshold / 100 },
      });
      printResult(context, flags.json === true ? JSON.stringify(finding) : findingText(finding));
      if (finding.kind === 'regressed') context.exitWith(EXIT_CODE.thresholdMissed);
    }) as unknown as Command; // as above
}

function seriesWith(history: History, benchmarkId: string): HistorySeries {
  const found = history.series.find(({ entries }) =>
    entries.some((entry) => entry.benchmarkId === benchmarkId),
  );
  if (found !== undefined) return found;
  const isKnown = history.series.some(({ invalid, partial }) =>
    [...invalid, ...partial].some((entry) => entry.benchmarkId === benchmarkId),
  );
  throw new BenchmarkError(
    'config-invalid',
    isKnown
      ? `${benchmarkId} is INVALID or incomplete: it says nothing about later results, nor they about it.`
      : `No report of ${benchmarkId} is in ${history.directory}. loombench history show lists the results.`,
  );
}

function percent(text: string): number {
  const value = /^\d+(?:\.\d+)?%?$/.test(text) ? Number(text.replace('%', '')) : NaN;
  if (!Number.isFinite(value)) {
    throw new BenchmarkError(
      'config-invalid',
      `--threshold must be a percentage such as 5%, not '${text}'.`,
    );
  }
  return value;
}
