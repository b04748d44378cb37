// Random variates that schedules are made of, from a uniform source.

import type { RandomSource } from './seeded-random.ts';

/** Exp(1), never infinite: the source can be 0 but not 1. */
export function drawExponential(random: RandomSource): number {
  return -Math.log1p(-random());
}

/** Standard normal by the polar method; the second variate of a pair is not kept, so that draws stay independent of order. */
function drawNormal(random: RandomSource): number {
  for (;;) {
    const x = 2 * random() - 1;
    const y = 2 * random() - 1;
    const square = x * x + y * y;
    if (square > 0 && square < 1) return x * Math.sqrt((-2 * Math.log(square)) / square);
  }
}

/** Gamma with that shape and mean 1 (Marsaglia and Tsang 2000; below shape 1 by their power trick). */
export function drawGammaMeanOne(shape: number, random: RandomSource): number {
  if (shape >= 1) return drawGamma(shape, random) / shape;
  const boost = (1 - random()) ** (1 / shape);
  return (drawGamma(shape + 1, random) * boost) / shape;
}

function drawGamma(shape: number, random: RandomSource): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = drawNormal(random);
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    const u = 1 - random();
    if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
