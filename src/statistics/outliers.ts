// Which runs stand apart. They are pointed out and never dropped: the slow run is often the finding.

import { at, medianOfSorted, sortedCopy, type Values } from './sample.ts';

/** Normal quantile of .75: scales the MAD to a standard deviation. */
const MAD_SCALE = 0.6744897501960817;
const MODIFIED_Z_LIMIT = 3.5;
/** With fewer, quartiles are single values. */
const MIN_VALUES = 5;

export interface Outliers {
  readonly tukey: {
    readonly q1: number;
    readonly q3: number;
    readonly mildLow: number;
    readonly mildHigh: number;
    readonly severeLow: number;
    readonly severeHigh: number;
    /** Beyond 1.5 but not 3 interquartile ranges. */
    readonly mild: readonly number[];
    readonly severe: readonly number[];
  };
  readonly modifiedZ: {
    readonly median: number;
    readonly mad: number;
    /** In the order of the input; null where the MAD is 0 and the value is not the median. */
    readonly z: readonly (number | null)[];
    readonly flagged: readonly number[];
  };
}

/** Null for fewer than five values. Throws InvalidSampleError 'non-finite'. */
export function findOutliers(values: Values): Outliers | null {
  if (values.length < MIN_VALUES) return null;
  const sorted = sortedCopy(values);
  return { tukey: tukeyFences(sorted), modifiedZ: modifiedZScores(values, sorted) };
}

function tukeyFences(sorted: Float64Array): Outliers['tukey'] {
  const q1 = interpolated(sorted, 0.25);
  const q3 = interpolated(sorted, 0.75);
  const range = q3 - q1;
  const fences = {
    mildLow: q1 - 1.5 * range,
    mildHigh: q3 + 1.5 * range,
    severeLow: q1 - 3 * range,
    severeHigh: q3 + 3 * range,
  };
  const all = [...sorted];
  const severe = all.filter((value) => value < fences.severeLow || value > fences.severeHigh);
  const mild = all.filter(
    (value) => (value < fences.mildLow || value > fences.mildHigh) && !severe.includes(value),
  );
  return { q1, q3, ...fences, mild, severe };
}

/** R's type 7, as NumPy's default. */
function interpolated(sorted: Float64Array, p: number): number {
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const low = at(sorted, below);
  const high = at(sorted, Math.min(sorted.length - 1, below + 1));
  return low + (position - below) * (high - low);
}

function modifiedZScores(values: Values, sorted: Float64Array): Outliers['modifiedZ'] {
  const median = medianOfSorted(sorted);
  const mad = medianOfSorted(sorted.map((value) => Math.abs(value - median)).sort());
  const z = Array.from(values, (value) => {
    if (mad === 0) return value === median ? 0 : null;
    return (MAD_SCALE * (value - median)) / mad;
  });
  const flagged = Array.from(values).filter((_, index) => {
    const score = z[index];
    return typeof score === 'number' && Math.abs(score) > MODIFIED_Z_LIMIT;
  });
  return { median, mad, z, flagged };
}
