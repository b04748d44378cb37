// What every statistic asks of its numbers. Bad numbers are refused by name, never skipped: a NaN that is
// dropped or coerced would change n without a trace.

import { medianSorted } from 'simple-statistics';

export type SampleDefect = 'empty' | 'non-finite' | 'negative';

/** Numbers in a row, plain or typed. */
export type Values = readonly number[] | Float64Array;

export class InvalidSampleError extends Error {
  override readonly name = 'InvalidSampleError';
  readonly defect: SampleDefect;

  constructor(defect: SampleDefect, message: string) {
    super(message);
    this.defect = defect;
  }
}

/** Throws InvalidSampleError 'non-finite' for NaN and the infinities. */
export function requireFinite(values: Values): void {
  const index = values.findIndex((value) => !Number.isFinite(value));
  if (index < 0) return;
  throw new InvalidSampleError(
    'non-finite',
    `Value ${index} of ${values.length} is ${String(values[index])}; leave out what was not measured instead.`,
  );
}

/** Throws InvalidSampleError 'empty', 'non-finite' or 'negative'. */
export function requireLatencies(values: Values): void {
  if (values.length === 0) {
    throw new InvalidSampleError('empty', 'There is no latency; report null instead.');
  }
  requireFinite(values);
  const index = values.findIndex((value) => value < 0);
  if (index < 0) return;
  throw new InvalidSampleError(
    'negative',
    `Latency ${index} of ${values.length} is ${String(values[index])}; take both ends from one monotonic clock.`,
  );
}

/** Throws InvalidSampleError 'non-finite'. */
export function sortedCopy(values: Values): Float64Array {
  requireFinite(values);
  return Float64Array.from(values).sort();
}

/** The value at a 0-based rank that the caller has bounded. */
export function at(sorted: Values, index: number): number {
  const value = sorted[index];
  if (value === undefined) throw new RangeError(`no value ${index} among ${sorted.length}`);
  return value;
}

/** Sorted input. Mean of the two middle values when their number is even. */
export function medianOfSorted(sorted: Values): number {
  // Its parameter is a mutable array, which it does not change.
  return medianSorted(sorted as number[]);
}
