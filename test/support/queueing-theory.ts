// What theory says the numbers must be: the yardstick of the known-truth experiments. Used by tests only.

/** P(a request of length L meets a Poisson pause of length d) = 1 − exp(−rate (L + d)). */
export function chanceOverlap(pausesPerMs: number, pauseMs: number, requestMs: number): number {
  return -Math.expm1(-pausesPerMs * (requestMs + pauseMs));
}
