// Random variates of known laws from a seeded uniform source, for simulations of which the answer is known.

import type { RandomSource } from '../../src/statistics/seeded-random.ts';

/** Standard normal, by the polar method. */
export function gaussian(random: RandomSource): RandomSource {
  let spare: number | null = null;
  return () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    for (;;) {
      const u = 2 * random() - 1;
      const v = 2 * random() - 1;
      const s = u * u + v * v;
      if (s === 0 || s >= 1) continue;
      const factor = Math.sqrt((-2 * Math.log(s)) / s);
      spare = v * factor;
      return u * factor;
    }
  };
}

export function exponential(random: RandomSource, mean: number): RandomSource {
  return () => -mean * Math.log(1 - random());
}
