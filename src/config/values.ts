// Raw input → the resolved value of every option, with a problem for each key that is unknown or does not fit.

import { parseDurationMs } from './duration.ts';
import { nearestName } from './nearest-name.ts';
import type { Option, OptionKind } from './option.ts';
import {
  isOptionKey,
  OPTION_ENTRIES,
  OPTION_KEYS,
  optionOf,
  type OptionKey,
  type OptionValues,
} from './option-table.ts';
import { expectation } from './option-text.ts';
import type { ConfigProblem } from './problem.ts';
import { schemaOf } from './schema.ts';
import { parseSizeBytes } from './size.ts';

export interface ReadValues {
  /** Defaults where nothing was said or what was said is wrong. */
  readonly values: OptionValues;
  /** Keys that were said. */
  readonly explicit: ReadonlySet<OptionKey>;
  /** Keys whose value in `values` is not what the user said: rules about them would only confuse. */
  readonly bad: ReadonlySet<OptionKey>;
  readonly problems: readonly ConfigProblem[];
}

export function readValues(raw: Readonly<Record<string, unknown>>): ReadValues {
  const problems: ConfigProblem[] = [];
  const explicit = new Set<OptionKey>();
  const bad = new Set<OptionKey>();
  const values = new Map<OptionKey, unknown>(
    OPTION_ENTRIES.map(({ key, option }) => [key, option.default]),
  );
  for (const [key, value] of Object.entries(raw)) {
    if (value === undefined) continue;
    if (!isOptionKey(key)) {
      problems.push(unknownKey(key));
      continue;
    }
    explicit.add(key);
    const option = optionOf(key);
    if (schemaOf(option.type).safeParse(value).success) {
      values.set(key, resolved(option, value));
    } else {
      bad.add(key);
      problems.push(misfit(key, option.type, value));
    }
  }
  return {
    // The map has every key of the table, each with a default or a value that its schema accepted.
    values: Object.fromEntries(values) as unknown as OptionValues,
    explicit,
    bad,
    problems,
  };
}

/** Units to milliseconds and bytes; 'auto' to 0; 'max' and an empty optional text to null. */
function resolved({ type, default: fallback }: Option<unknown>, value: unknown): unknown {
  if (type.kind === 'rate') return value === 'max' ? null : value;
  if (type.kind === 'autoCount') return value === 'auto' ? 0 : value;
  if (type.kind === 'text') return value === '' && fallback === null ? null : value;
  if (type.kind === 'list') return listItems(value);
  if (typeof value !== 'string') return value;
  if (type.kind === 'duration') return parseDurationMs(value);
  return type.kind === 'bytes' ? parseSizeBytes(value) : value;
}

/** After the schema: a text or texts. */
function listItems(value: unknown): readonly string[] {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  return texts
    .flatMap((text) => String(text).split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

function unknownKey(key: string): ConfigProblem {
  const near = nearestName(key, OPTION_KEYS);
  const hint = near === null ? {} : { hint: `did you mean ${near}?` };
  return { path: key, message: 'there is no option of this name', ...hint };
}

function misfit(key: OptionKey, type: OptionKind, value: unknown): ConfigProblem {
  const message = `must be ${expectation(type)}, not ${quoted(value)}`;
  const hint = hintFor(type, value);
  return { path: key, message, ...(hint === null ? {} : { hint }) };
}

function hintFor(type: OptionKind, value: unknown): string | null {
  if (value === null) return 'leave the key out for its default';
  if (type.kind === 'choice') return nearHint(value, type.values);
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    return null;
  }
  if (type.kind === 'text') return `write it as text: "${String(value)}"`;
  if (type.kind === 'duration' && /^\d+(\.\d+)?$/.test(String(value))) {
    return `a duration needs a unit: ${String(value)}s or ${String(value)}ms`;
  }
  return type.kind === 'rate' && Number(value) === 0
    ? "leave rate out, or say 'max', to send as fast as answers come"
    : null;
}

function nearHint(value: unknown, known: readonly string[]): string | null {
  const near = typeof value === 'string' ? nearestName(value, known) : null;
  return near === null ? null : `did you mean ${near}?`;
}

/** Bounded, so that a whole file pasted into a field does not fill the terminal. */
export function quoted(value: unknown): string {
  const shown = jsonText(value) ?? typeof value;
  return shown.length > 80 ? `${shown.slice(0, 77)}...` : shown;
}

/** Undefined where JSON has no word for the value: functions, circular objects, undefined. */
function jsonText(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
