// The option table as plain data for the command line; it knows nothing of the parser that reads it.

import type { OptionGroup, OptionKind } from './option.ts';
import { flagName, OPTION_ENTRIES, type OptionEntry, type OptionKey } from './option-table.ts';
import { defaultText, valueName } from './option-text.ts';

export interface CliOption {
  readonly key: OptionKey;
  readonly group: OptionGroup;
  /** '-c, --concurrency <count>' */
  readonly flags: string;
  /** Booleans only: '--no-collect-histogram'. Declare both; neither has a default, so absence stays visible. */
  readonly negatedFlags: string | null;
  /** Ends with the default. */
  readonly description: string;
  readonly kind: OptionKind['kind'];
  /** May be given several times; the values belong together as an array. */
  readonly repeatable: boolean;
}

/** `scenario` is left out: it is the command's argument. */
export const cliOptions: readonly CliOption[] = OPTION_ENTRIES.filter(
  (entry) => entry.key !== 'scenario',
).map(toCliOption);

function toCliOption({ key, group, option }: OptionEntry): CliOption {
  const long = `--${flagName(key)}`;
  const short = option.short === undefined ? '' : `-${option.short}, `;
  const isBoolean = option.type.kind === 'boolean';
  const fallback = defaultText(option);
  return {
    key,
    group,
    flags: isBoolean ? `${short}${long}` : `${short}${long} <${valueName(option.type)}>`,
    negatedFlags: isBoolean ? `--no-${flagName(key)}` : null,
    description: fallback === '' ? option.help : `${option.help} (default: ${fallback})`,
    kind: option.type.kind,
    repeatable: option.type.kind === 'map' || option.type.kind === 'list',
  };
}
