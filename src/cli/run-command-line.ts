// Parses, calls, and turns what was thrown into a sentence and a number.

import { CommanderError } from '@commander-js/extra-typings';
import { EXIT_CODE, type ExitCode } from '../contract/exit-code.ts';
import { say, type CliContext } from './context.ts';
import { exitCodeOfError, explainError } from './exit-status.ts';
import { buildProgram } from './program.ts';
import { UsageError } from './usage-error.ts';

export async function runCommandLine(
  args: readonly string[],
  world: Omit<CliContext, 'exitWith'>,
): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT_CODE.ok;
  const context: CliContext = {
    ...world,
    exitWith: (code) => {
      exitCode = code;
    },
  };
  try {
    await buildProgram(context).parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (thrown) {
    return codeOf(thrown, context);
  }
}

function codeOf(thrown: unknown, context: CliContext): ExitCode {
  // The parser has printed its message, or the help that was asked for.
  if (thrown instanceof CommanderError) {
    return thrown.exitCode === 0 ? EXIT_CODE.ok : EXIT_CODE.badUsage;
  }
  if (thrown instanceof UsageError) {
    say(context, thrown.message);
    return EXIT_CODE.badUsage;
  }
  const verbose = (context.env['LOOMBENCH_LOG'] ?? '') !== '';
  say(context, `error: ${explainError(thrown, verbose)}`);
  return exitCodeOfError(thrown);
}
