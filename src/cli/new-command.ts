// Commands that all behave alike: they write to the given streams, suggest near names, and throw instead of exiting.

import { Command } from '@commander-js/extra-typings';
import type { CliContext } from './context.ts';
import { terminalText } from './terminal-text.ts';

const HELP_COLUMNS = 100;

export function newCommand(context: CliContext, name: string): Command {
  return new Command(name)
    .exitOverride()
    .showSuggestionAfterError()
    .helpOption('-h, --help', 'show this help')
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false })
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(terminalText(text)),
      getOutHelpWidth: () => context.stdout.columns ?? HELP_COLUMNS,
      getErrHelpWidth: () => context.stderr.columns ?? HELP_COLUMNS,
    });
}
