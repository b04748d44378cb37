// Options that are declared, and so keep their names, but that this version cannot honour. Refused, because an
// ignored option makes a report that describes an experiment which never took place. To offer one, delete its line.

import type { OptionKey, OptionValues } from './option-table.ts';
import type { ConfigProblem } from './problem.ts';
import { quoted, type ReadValues } from './values.ts';

interface Unavailable {
  readonly key: OptionKey;
  readonly isUsed: (values: OptionValues) => boolean;
  readonly instead: string;
}

const NOT_AVAILABLE: readonly Unavailable[] = [
  { key: 'threads', isUsed: (v) => v.threads > 1, instead: 'use 1' },
];

export function notAvailableProblems({ values, bad }: ReadValues): readonly ConfigProblem[] {
  return NOT_AVAILABLE.filter(({ key, isUsed }) => !bad.has(key) && isUsed(values)).map(
    ({ key, instead }) => ({
      path: key,
      message: `${quoted(values[key])} is not available in this version`,
      hint: instead,
    }),
  );
}
