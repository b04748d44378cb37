// `loombench report FILE`: a stored report once more as text.

import { resolve } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { BenchmarkError } from '../../contract/failure.ts';
import { printResult, type CliContext } from '../context.ts';
import { newCommand } from '../new-command.ts';
import { UsageError } from '../usage-error.ts';

/** Named so that scripts learn at once that a format is to come, and not that they misspelt it. */
const AVAILABLE_FORMAT = 'text';

export function reportCommand(context: CliContext): Command<[string]> {
  return newCommand(context, 'report')
    .description('show a report file again')
    .argument('<file>', 'report.json')
    .option('--format <format>', `only ${AVAILABLE_FORMAT} in this version`, AVAILABLE_FORMAT)
    .action(async (file, flags) => {
      if (flags.format !== AVAILABLE_FORMAT) {
        throw new BenchmarkError(
          'not-supported',
          `The format '${flags.format}' is not available yet; this version has --format ${AVAILABLE_FORMAT}. ` +
            'The file itself is JSON.',
        );
      }
      const { readReportFile } = await import('../stored-report.ts');
      const { summaryText } = await import('../../report/text.ts');
      const stored = await readReportFile(resolve(context.cwd, file)).catch(asUsageError);
      printResult(context, summaryText(stored.report, { reportPath: stored.path, webUiUrl: null }));
    });
}

/** Here the file is an argument, so what is wrong with it is wrong with the command line. */
function asUsageError(thrown: unknown): never {
  throw thrown instanceof BenchmarkError
    ? new UsageError([{ path: '', message: thrown.message }])
    : thrown;
}
