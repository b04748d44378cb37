// Several metrics compared at once: Holm's step-down keeps the chance of any false alarm at the level asked for.

export interface HolmResult {
  /** In the order of the input; at most 1. */
  readonly adjusted: readonly number[];
  readonly reject: readonly boolean[];
}

export function holm(pValues: readonly number[], alpha = 0.05): HolmResult {
  const order = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let largest = 0;
  for (const [step, { p, index }] of order.entries()) {
    largest = Math.max(largest, Math.min(1, p * (pValues.length - step)));
    adjusted[index] = largest;
  }
  return { adjusted, reject: adjusted.map((p) => p <= alpha) };
}
