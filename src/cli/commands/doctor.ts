// `loombench doctor`: does this machine have what a benchmark needs, and is it quiet enough to trust?

import type { Command } from '@commander-js/extra-typings';
import { EXIT_CODE } from '../../contract/exit-code.ts';
import { printResult, type CliContext } from '../context.ts';
import { newCommand } from '../new-command.ts';
import { stateDirectoryOf } from '../state-directory.ts';

export function doctorCommand(context: CliContext): Command {
  return newCommand(context, 'doctor')
    .description('examine this machine and say what to do about what is found')
    .option('--fix', 'register missing search attributes; fetch a missing Temporal CLI')
    .option('--json', 'as JSON')
    .action(async (flags) => {
      const { examineHost } = await import('../doctor/examine-host.ts');
      const { examineTemporal } = await import('../doctor/examine-temporal.ts');
      const { findingLine } = await import('../doctor/finding.ts');
      const stateDirectory = stateDirectoryOf(context.env, context.cwd);
      const findings = [
        ...(await examineHost(stateDirectory)),
        ...(await examineTemporal(context.env, { stateDirectory, fix: flags.fix === true })),
      ];
      printResult(
        context,
        flags.json === true
          ? JSON.stringify(findings)
          : findings.map((finding) => findingLine(finding)).join('\n'),
      );
      if (findings.some(({ status }) => status === 'fail')) {
        context.exitWith(EXIT_CODE.benchmarkFailed);
      }
    });
}
