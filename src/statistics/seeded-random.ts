// The only source of chance in this room: a small generator whose whole sequence follows from its seed, so that a
// published interval can be computed again. mulberry32 (Tommy Ettinger, public domain): 32 bits of state.

/** Uniform in [0, 1). */
export type RandomSource = () => number;

/** The seed's lowest 32 bits count. */
export function mulberry32(seed: number): RandomSource {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
