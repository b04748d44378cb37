// Are the runs independent of one another? An interval over runs believes so: with a lag-1 correlation of .5 a 95 %
// interval covers 76 %. The check is weak for ten runs, so it can only ever raise doubt, never settle it.

import { moments } from './moments.ts';
import { at, type Values } from './sample.ts';

/** Below this nothing short of a perfect trend would show. */
const MIN_RUNS = 6;

export interface RunIndependence {
  /** Correlation of each run with the one before. */
  readonly lag1: number;
  /** Rank correlation of the values with their order. */
  readonly spearman: number;
  /** What |lag1| and |spearman| stay below in about 95 % of independent series. */
  readonly limit: number;
  readonly suspicious: boolean;
}

/** Values in the order of the runs. Null for fewer than six, or when all are equal. */
export function checkRunIndependence(values: Values): RunIndependence | null {
  const n = values.length;
  if (n < MIN_RUNS) return null;
  const { mean, sumOfSquares } = moments(values);
  if (sumOfSquares === 0) return null;
  let products = 0;
  for (let run = 1; run < n; run++)
    products += (at(values, run) - mean) * (at(values, run - 1) - mean);
  const lag1 = products / sumOfSquares;
  const spearman = orderCorrelation(values);
  const limit = 2 / Math.sqrt(n);
  return {
    lag1,
    spearman,
    limit,
    suspicious: Math.abs(lag1) > limit || Math.abs(spearman) > limit,
  };
}

/** Pearson's correlation of mid-ranks with 1…n. */
function orderCorrelation(values: Values): number {
  const ranks = midRanks(values);
  const centre = (values.length + 1) / 2;
  let products = 0;
  let rankSquares = 0;
  let orderSquares = 0;
  for (const [index, rank] of ranks.entries()) {
    products += (rank - centre) * (index + 1 - centre);
    rankSquares += (rank - centre) ** 2;
    orderSquares += (index + 1 - centre) ** 2;
  }
  return products / Math.sqrt(rankSquares * orderSquares);
}

/** 1-based ranks; equal values share the mean of theirs. */
export function midRanks(values: Values): Float64Array {
  const order = Array.from(values, (value, index) => ({ value, index })).sort(
    (a, b) => a.value - b.value,
  );
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to + 1 < order.length && order[to + 1]?.value === order[from]?.value) to += 1;
    for (const { index } of order.slice(from, to + 1)) ranks[index] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return ranks;
}
