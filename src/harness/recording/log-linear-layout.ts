// Where a value goes in a log-linear histogram: exact up to a size, then every power of two in equally many steps.
// With 1024 steps this is HdrHistogram's own layout for 3 significant digits and 1 ns, index for index.

/** log2 of the steps per power of two. */
export const FINE_STEPS_LOG2 = 10;
/** Coarser, for the many small histograms of a timeline. */
export const COARSE_STEPS_LOG2 = 8;

/** 4 h 53 min in nanoseconds: no call may last longer without being clamped (and counted as such). */
export const HIGHEST_TRACKABLE_NS = 2 ** 44 - 1;

const INT32_LIMIT = 2 ** 31;
const HIGH_PART_SHIFT = 20;
const HIGH_PART_UNIT = 2 ** HIGH_PART_SHIFT;

/**
 * The bucket of an integer in [0, HIGHEST_TRACKABLE_NS]. Fractions are cut off.
 * Integer instructions only; what exceeds 31 bits is scaled down first, which the bucket's width makes lossless.
 */
export function bucketIndex(value: number, stepsLog2: number): number {
  if (value < INT32_LIMIT) {
    const shift = 31 - Math.clz32(value) - stepsLog2;
    return shift <= 0 ? value | 0 : (shift << stepsLog2) + (value >>> shift);
  }
  const high = Math.floor(value / HIGH_PART_UNIT);
  const shift = 31 - Math.clz32(high) - stepsLog2;
  return ((shift + HIGH_PART_SHIFT) << stepsLog2) + (high >>> shift);
}

/** Number of values that share the bucket. */
export function bucketWidth(index: number, stepsLog2: number): number {
  const shift = (index >>> stepsLog2) - 1;
  return shift <= 0 ? 1 : 2 ** shift;
}

/** The smallest value of the bucket. */
export function bucketLow(index: number, stepsLog2: number): number {
  const shift = (index >>> stepsLog2) - 1;
  return shift <= 0 ? index : (index - (shift << stepsLog2)) * 2 ** shift;
}

/** The value that stands for the bucket: at most 1 / 2^(stepsLog2 + 1) away from each of its members. */
export function bucketMiddle(index: number, stepsLog2: number): number {
  return bucketLow(index, stepsLog2) + Math.floor(bucketWidth(index, stepsLog2) / 2);
}
