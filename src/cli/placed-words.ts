// The words of a command line in which a flag is misspelt: the parser cannot know whether the word behind it is the flag's
// value. What the flag was probably meant to be tells; where nothing is like it, what follows is not judged.

import { nearestName } from '../config/nearest-name.ts';
import type { ConfigProblem } from '../config/problem.ts';

interface KnownFlags {
  readonly options: readonly {
    readonly long?: string | undefined;
    /** Takes a value. */
    readonly required?: boolean;
    readonly optional?: boolean;
  }[];
}

export interface PlacedWords {
  /** Arguments whose place is certain, in order. */
  readonly words: readonly string[];
  /** Whether there are more behind them. */
  readonly isCut: boolean;
  /** One for each flag that the command does not know. */
  readonly unknown: readonly ConfigProblem[];
}

/** `args` is what the parser could not place: arguments, and flags that it does not know. */
export function placedWords(args: readonly string[], command: KnownFlags): PlacedWords {
  const words: string[] = [];
  let isCut = false;
  let isValue = false;
  for (const arg of args) {
    if (isFlag(arg)) {
      const takes = arg.includes('=') ? false : takesValue(arg, command);
      isValue = takes === true;
      isCut ||= takes === null;
    } else if (isValue) isValue = false;
    else if (!isCut) words.push(arg);
  }
  return { words, isCut, unknown: args.filter(isFlag).map((arg) => unknownFlag(arg, command)) };
}

function isFlag(arg: string): boolean {
  return arg.startsWith('-') && arg !== '-';
}

/** null: nobody knows. */
function takesValue(flag: string, command: KnownFlags): boolean | null {
  const near = nearestFlag(flag, command);
  const option = command.options.find(({ long }) => long === near);
  if (option === undefined || option.optional === true) return null;
  return option.required === true;
}

function nearestFlag(flag: string, { options }: KnownFlags): string | null {
  return nearestName(
    flag,
    options.flatMap(({ long }) => long ?? []),
  );
}

function unknownFlag(arg: string, command: KnownFlags): ConfigProblem {
  const flag = arg.split('=', 1)[0] ?? arg;
  const near = nearestFlag(flag, command);
  return {
    path: flag,
    message: 'is no flag of this command',
    hint: near === null ? 'see --help' : `did you mean ${near}?`,
  };
}
