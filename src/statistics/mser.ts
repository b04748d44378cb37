// Where the warm-up ends, by White's MSER-5: cut as much from the front as makes the rest's mean most certain.
// If the best cut is the largest one allowed, the series never settled.

import { at, requireFinite, type Values } from './sample.ts';

const BATCH = 5;

export interface Mser {
  readonly batches: number;
  readonly truncBatch: number;
  /** 0-based index of the first value kept. */
  readonly truncIndex: number;
  readonly mser: number;
  /** True: not steady within this series. */
  readonly atLimit: boolean;
  readonly meanAfter: number;
}

/** Batches of five; a rest at the end is left out. Null for fewer than four batches. Throws 'non-finite'. */
export function mser5(values: Values): Mser | null {
  requireFinite(values);
  const batches = Math.floor(values.length / BATCH);
  if (batches < 4) return null;
  const means = Float64Array.from({ length: batches }, (_, batch) => {
    let sum = 0;
    for (let i = 0; i < BATCH; i++) sum += at(values, batch * BATCH + i);
    return sum / BATCH;
  });
  const limit = Math.floor(batches / 2);
  const spreads = spreadsFrom(means);
  let truncBatch = 0;
  for (let cut = 1; cut <= limit; cut++) {
    if (at(spreads.mser, cut) < at(spreads.mser, truncBatch)) truncBatch = cut;
  }
  return {
    batches,
    truncBatch,
    truncIndex: truncBatch * BATCH,
    mser: at(spreads.mser, truncBatch),
    atLimit: truncBatch === limit,
    meanAfter: at(spreads.mean, truncBatch),
  };
}

/** For each cut the mean of the rest and its squared standard error; from the back, updating (Welford). */
function spreadsFrom(means: Float64Array): { mean: Float64Array; mser: Float64Array } {
  const mean = new Float64Array(means.length);
  const mser = new Float64Array(means.length);
  let average = 0;
  let squares = 0;
  for (let cut = means.length - 1; cut >= 0; cut--) {
    const n = means.length - cut;
    const step = at(means, cut) - average;
    average += step / n;
    squares += step * (at(means, cut) - average);
    mean[cut] = average;
    mser[cut] = squares / n ** 2;
  }
  return { mean, mser };
}
