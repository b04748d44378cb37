// Words for an option's kind, value and default, the same in help, errors and documentation.

import { formatDurationMs } from './duration.ts';
import { HIGHEST_RATE_PER_S, type Option, type OptionKind } from './option.ts';

/** Stands for the value in a usage line. */
export function valueName(type: OptionKind): string {
  switch (type.kind) {
    case 'integer':
      return 'count';
    case 'autoCount':
      return 'count|auto';
    case 'number':
      return 'number';
    case 'duration':
      return 'duration';
    case 'bytes':
      return 'size';
    case 'boolean':
      return 'true|false';
    case 'text':
      return 'text';
    case 'choice':
      return type.values.join('|');
    case 'rate':
      return 'per-second';
    case 'map':
      return 'name=value';
    case 'list':
      return type.item;
  }
}

/** Completes "must be …". */
export function expectation(type: OptionKind): string {
  switch (type.kind) {
    case 'integer':
      return `a whole number from ${type.min} to ${type.max}`;
    case 'autoCount':
      return `a whole number from 1 to ${type.max}, or 'auto'`;
    case 'number':
      return `a number from ${type.min} to ${type.max}`;
    case 'duration':
      return `a duration of ${formatDurationMs(type.minMs)} to ${formatDurationMs(type.maxMs)}, like 250ms, 5s or 1m30s`;
    case 'bytes':
      return `a size of ${type.min} to ${type.max} bytes, like 4194304, 512KiB or 4MiB`;
    case 'boolean':
      return 'true or false';
    case 'text':
      return 'text';
    case 'choice':
      return `one of ${type.values.join(', ')}`;
    case 'rate':
      return `a number of calls per second above 0 and up to ${HIGHEST_RATE_PER_S}, or 'max'`;
    case 'map':
      return 'names with text values';
    case 'list':
      return `text like ${type.item}, or a list of such`;
  }
}

/** '' when the option has no default worth saying. */
export function defaultText(option: Option<unknown>): string {
  const value = option.default;
  if (typeof value === 'number') {
    return option.type.kind === 'duration' ? formatDurationMs(value) : String(value);
  }
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? value : '';
}
