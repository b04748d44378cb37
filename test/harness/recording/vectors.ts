// The reference vectors that concern recording, as test/fixtures keeps them. The fixture is checked in, so each case's
// shape is known and stated here, once.

import { readFileSync } from 'node:fs';

interface PercentileVector {
  readonly input: { readonly values: readonly number[]; readonly p: readonly string[] };
  readonly expected: Readonly<Record<string, { readonly value: number; readonly rank: number }>>;
}

interface RankTrapVector {
  readonly input: readonly { readonly pct: number; readonly n: number }[];
  readonly expected: readonly number[];
}

interface LittlesLawVector {
  readonly input: {
    readonly requests: readonly (readonly [number, number])[];
    readonly window: readonly [number, number];
  };
  readonly expected: { readonly X: number; readonly meanR: number; readonly L: number };
}

interface JitterVector {
  readonly input: { readonly baseMs: number; readonly jitterMs: number; readonly n: number };
  readonly expected: {
    readonly percentiles: readonly {
      readonly p: number;
      readonly lo: number;
      readonly hi: number;
    }[];
    readonly meanBand: readonly [number, number];
  };
}

const file = new URL('../../fixtures/recording-vectors.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: { name: string }[] }; // checked in

function find(name: string): unknown {
  const found = cases.find((entry) => entry.name === name);
  if (found === undefined) throw new Error(`no vector named ${name}`);
  return found;
}

export function percentileVector(name: string): PercentileVector {
  return find(name) as PercentileVector; // shape as above
}

export function rankTrapVector(): RankTrapVector {
  return find('percentile_float_rank_traps') as RankTrapVector; // shape as above
}

export function littlesLawVector(): LittlesLawVector {
  return find('littles_law_exact') as LittlesLawVector; // shape as above
}

export function jitterVector(): JitterVector {
  return find('uniform_jitter_percentiles') as JitterVector; // shape as above
}
