// Numbers for people: one unit for a whole column, enough digits to compare, a sign for "not defined".

/** In the place of a figure that is not there; the reason stands beside it or in the legend. */
export const UNDEFINED_MARK = '–';

export interface LatencyUnit {
  readonly name: 'µs' | 'ms' | 's';
  readonly us: number;
}

const UNITS: readonly LatencyUnit[] = [
  { name: 's', us: 1_000_000 },
  { name: 'ms', us: 1000 },
  { name: 'µs', us: 1 },
];

/** The largest unit in which the smallest of the values is still at least 1; ms when there are none. */
export function latencyUnit(valuesUs: readonly (number | null)[]): LatencyUnit {
  const known = valuesUs.filter((value) => value !== null && value > 0);
  const smallest = known.length === 0 ? 1000 : Math.min(...known.map(Number));
  return UNITS.find((unit) => smallest >= unit.us) ?? { name: 'µs', us: 1 };
}

/** Decimals that leave a figure of this size about four significant digits. */
export function decimalsFor(value: number): number {
  const size = Math.abs(value);
  if (size === 0) return 0;
  if (size >= 1000) return 0;
  if (size >= 100) return 1;
  return size >= 10 ? 2 : 3;
}

/** '12,345.6'; the mark when there is no value. */
export function numberText(value: number | null, decimals = decimalsFor(value ?? 0)): string {
  if (value === null) return UNDEFINED_MARK;
  const [whole = '', fraction] = value.toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

export function latencyText(valueUs: number | null, unit: LatencyUnit): string {
  if (valueUs === null) return UNDEFINED_MARK;
  return numberText(valueUs / unit.us, unit.us === 1 ? 0 : decimalsFor(valueUs / unit.us));
}

export function countText(value: number): string {
  return numberText(value, 0);
}

/** A whole number is a number of things and stays whole: '35', not '35.00'. */
export function amountText(value: number | null): string {
  return value !== null && Number.isInteger(value) ? countText(value) : numberText(value);
}

/** '5 s', '1 min 30 s', '250 ms' */
export function durationText(durationMs: number): string {
  if (durationMs < 1000) return `${trimmed(durationMs)} ms`;
  if (durationMs < 60_000) return `${trimmed(durationMs / 1000)} s`;
  const minutes = Math.floor(durationMs / 60_000);
  const seconds = (durationMs % 60_000) / 1000;
  return seconds === 0 ? `${minutes} min` : `${minutes} min ${trimmed(seconds)} s`;
}

function trimmed(value: number): string {
  return String(Number(value.toFixed(3)));
}

/** '3 runs', '1 run' */
export function plural(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Text that may come from a server, fit for a terminal: one line, no control characters, bounded. */
export function foreignText(text: string, charactersMax = 300): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return clean.length > charactersMax ? `${clean.slice(0, charactersMax - 3)}...` : clean;
}
