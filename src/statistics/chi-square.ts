// Chi-square with whole degrees of freedom, in closed form: its upper tail keeps its digits down to 1e-300, where
// 1 − cdf would read 0 and a p-value of 0 would be published.

import normalCdf from '@stdlib/stats-base-dists-normal-cdf';

/** P(X > x). */
export function chiSquareUpperTail(x: number, df: number): number {
  if (x <= 0) return 1;
  const half = x / 2;
  const odd = df % 2 === 1;
  let total = odd ? 2 * normalCdf(-Math.sqrt(x), 0, 1) : 0;
  // Terms half^(k − 1) e^(−half) / Γ(k) for k = 1, 2, … (even) or 3/2, 5/2, … (odd).
  let term = odd ? (Math.exp(-half) * Math.sqrt(half)) / (Math.sqrt(Math.PI) / 2) : Math.exp(-half);
  for (let k = odd ? 1.5 : 1; k <= df / 2; k++) {
    total += term;
    term *= half / k;
  }
  return Math.min(1, total);
}

/** x with P(X <= x) = p, for 0 < p < 1, by bisection to the last digits. */
export function chiSquareQuantile(p: number, df: number): number {
  let low = 0;
  let high = df;
  while (chiSquareUpperTail(high, df) > 1 - p) high *= 2;
  for (let step = 0; step < 200 && low < high; step++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (chiSquareUpperTail(middle, df) > 1 - p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
