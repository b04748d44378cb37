// What an option is. Every option is declared once, with one of these builders; the schema, the flags, the
// environment variables, the documentation and the defaults all follow from that declaration.

export type OptionKind =
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  /** Raw: a number or 'auto'; resolved 0: left to us. */
  | { readonly kind: 'autoCount'; readonly max: number }
  | { readonly kind: 'number'; readonly min: number; readonly max: number }
  /** Raw: text with a unit; resolved: milliseconds. */
  | { readonly kind: 'duration'; readonly minMs: number; readonly maxMs: number }
  /** Raw: a number of bytes or text with a unit; resolved: bytes. */
  | { readonly kind: 'bytes'; readonly min: number; readonly max: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'text' }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  /** Calls per second, or 'max' for as fast as the server answers. Resolved null: no rate. */
  | { readonly kind: 'rate' }
  /** Names to values, sent as gRPC metadata. */
  | { readonly kind: 'map' }
  /** Several texts; one text alone stands for a list of one, and commas separate. */
  | { readonly kind: 'list'; readonly item: string };

export const OPTION_GROUPS = ['load', 'target', 'connection', 'arrival', 'benchmark'] as const;
export type OptionGroup = (typeof OPTION_GROUPS)[number];

/** `T` is the type of the resolved value: durations in milliseconds, sizes in bytes. */
export interface Option<T> {
  readonly type: OptionKind;
  readonly default: T;
  readonly help: string;
  /** Single letter of the short flag. */
  readonly short?: string;
}

interface Common<T> {
  readonly default: T;
  readonly help: string;
  readonly short?: string;
}

/** A week: far beyond any benchmark, and safely within Node's 32-bit timers. */
export const LONGEST_MS = 7 * 24 * 3_600_000;
/** More than any generator sends, and safely finite. */
export const HIGHEST_RATE_PER_S = 10_000_000;

export function integer(spec: Common<number> & { min: number; max: number }): Option<number> {
  const { min, max, ...rest } = spec;
  return { type: { kind: 'integer', min, max }, ...rest };
}

export function autoCount(spec: Common<number> & { max: number }): Option<number> {
  const { max, ...rest } = spec;
  return { type: { kind: 'autoCount', max }, ...rest };
}

export function real(spec: Common<number> & { min: number; max: number }): Option<number> {
  const { min, max, ...rest } = spec;
  return { type: { kind: 'number', min, max }, ...rest };
}

export function duration(spec: Common<number> & { minMs?: number }): Option<number> {
  const { minMs = 0, ...rest } = spec;
  return { type: { kind: 'duration', minMs, maxMs: LONGEST_MS }, ...rest };
}

export function bytes(spec: Common<number> & { min: number; max: number }): Option<number> {
  const { min, max, ...rest } = spec;
  return { type: { kind: 'bytes', min, max }, ...rest };
}

export function boolean(spec: Common<boolean>): Option<boolean> {
  return { type: { kind: 'boolean' }, ...spec };
}

export function text(spec: Common<string>): Option<string> {
  return { type: { kind: 'text' }, ...spec };
}

/** Text that may be absent; an empty text counts as absent. */
export function optionalText(spec: Omit<Common<null>, 'default'>): Option<string | null> {
  return { type: { kind: 'text' }, default: null, ...spec };
}

export function choice<V extends string>(
  spec: Common<NoInfer<V>> & { values: readonly V[] },
): Option<V> {
  const { values, ...rest } = spec;
  return { type: { kind: 'choice', values }, ...rest };
}

export function rate(spec: Omit<Common<null>, 'default'>): Option<number | null> {
  return { type: { kind: 'rate' }, default: null, ...spec };
}

export function map(
  spec: Omit<Common<never>, 'default'>,
): Option<Readonly<Record<string, string>>> {
  return { type: { kind: 'map' }, default: {}, ...spec };
}

export function list(
  spec: Omit<Common<never>, 'default'> & { item: string },
): Option<readonly string[]> {
  const { item, ...rest } = spec;
  return { type: { kind: 'list', item }, default: [], ...rest };
}
