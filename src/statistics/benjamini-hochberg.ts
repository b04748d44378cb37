// Many comparisons, of which several may be real: Benjamini and Hochberg's step-up keeps the expected share of false ones among
// those found at the level asked for; where nothing is real, that is the chance of any false alarm.

/**
 * @param pValues of one family; those above `alpha` may be left out, for they are never found.
 * @param family how many comparisons were made, left out ones included; at least as many as `pValues`.
 * @returns in the order of the input: whether it is found.
 */
export function benjaminiHochberg(
  pValues: readonly number[],
  { alpha, family }: { readonly alpha: number; readonly family: number },
): boolean[] {
  const ascending = pValues.toSorted((a, b) => a - b);
  const last = ascending.findLastIndex((p, index) => p <= (alpha * (index + 1)) / family);
  const limit = ascending[last];
  return pValues.map((p) => limit !== undefined && p <= limit);
}
