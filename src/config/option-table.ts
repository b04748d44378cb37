// The one table of options. A key here is at once a key in a config file, `--kebab-case` on the command line
// and LOOMBENCH_UPPER_SNAKE in the environment.

import type { Option, OptionGroup } from './option.ts';
import { BENCHMARK_OPTIONS } from './options-benchmark.ts';
import { CONNECTION_OPTIONS } from './options-connection.ts';
import { ARRIVAL_OPTIONS, LOAD_OPTIONS } from './options-load.ts';
import { TARGET_OPTIONS } from './options-target.ts';

const GROUPS = {
  load: LOAD_OPTIONS,
  benchmark: BENCHMARK_OPTIONS,
  target: TARGET_OPTIONS,
  connection: CONNECTION_OPTIONS,
  arrival: ARRIVAL_OPTIONS,
} as const satisfies Record<OptionGroup, Readonly<Record<string, Option<unknown>>>>;

export const OPTIONS = {
  ...LOAD_OPTIONS,
  ...BENCHMARK_OPTIONS,
  ...TARGET_OPTIONS,
  ...CONNECTION_OPTIONS,
  ...ARRIVAL_OPTIONS,
} as const;

export type OptionKey = keyof typeof OPTIONS;

/** Every option with its resolved value. */
export type OptionValues = {
  readonly [K in OptionKey]: (typeof OPTIONS)[K] extends Option<infer T> ? T : never;
};

/** What a user may write: any subset of the options, unresolved. Checked by `resolveConfig`, not by the compiler. */
export type RawConfig = Readonly<Partial<Record<OptionKey, unknown>>>;

export interface OptionEntry {
  readonly key: OptionKey;
  readonly group: OptionGroup;
  readonly option: Option<unknown>;
}

/** In the order in which help and documentation list them. */
export const OPTION_ENTRIES: readonly OptionEntry[] = Object.entries(GROUPS).flatMap(
  ([group, options]) =>
    Object.entries<Option<unknown>>(options).map(([key, option]) => ({
      // The keys of GROUPS and of its members are those of the types by construction.
      key: key as OptionKey,
      group: group as OptionGroup,
      option,
    })),
);

export const OPTION_KEYS: readonly OptionKey[] = OPTION_ENTRIES.map((entry) => entry.key);

export function isOptionKey(name: string): name is OptionKey {
  return Object.hasOwn(OPTIONS, name);
}

export function optionOf(key: OptionKey): Option<unknown> {
  return OPTIONS[key];
}

/** 'llmBaseLatency' → 'llm-base-latency' */
export function flagName(key: OptionKey): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** 'llmBaseLatency' → 'LOOMBENCH_LLM_BASE_LATENCY' */
export function environmentName(key: OptionKey): string {
  return `LOOMBENCH_${flagName(key).replaceAll('-', '_').toUpperCase()}`;
}
