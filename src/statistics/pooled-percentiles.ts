// Percentiles of all calls of all runs together. The calls of one run share its luck, so the interval comes from drawing
// whole runs again (cluster bootstrap): an interval that took the calls for independent would cover 70 % instead of 95 %.

import type { PooledLatency, PooledPercentile } from '../contract/benchmark-statistics.ts';
import { nearestRank, PUBLISHED_PERCENTILES } from './percentile.ts';
import { at } from './sample.ts';
import { mulberry32 } from './seeded-random.ts';

/** Values with a count each, ascending. */
export interface CountedValues {
  readonly valuesNs: Float64Array;
  readonly counts: Float64Array;
}

const PERCENTILES = [...PUBLISHED_PERCENTILES, ['p9999', 0.9999] as const];

/** As the order-statistic interval of a median: fewer runs cannot be resampled to 95 %. */
const MIN_RUNS = 6;
const RESAMPLES = 2000;
/** Additions that a bootstrap may cost: about a second. */
const MAX_ADDITIONS = 4e8;
const MIN_RESAMPLES = 200;

/** Null when no run has a value. */
export function pooledPercentiles(
  runs: readonly CountedValues[],
  seed: number,
): PooledLatency | null {
  const table = tabulate(runs);
  const once = new Float64Array(runs.length).fill(1);
  const values = percentilesOf(table, once);
  if (values === null) return null;
  const resamples = runs.length < MIN_RUNS ? 0 : resamplesFor(table);
  const replicates = drawReplicates(table, { resamples, seed });
  return {
    runs: runs.length,
    calls: table.columns.reduce((sum, counts) => sum + total(counts), 0),
    resamples,
    seed,
    percentiles: PERCENTILES.map(([percentile], index) => ({
      percentile,
      valueUs: microseconds(at(values, index)),
      ...intervalOf(replicates[index] ?? new Float64Array()),
    })),
  };
}

interface Table {
  readonly valuesNs: Float64Array;
  /** One per run, each as long as the values. */
  readonly columns: readonly Float64Array[];
}

function tabulate(runs: readonly CountedValues[]): Table {
  const valuesNs = Float64Array.from(new Set(runs.flatMap((run) => [...run.valuesNs]))).sort();
  const rowOf = new Map(Array.from(valuesNs, (value, row) => [value, row]));
  const columns = runs.map((run) => {
    const column = new Float64Array(valuesNs.length);
    run.valuesNs.forEach((value, index) => {
      column[rowOf.get(value) ?? 0] = at(run.counts, index);
    });
    return column;
  });
  return { valuesNs, columns };
}

function resamplesFor({ valuesNs, columns }: Table): number {
  const affordable = Math.floor(MAX_ADDITIONS / Math.max(1, valuesNs.length * columns.length));
  return Math.min(RESAMPLES, Math.max(MIN_RESAMPLES, affordable));
}

/** Null without values. @param weights how often each run counts. */
function percentilesOf(
  { valuesNs, columns }: Table,
  weights: Float64Array,
): readonly number[] | null {
  const counts = new Float64Array(valuesNs.length);
  columns.forEach((column, run) => {
    const weight = at(weights, run);
    if (weight === 0) return;
    for (let row = 0; row < counts.length; row++)
      counts[row] = at(counts, row) + weight * at(column, row);
  });
  const n = total(counts);
  if (n === 0) return null;
  let row = 0;
  let seen = at(counts, 0);
  return PERCENTILES.map(([, p]) => {
    const rank = nearestRank(n, p) ?? 1;
    while (seen < rank) seen += at(counts, ++row);
    return at(valuesNs, row);
  });
}

/** By percentile, sorted. */
function drawReplicates(
  table: Table,
  { resamples, seed }: { resamples: number; seed: number },
): readonly Float64Array[] {
  const random = mulberry32(seed);
  const m = table.columns.length;
  const replicates = PERCENTILES.map(() => new Float64Array(resamples));
  for (let resample = 0; resample < resamples; resample++) {
    const weights = new Float64Array(m);
    for (let draw = 0; draw < m; draw++) {
      const run = Math.floor(random() * m);
      weights[run] = at(weights, run) + 1;
    }
    const values = percentilesOf(table, weights) ?? [];
    replicates.forEach((list, index) => (list[resample] = values[index] ?? 0));
  }
  return replicates.map((list) => list.sort());
}

function intervalOf(sorted: Float64Array): Pick<PooledPercentile, 'lowUs' | 'highUs'> {
  const b = sorted.length;
  if (b === 0) return { lowUs: null, highUs: null };
  const rank = (level: number): number => Math.min(b, Math.max(1, Math.floor(level * (b + 1))));
  return {
    lowUs: microseconds(at(sorted, rank(0.025) - 1)),
    highUs: microseconds(at(sorted, rank(0.975) - 1)),
  };
}

/** Whole ones, as in the runs: a part of one would lie beyond the longest call of a run, which is rounded. */
function microseconds(valueNs: number): number {
  return Math.round(valueNs / 1000);
}

function total(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
