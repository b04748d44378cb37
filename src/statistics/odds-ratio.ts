// How much likelier an exposed request is to be slow: odds ratio of a 2×2 table, with Haldane and Anscombe's half
// added to each cell so that an empty one does not make it infinite.

const Z_975 = 1.959963984540054;

/** Counts: slow or not, exposed to a pause or not. */
export interface ExposureTable {
  readonly tailOverlap: number;
  readonly tailNoOverlap: number;
  readonly bodyOverlap: number;
  readonly bodyNoOverlap: number;
}

export interface OddsRatio {
  /** Null when there is no tail. */
  readonly tailRate: number | null;
  readonly bodyRate: number | null;
  readonly oddsRatio: number;
  /** Wald, 95 %; holds for independent requests only, and requests that met one pause are not. */
  readonly low: number;
  readonly high: number;
  /** Fisher's exact test, one-sided: slow requests more exposed. */
  readonly fisherP: number;
}

export function gcOddsRatio(table: ExposureTable): OddsRatio {
  const { tailOverlap, tailNoOverlap, bodyOverlap, bodyNoOverlap } = table;
  const cells = [tailOverlap, tailNoOverlap, bodyOverlap, bodyNoOverlap];
  const oddsRatio =
    ((tailOverlap + 0.5) * (bodyNoOverlap + 0.5)) / ((tailNoOverlap + 0.5) * (bodyOverlap + 0.5));
  const se = Math.sqrt(cells.reduce((sum, cell) => sum + 1 / (cell + 0.5), 0));
  return {
    tailRate: share(tailOverlap, tailNoOverlap),
    bodyRate: share(bodyOverlap, bodyNoOverlap),
    oddsRatio,
    low: oddsRatio * Math.exp(-Z_975 * se),
    high: oddsRatio * Math.exp(Z_975 * se),
    fisherP: fisherGreater(table),
  };
}

function share(part: number, rest: number): number | null {
  return part + rest === 0 ? null : part / (part + rest);
}

/** P(at least `tailOverlap` exposed in the tail) with all four margins fixed: an upper hypergeometric tail. */
function fisherGreater(table: ExposureTable): number {
  const tail = table.tailOverlap + table.tailNoOverlap;
  const exposed = table.tailOverlap + table.bodyOverlap;
  const all = tail + table.bodyOverlap + table.bodyNoOverlap;
  const largest = Math.min(tail, exposed);
  let logTerm =
    logChoose(exposed, table.tailOverlap) +
    logChoose(all - exposed, tail - table.tailOverlap) -
    logChoose(all, tail);
  let total = 0;
  for (let k = table.tailOverlap; k <= largest; k++) {
    total += Math.exp(logTerm);
    logTerm += Math.log((exposed - k) * (tail - k));
    logTerm -= Math.log((k + 1) * (all - exposed - tail + k + 1));
  }
  return Math.min(1, total);
}

function logChoose(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= Math.min(k, n - k); i++) sum += Math.log((n - i + 1) / i);
  return sum;
}
