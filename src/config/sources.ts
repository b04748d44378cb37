// Where settings come from and which of them wins: flags > environment > file > scenario > defaults.

import type { ConfigProblem } from './problem.ts';
import type { OptionKey, RawConfig } from './option-table.ts';

export const CONFIG_SOURCES = ['flag', 'environment', 'file', 'scenario', 'default'] as const;
export type ConfigSource = (typeof CONFIG_SOURCES)[number];

export interface ConfigSources {
  /** From `rawFromFlags`. */
  readonly flags?: RawConfig;
  /** From `rawFromEnvironment`. */
  readonly environment?: RawConfig;
  /** From `readConfigFile`; unchecked keys included. */
  readonly file?: Readonly<Record<string, unknown>>;
}

export interface MergedConfig {
  /** Input of `resolveConfig`. */
  readonly raw: Readonly<Record<string, unknown>>;
  readonly origins: Readonly<Record<OptionKey, ConfigSource>>;
}

export declare function mergeSources(sources: ConfigSources): MergedConfig;

/** @param flags the parser's values by option key, as text; keys that are no options are left alone. */
export declare function rawFromFlags(flags: Readonly<Record<string, unknown>>): RawConfig;

/** LOOMBENCH_<KEY> variables; a variable that nearly names an option is a problem, any other is left alone. */
export declare function rawFromEnvironment(environment: Readonly<NodeJS.ProcessEnv>): {
  readonly raw: RawConfig;
  readonly problems: readonly ConfigProblem[];
};
