// The exact law of the Mann-Whitney statistic when both samples come from one distribution without ties.

/**
 * P(U <= u) for u = 0…n1·n2: by counting, over all orders of the pooled sample, how often each U occurs.
 * Cost n1·n2·(n1 + n2); the caller bounds n1·n2.
 */
export function rankSumCdf(n1: number, n2: number): Float64Array {
  const size = n1 * n2 + 1;
  // Coefficients of the Gaussian binomial: multiply by (1 − x^(n2+i)), divide by (1 − x^i).
  const counts = new Float64Array(size);
  counts[0] = 1;
  for (let i = 1; i <= n1; i++) {
    const shift = n2 + i;
    for (let u = size - 1; u >= shift; u--) counts[u] = (counts[u] ?? 0) - (counts[u - shift] ?? 0);
    for (let u = i; u < size; u++) counts[u] = (counts[u] ?? 0) + (counts[u - i] ?? 0);
  }
  let total = 0;
  const cumulative = counts.map((count) => (total += count));
  return cumulative.map((count) => count / total);
}
