// Random draws that depend on nothing but (seed, purpose, number): call 17 gets the same latency in every run with that
// seed, however its neighbours interleave. A shared generator would hand out draws in order of arrival instead.

/** Keeps the draws of one call for different questions independent. */
export const DRAW = { latency: 1, failure: 2, agentId: 3, sessionId: 4 } as const;
export type DrawPurpose = (typeof DRAW)[keyof typeof DRAW];

/** Finalizer of MurmurHash3 (A. Appleby, public domain): a bijection on 32 bits with full avalanche. */
function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Starting point of a stream of draws; compute once per purpose. */
export function drawKey(seed: number, purpose: DrawPurpose): number {
  const high = Math.floor(seed / 2 ** 32) >>> 0;
  return mix32(mix32(mix32(seed >>> 0) ^ high) + Math.imul(purpose, 0x9e3779b1));
}

/** 32 random bits; for one key, different numbers below 2^32 never give the same bits. */
export function drawBits(key: number, number: number): number {
  return mix32(mix32(key ^ (number >>> 0)) ^ key);
}

/** Uniform in [0, 1) with 53 bits. */
export function drawUniform(key: number, number: number): number {
  const high = drawBits(key, number) >>> 5;
  const low = mix32(drawBits(key, number) ^ 0x2545f491 ^ Math.imul(key, 0x9e3779b1)) >>> 6;
  return (high * 2 ** 26 + low) / 2 ** 53;
}

/** A version-4 UUID. */
export function drawUuid(key: number, number: number): string {
  const words = [0, 1, 2, 3].map((part) => hex8(drawBits(mix32(key + part), number)));
  const hex = words.join('');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

export function hex8(bits: number): string {
  return (bits >>> 0).toString(16).padStart(8, '0');
}
