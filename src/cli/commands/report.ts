// `loombench report FILE`: a stored report once more, in any format.

import { resolve } from 'node:path';
import { Option, type Command } from '@commander-js/extra-typings';
import { writeTextAtomically } from '../../runtime/atomic-file.ts';
import { REPORT_FORMATS } from '../../contract/report-format.ts';
import { printResult, say, type CliContext } from '../context.ts';
import { newCommand } from '../new-command.ts';
import { ensureWritable, outputTargetOf } from '../output-target.ts';

export function reportCommand(context: CliContext): Command<[string]> {
  return newCommand(context, 'report')
    .description('show a report file again, in any format')
    .argument('<file>', 'report.json')
    .addOption(
      new Option('--format <format>', 'how to show it').choices(REPORT_FORMATS).default('text'),
    )
    .option('-o, --output-path <file>', "file to write to, '-' for standard output")
    .option('--show-invalid', 'show figures that failed a validity check, too, marked as such')
    .action(async (file, flags) => {
      const { readNamedReport } = await import('../stored-report.ts');
      const { documentText } = await import('../report-documents.ts');
      const stored = await readNamedReport(resolve(context.cwd, file));
      const rendered = documentText(stored, flags.format, {
        showInvalid: flags.showInvalid === true,
      });
      const output = outputTargetOf(flags.outputPath, context.cwd);
      if (output.kind !== 'file') {
        printResult(context, rendered);
        return;
      }
      await ensureWritable(output);
      await writeTextAtomically(output.path, rendered);
      say(context, `Wrote ${output.path}.`);
    });
}
