// Changes of level in a series, all of them at once (Killick's PELT): the split with the least sum of squares plus
// a price per change. Pruning keeps it fast and the result exact.

import { at, medianOfSorted, requireFinite, type Values } from './sample.ts';

/** MAD → standard deviation of a normal; differences of neighbours vary by √2 more than values. */
const MAD_TO_SD = 1.4826022185056018;

export interface PeltOptions {
  /** Price of one change; 3 σ² ln n when not given. */
  readonly penalty?: number;
  readonly minSegment?: number;
}

export interface Segmentation {
  /** 0-based index of the first value of each new segment. */
  readonly changepoints: readonly number[];
  readonly segmentMeans: readonly number[];
  /** Sum of squares within segments plus the price of the changes. */
  readonly totalCost: number;
  readonly penalty: number;
  readonly sigma: number;
}

/** Null for fewer than two segments' worth of values. Throws InvalidSampleError 'non-finite'. */
export function peltL2(values: Values, options: PeltOptions = {}): Segmentation | null {
  requireFinite(values);
  const n = values.length;
  const minSegment = Math.max(1, options.minSegment ?? 2);
  if (n < 2 * minSegment) return null;
  const sigma = noiseOf(values);
  const penalty = options.penalty ?? 3 * sigma ** 2 * Math.log(n);
  const cost = segmentCost(values);
  const { best, previous } = optimise(n, { cost, penalty, minSegment });
  const changepoints: number[] = [];
  for (let end = previous[n] ?? 0; end > 0; end = previous[end] ?? 0) changepoints.unshift(end);
  const edges = [0, ...changepoints, n];
  return {
    changepoints,
    segmentMeans: edges.slice(1).map((end, index) => meanOf(values, edges[index] ?? 0, end)),
    totalCost: at(best, n),
    penalty,
    sigma,
  };
}

/** Robust to the changes themselves, which differencing turns into a few outliers. */
function noiseOf(values: Values): number {
  const differences = Float64Array.from(
    { length: values.length - 1 },
    (_, index) => at(values, index + 1) - at(values, index),
  );
  const centre = medianOfSorted(differences.slice().sort());
  const mad = medianOfSorted(differences.map((value) => Math.abs(value - centre)).sort());
  return (MAD_TO_SD * mad) / Math.SQRT2;
}

interface Search {
  readonly cost: (from: number, to: number) => number;
  readonly penalty: number;
  readonly minSegment: number;
}

function optimise(
  n: number,
  { cost, penalty, minSegment }: Search,
): { best: Float64Array; previous: Int32Array } {
  const best = new Float64Array(n + 1).fill(Infinity);
  const previous = new Int32Array(n + 1);
  best[0] = -penalty;
  let candidates: { start: number; deadFrom: number }[] = [];
  for (let end = minSegment; end <= n; end++) {
    candidates.push({ start: end - minSegment, deadFrom: Infinity });
    candidates = candidates.filter(({ deadFrom }) => end < deadFrom);
    for (const { start } of candidates) {
      const total = at(best, start) + cost(start, end) + penalty;
      if (total < at(best, end)) {
        best[end] = total;
        previous[end] = start;
      }
    }
    // A start that loses even without paying for its change never wins once `end` itself may be a start.
    for (const candidate of candidates) {
      if (
        candidate.deadFrom === Infinity &&
        at(best, candidate.start) + cost(candidate.start, end) > at(best, end)
      ) {
        candidate.deadFrom = end + minSegment;
      }
    }
  }
  return { best, previous };
}

/** Sum of squares about the mean of values[from, to), from running sums of centred values. */
function segmentCost(values: Values): Search['cost'] {
  const centre = meanOf(values, 0, values.length);
  const sums = new Float64Array(values.length + 1);
  const squares = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) {
    const value = at(values, i) - centre;
    sums[i + 1] = at(sums, i) + value;
    squares[i + 1] = at(squares, i) + value * value;
  }
  return (from, to) => {
    const sum = at(sums, to) - at(sums, from);
    return Math.max(0, at(squares, to) - at(squares, from) - (sum * sum) / (to - from));
  };
}

function meanOf(values: Values, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += at(values, i);
  return sum / (to - from);
}
