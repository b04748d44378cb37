// The random source of schedules: one seed, one sequence, on every machine. sfc32 by C. Doty-Humphrey (PractRand,
// public domain): 128 bits of state, passes the usual batteries, a handful of integer operations.

/** Uniform in [0, 1) with 53 bits. */
export type RandomSource = () => number;

const WARM_UP_ROUNDS = 15;

export function seededRandom(seed: number): RandomSource {
  let a = 0;
  let b = seed >>> 0;
  let c = Math.floor(seed / 2 ** 32) >>> 0;
  let counter = 1;
  const next32 = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < WARM_UP_ROUNDS; round++) next32();
  return () => ((next32() >>> 5) * 2 ** 26 + (next32() >>> 6)) / 2 ** 53;
}
