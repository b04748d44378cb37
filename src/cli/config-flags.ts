// The option table as flags of a command, and the values that a user gave back out of it.

import { Option, type Command } from '@commander-js/extra-typings';
import { cliOptions, type CliOption } from '../config/cli-options.ts';
import { nearestName } from '../config/nearest-name.ts';
import { optionOf, type OptionKey } from '../config/option-table.ts';
import type { ConfigProblem } from '../config/problem.ts';
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

/** One problem for each flag that the command does not know; `args` is what the parser could not place. */
export function unknownFlagProblems(
  args: readonly string[],
  command: { readonly options: readonly { readonly long?: string | undefined }[] },
): ConfigProblem[] {
  const known = command.options.flatMap((option) => option.long ?? []);
  return args
    .filter((arg) => arg.startsWith('-') && arg !== '-')
    .map((arg) => {
      const flag = arg.split('=', 1)[0] ?? arg;
      const near = nearestName(flag, known);
      return {
        path: flag,
        message: 'is no flag of this command',
        hint: near === null ? 'see --help' : `did you mean ${near}?`,
      };
    });
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
