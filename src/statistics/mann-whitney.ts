// Does one sample tend to be larger than the other? Ranks only, so a single wild run cannot carry the answer.

import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import type { Warning } from '../contract/warning.ts';
import { rankSumCdf } from './rank-sum-distribution.ts';
import { midRanks } from './run-independence.ts';
import { InvalidSampleError, requireFinite, type Values } from './sample.ts';

/** Beyond this many pairs the normal approximation is as good as exact. */
const MAX_EXACT_PAIRS = 400;
/** Below 4 a side no result can reach p < .05. */
const MIN_PER_SIDE = 4;

export type MannWhitneyMethod = 'exact' | 'asymptotic';

export interface MannWhitney {
  readonly n1: number;
  readonly n2: number;
  /** #{a > b} + ½ #{a = b}. */
  readonly U1: number;
  readonly U2: number;
  /** Two-sided. */
  readonly p: number;
  /** Vargha and Delaney's A: the share of pairs in which a is larger. */
  readonly a12: number;
  readonly method: MannWhitneyMethod;
  readonly warnings: readonly Warning[];
}

/** Exact for up to 400 pairs without ties, else normal with tie and continuity correction. */
export function mannWhitney(
  a: Values,
  b: Values,
  method: MannWhitneyMethod = chooseMethod(a, b),
): MannWhitney {
  if (a.length === 0 || b.length === 0) {
    throw new InvalidSampleError('empty', 'A comparison needs values on both sides.');
  }
  requireFinite(a);
  requireFinite(b);
  const n1 = a.length;
  const n2 = b.length;
  const ranks = midRanks([...a, ...b]);
  const rankSum = ranks.slice(0, n1).reduce((sum, rank) => sum + rank, 0);
  const U1 = rankSum - (n1 * (n1 + 1)) / 2;
  const U2 = n1 * n2 - U1;
  const p = method === 'exact' ? exactP(n1, n2, U1) : asymptoticP(ranks, n1, U1);
  const few = Math.min(n1, n2) < MIN_PER_SIDE;
  const message = `${n1} against ${n2} runs cannot show any difference at the 5 % level; it needs ${MIN_PER_SIDE} a side.`;
  const warnings = few ? [{ code: 'under-powered', message }] : [];
  return { n1, n2, U1, U2, p, a12: U1 / (n1 * n2), method, warnings };
}

function chooseMethod(a: Values, b: Values): MannWhitneyMethod {
  const ties = new Set([...a, ...b]).size < a.length + b.length;
  return ties || a.length * b.length > MAX_EXACT_PAIRS ? 'asymptotic' : 'exact';
}

function exactP(n1: number, n2: number, U1: number): number {
  const cdf = rankSumCdf(n1, n2);
  const smaller = Math.floor(Math.min(U1, n1 * n2 - U1));
  return Math.min(1, 2 * (cdf[smaller] ?? 1));
}

function asymptoticP(ranks: Float64Array, n1: number, U1: number): number {
  const n = ranks.length;
  const n2 = n - n1;
  const sizes = new Map<number, number>();
  for (const rank of ranks) sizes.set(rank, (sizes.get(rank) ?? 0) + 1);
  let ties = 0;
  for (const size of sizes.values()) ties += size ** 3 - size;
  const variance = ((n1 * n2) / 12) * (n + 1 - ties / (n * (n - 1)));
  if (!(variance > 0)) return 1;
  const distance = Math.abs(U1 - (n1 * n2) / 2) - 0.5;
  return Math.min(1, 2 * normalCdf(-distance / Math.sqrt(variance), 0, 1));
}
