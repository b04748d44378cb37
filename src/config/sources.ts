// Where settings come from and which of them wins: flags > environment > file > scenario > defaults.

import { nearestName } from './nearest-name.ts';
import type { OptionKind } from './option.ts';
import {
  environmentName,
  isOptionKey,
  OPTION_KEYS,
  optionOf,
  type OptionKey,
  type RawConfig,
} from './option-table.ts';
import { overlay } from './overlay.ts';
import type { ConfigProblem } from './problem.ts';
import { withScenario } from './resolve.ts';

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
  /** Input of `resolveConfig`: what was said, without the scenario's settings and the defaults. */
  readonly raw: Readonly<Record<string, unknown>>;
  readonly origins: Readonly<Record<OptionKey, ConfigSource>>;
}

export function mergeSources(sources: ConfigSources): MergedConfig {
  const { flags = {}, environment = {}, file = {} } = sources;
  const raw = overlay(overlay(file, environment), flags);
  const withSettings = withScenario(raw).raw;
  const originOf = (key: OptionKey): ConfigSource => {
    if (raw[key] === undefined) return withSettings[key] === undefined ? 'default' : 'scenario';
    if (flags[key] !== undefined) return 'flag';
    return environment[key] === undefined ? 'file' : 'environment';
  };
  const origins = Object.fromEntries(OPTION_KEYS.map((key) => [key, originOf(key)]));
  // One entry per option key, by the line above.
  return { raw, origins: origins as Record<OptionKey, ConfigSource> };
}

/** @param flags the parser's values by option key, as text; keys that are no options are left alone. */
export function rawFromFlags(flags: Readonly<Record<string, unknown>>): RawConfig {
  const entries = Object.entries(flags).flatMap(([key, value]) =>
    isOptionKey(key) && value !== undefined ? [[key, typed(optionOf(key).type, value)]] : [],
  );
  return Object.fromEntries(entries) as RawConfig; // keys were checked above
}

/** LOOMBENCH_<KEY> variables; a variable that nearly names an option is a problem, any other is left alone. */
export function rawFromEnvironment(environment: Readonly<NodeJS.ProcessEnv>): {
  readonly raw: RawConfig;
  readonly problems: readonly ConfigProblem[];
} {
  const keyByName = new Map(OPTION_KEYS.map((key) => [environmentName(key), key]));
  const raw: Partial<Record<OptionKey, unknown>> = {};
  const problems: ConfigProblem[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith('LOOMBENCH_') || value === undefined || value === '') continue;
    const key = keyByName.get(name);
    if (key !== undefined) raw[key] = typed(optionOf(key).type, value);
    else problems.push(...nearMiss(name, [...keyByName.keys()]));
  }
  return { raw, problems };
}

/** Other LOOMBENCH_ variables exist (LOOMBENCH_HOME), so only a slip of an option's name is refused. */
function nearMiss(name: string, known: readonly string[]): readonly ConfigProblem[] {
  const bare = (text: string): string => text.replace('LOOMBENCH_', '');
  const near = nearestName(bare(name), known.map(bare));
  if (near === null || bare(name).length < 5) return [];
  return [
    {
      path: name,
      message: 'this environment variable names no option',
      hint: `did you mean LOOMBENCH_${near}?`,
    },
  ];
}

/** Text to the type a file would have; text that does not convert stays text, and the schema then says what is wrong. */
function typed(type: OptionKind, value: unknown): unknown {
  if (type.kind === 'map') return mapFrom(value);
  if (typeof value !== 'string') return value;
  if (type.kind === 'boolean') return value === 'true' || (value === 'false' ? false : value);
  const isNumeric = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value);
  return isNumeric && NUMERIC_KINDS.has(type.kind) ? Number(value) : value;
}

const NUMERIC_KINDS: ReadonlySet<OptionKind['kind']> = new Set([
  'integer',
  'autoCount',
  'number',
  'rate',
  'bytes',
]);

/** 'name=value', several of them, or a JSON object. */
function mapFrom(value: unknown): unknown {
  if (typeof value === 'string' && value.startsWith('{')) return jsonOr(value);
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  const pairs = items.map((item) =>
    typeof item === 'string' ? /^([^=]+)=(.*)$/s.exec(item) : null,
  );
  if (pairs.some((pair) => pair === null)) return value;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1], pair?.[2]]));
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
