// The zod schema of raw input, built from the option table. It only says *whether* a value fits; the words for what
// does not fit come from the table too, so that every message reads the same.

import { z } from 'zod';
import { DURATION_PATTERN, parseDurationMs } from './duration.ts';
import { HIGHEST_RATE_PER_S, type OptionKind } from './option.ts';
import { OPTION_ENTRIES, type OptionEntry } from './option-table.ts';
import { parseSizeBytes, SIZE_PATTERN } from './size.ts';

export function schemaOf(type: OptionKind): z.ZodType {
  switch (type.kind) {
    case 'integer':
      return z.int().min(type.min).max(type.max);
    case 'autoCount':
      return z.union([z.int().min(1).max(type.max), z.literal('auto')]);
    case 'number':
      return z.number().min(type.min).max(type.max);
    case 'duration':
      return z
        .string()
        .regex(DURATION_PATTERN)
        .refine((text) => within(parseDurationMs(text), type.minMs, type.maxMs));
    case 'bytes':
      return z.union([
        z.int().min(type.min).max(type.max),
        z
          .string()
          .regex(SIZE_PATTERN)
          .refine((text) => within(parseSizeBytes(text), type.min, type.max)),
      ]);
    case 'boolean':
      return z.boolean();
    case 'text':
      return z.string();
    case 'choice':
      return z.enum(type.values);
    case 'rate':
      return z.union([z.number().positive().max(HIGHEST_RATE_PER_S), z.literal('max')]);
    case 'map':
      return z.record(z.string(), z.string());
    case 'list':
      return z.union([z.string(), z.array(z.string())]);
  }
}

function within(value: number | null, min: number, max: number): boolean {
  return value !== null && value >= min && value <= max;
}

/** Unknown keys are refused; absent keys get their defaults later, when it is known what was said explicitly. */
export const rawConfigSchema = z.strictObject(
  Object.fromEntries(OPTION_ENTRIES.map((entry) => [entry.key, described(entry)])),
);

function described({ option }: OptionEntry): z.ZodType {
  return schemaOf(option.type)
    .optional()
    .meta({ description: option.help, ...example(option.default) });
}

/** JSON Schema's `default` only where the raw form equals the resolved one. */
function example(value: unknown): { default?: unknown } {
  return typeof value === 'boolean' ? { default: value } : {};
}
