// The random source of schedules: one seed, one sequence, on every machine. sfc32 by C. Doty-Humphrey (PractRand,
// public domain): 128 bits of state, passes the usual batteries, a handful of integer operations.

/** Uniform in [0, 1) with 53 bits. */
export type RandomSource = () => number;

const WARM_UP_ROUNDS = 15;

export function seededRandom(seed: number): RandomSource {
  // Neighbouring seeds are spread over the words, so that they have nothing in common after the warm-up either.
  let a = Math.imul(seed >>> 0, 0x9e3779b1);
  let b = Math.floor(seed / 2 ** 32) ^ 0x243f6a88;
  let c = Math.imul(seed >>> 0, 0x85ebca6b) ^ 0x13198a2e;
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
