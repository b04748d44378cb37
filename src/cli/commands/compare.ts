// `loombench compare BASELINE CANDIDATE…`: reports against a baseline, for a terminal, a pull request or a script.

import { resolve } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { parseShare } from '../../config/threshold.ts';
import { EXIT_CODE, type ExitCode } from '../../contract/exit-code.ts';
import type { Comparison } from '../../contract/comparison.ts';
import type { ConfigProblem } from '../../config/problem.ts';
import { printResult, type CliContext } from '../context.ts';
import { newCommand } from '../new-command.ts';
import { UsageError } from '../usage-error.ts';

const FORMATS = ['text', 'markdown', 'json'] as const;
type Format = (typeof FORMATS)[number];

const EXAMPLES = `
Examples:
  loombench compare before.json after.json
  loombench compare main.json branch.json --fail-on-regression 3% --format markdown
Exit codes: 0 compared, 2 not comparable (see --force), 3 too few runs or figures for --fail-on-regression, 99 a regression.`;

interface CompareFlags {
  readonly format: string;
  readonly force?: true;
  readonly failOnRegression?: string;
  readonly margin: string;
}

export function compareCommand(context: CliContext): Command {
  const command = newCommand(context, 'compare')
    .description('compare reports with a baseline: different, equivalent or inconclusive')
    .argument('<baseline>', 'report.json')
    .argument('<candidates...>', 'reports to hold against it')
    .option('--format <format>', FORMATS.join(', '), 'text')
    .option('--force', 'compare what differs in configuration, hardware or validity, too')
    .option(
      '--fail-on-regression <share>',
      'exit code 99 for a difference for the worse by more than this, like 3%',
    )
    .option('--margin <share>', 'changes within ± this share count as none', '3%')
    .addHelpText('after', EXAMPLES)
    .action((baseline, candidates, flags) => compare(context, [baseline, ...candidates], flags));
  return command as unknown as Command; // the arguments' types are of no use to whoever adds the command
}

async function compare(
  context: CliContext,
  files: readonly string[],
  flags: CompareFlags,
): Promise<void> {
  const { format, margin, limit } = checkedFlags(flags);
  const { readNamedReport } = await import('../stored-report.ts');
  const [baseline, ...candidates] = await Promise.all(
    files.map(async (name) => ({
      name,
      report: (await readNamedReport(resolve(context.cwd, name))).report,
    })),
  );
  if (baseline === undefined) return;
  const { compareReports } = await import('../../statistics/compare-reports.ts');
  const comparison = compareReports(baseline, candidates, {
    equivalenceMargin: margin,
    regressionLimit: limit,
  });
  if (flags.force !== true) refuseIncomparable(comparison);
  const { comparisonMarkdown, comparisonText } = await import('../../report/comparison-text.ts');
  const write: Readonly<Record<Format, () => string>> = {
    text: () => comparisonText(comparison),
    markdown: () => comparisonMarkdown(comparison),
    json: () => JSON.stringify(comparison, null, 2),
  };
  printResult(context, write[format]());
  context.exitWith(exitCodeOf(comparison));
}

function checkedFlags(flags: CompareFlags): {
  readonly format: Format;
  readonly margin: number;
  readonly limit: number | null;
} {
  const format = FORMATS.find((known) => known === flags.format);
  const margin = parseShare(flags.margin);
  const limit = flags.failOnRegression === undefined ? null : parseShare(flags.failOnRegression);
  const problems: ConfigProblem[] = [];
  if (format === undefined) {
    problems.push({
      path: '--format',
      message: `is one of ${FORMATS.join(', ')}, not '${flags.format}'`,
    });
  }
  if (margin === null || margin === 0) {
    problems.push({ path: '--margin', message: `is a share like 3%, not '${flags.margin}'` });
  }
  if (limit === null && flags.failOnRegression !== undefined) {
    const message = `is a share like 3%, not '${flags.failOnRegression}'`;
    problems.push({ path: '--fail-on-regression', message });
  }
  if (format === undefined || margin === null || problems.length > 0)
    throw new UsageError(problems);
  return { format, margin, limit };
}

function refuseIncomparable({ candidates }: Comparison): void {
  const objections = new Set(candidates.flatMap((each) => each.objections));
  if (objections.size === 0) return;
  throw new UsageError(
    [...objections].map((message) => ({
      path: '',
      message,
      hint: '--force compares all the same',
    })),
  );
}

/** A gate that cannot tell must not say that all is well. */
function exitCodeOf({ candidates, regressed, regressionLimit }: Comparison): ExitCode {
  if (regressed) return EXIT_CODE.thresholdMissed;
  const cannotTell = candidates.some(
    ({ metrics, absent }) => absent.length > 0 || metrics.some(({ decidable }) => !decidable),
  );
  return regressionLimit !== null && cannotTell ? EXIT_CODE.resultInvalid : EXIT_CODE.ok;
}
