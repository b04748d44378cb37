// The option table as flags of a command, and the values that a user gave back out of it.

import { Option, type Command } from '@commander-js/extra-typings';
import { cliOptions, type CliOption } from '../config/cli-options.ts';
import { optionOf, type OptionKey } from '../config/option-table.ts';
import { rawFromFlags } from '../config/sources.ts';

/** Adds the options that `wanted` keeps, under their groups in the help. */
export function addConfigFlags(
  command: Command<[string | undefined]> | Command,
  wanted: (option: CliOption) => boolean,
): void {
  for (const option of cliOptions.filter(wanted)) {
    const declared = new Option(withAlias(option), option.description).helpGroup(heading(option));
    if (option.repeatable) declared.argParser(appended);
    command.addOption(declared);
    if (option.negatedFlags === null) continue;
    const { default: fallback, help } = optionOf(option.key);
    // Help shows the one of the two that changes something.
    declared.hideHelp(fallback === true);
    command.addOption(
      new Option(option.negatedFlags, `leave out: ${help}`)
        .helpGroup(heading(option))
        .hideHelp(fallback !== true),
    );
  }
}

/** Only what was said on the command line, by option key. */
export function configFlagsOf(
  values: Readonly<Record<string, unknown>>,
): Readonly<Partial<Record<OptionKey, unknown>>> {
  const known = new Set<string>(cliOptions.map((option) => option.key));
  return rawFromFlags(
    Object.fromEntries(
      Object.entries(values).filter(([key, value]) => known.has(key) && value !== undefined),
    ),
  );
}

/** `-o` is the command line's own: the option's name is that of the seed. */
function withAlias(option: CliOption): string {
  return option.key === 'outputPath' ? `-o, --output-path <file>` : option.flags;
}

function heading(option: CliOption): string {
  return `${option.group.charAt(0).toUpperCase()}${option.group.slice(1)}:`;
}

function appended(value: string, previous: unknown): string[] {
  return [...(Array.isArray(previous) ? previous.map(String) : []), value];
}
