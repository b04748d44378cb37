// Does a result vary more from run to run or within a run? More runs help against the one, longer runs against the
// other (Kalibera and Jones).

import fCdf from '@stdlib/stats-base-dists-f-cdf';
import { moments } from './moments.ts';
import { requireFinite } from './sample.ts';

export interface VarianceComponents {
  readonly msBetween: number;
  readonly msWithin: number;
  /** Null, with p, when nothing varies within runs. */
  readonly F: number | null;
  readonly p: number | null;
  readonly s2Between: number;
  readonly s2Within: number;
  /** Share of the variance that lies between runs; null when nothing varies at all. */
  readonly icc: number | null;
}

/** Rows are runs, columns windows of equal length. Null unless balanced with at least 2 × 2 values. */
export function varianceComponents(
  runs: readonly (readonly number[])[],
): VarianceComponents | null {
  const k = runs.length;
  const n = runs[0]?.length ?? 0;
  if (k < 2 || n < 2 || runs.some((run) => run.length !== n)) return null;
  for (const run of runs) requireFinite(run);
  const each = runs.map((run) => moments(run));
  const between = moments(each.map(({ mean }) => mean));
  const msBetween = (n * between.sumOfSquares) / (k - 1);
  const msWithin = each.reduce((sum, run) => sum + run.sumOfSquares, 0) / (k * (n - 1));
  const F = msWithin === 0 ? null : msBetween / msWithin;
  const s2Between = Math.max(0, (msBetween - msWithin) / n);
  const total = s2Between + msWithin;
  return {
    msBetween,
    msWithin,
    F,
    // The upper tail as the lower tail of 1/F: keeps the digits of a small p.
    p: F === null ? null : F === 0 ? 1 : fCdf(1 / F, k * (n - 1), k - 1),
    s2Between,
    s2Within: msWithin,
    icc: total === 0 ? null : s2Between / total,
  };
}
