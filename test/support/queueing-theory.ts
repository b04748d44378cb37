// What theory says the numbers must be: the yardstick of the known-truth experiments. Used by tests only.

import betaQuantile from '@stdlib/stats-base-dists-beta-quantile';
import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';

/** P(a request of length L meets a Poisson pause of length d) = 1 − exp(−rate (L + d)). */
export function chanceOverlap(pausesPerMs: number, pauseMs: number, requestMs: number): number {
  return -Math.expm1(-pausesPerMs * (requestMs + pauseMs));
}

/** x in [low, high] at which a rising function reaches y; ends at the last digits. */
function invert(rising: (x: number) => number, y: number, [low, high]: [number, number]): number {
  for (let step = 0; step < 300; step++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (rising(middle) < y) low = middle;
    else high = middle;
  }
  return high;
}

export interface Md1 {
  readonly meanWaitMs: number;
  readonly meanResponseMs: number;
  readonly probNoWait: number;
  readonly meanInSystem: number;
  /** P(wait <= x). */
  readonly waitCdf: (waitMs: number) => number;
  readonly responsePercentileMs: (p: number) => number;
}

/**
 * One server, Poisson arrivals, fixed service time. The textbook series for the wait alternates and loses all digits
 * beyond ten service times; here every term is positive: the wait from the number found in the queue, and that
 * number from the balance of flow up and down across each level.
 */
export function md1(rho: number, serviceMs: number): Md1 {
  const arrivals = poissonTerms(rho, 200);
  const atLeast = arrivals.map((_, k) => arrivals.slice(k).reduce((sum, term) => sum + term, 0));
  const inSystem = [1 - rho];
  const cumulative = [1 - rho];
  for (let n = 0; n < 2000; n++) {
    let flow = (inSystem[0] ?? 0) * (atLeast[n + 1] ?? 0);
    for (let i = Math.max(1, n - 190); i <= n; i++) {
      flow += (inSystem[i] ?? 0) * (atLeast[n - i + 2] ?? 0);
    }
    inSystem.push(flow / (arrivals[0] ?? 1));
    cumulative.push((cumulative[n] ?? 0) + (inSystem[n + 1] ?? 0));
  }
  const waitCdf = (waitMs: number): number => {
    if (waitMs < 0) return 0;
    const k = Math.floor(waitMs / serviceMs) + 1;
    const rest = rho * (k - waitMs / serviceMs);
    let term = Math.exp(-rest);
    let sum = 0;
    for (let j = 0; j < k; j++) {
      sum += term * (cumulative[k - j] ?? 1);
      term *= rest / (j + 1);
    }
    return sum;
  };
  const meanWaitMs = (rho * serviceMs) / (2 * (1 - rho));
  return {
    meanWaitMs,
    meanResponseMs: serviceMs + meanWaitMs,
    probNoWait: 1 - rho,
    meanInSystem: (rho / serviceMs) * (serviceMs + meanWaitMs),
    waitCdf,
    responsePercentileMs: (p) =>
      serviceMs + (waitCdf(0) >= p ? 0 : invert(waitCdf, p, [0, 500 * serviceMs])),
  };
}

function poissonTerms(mean: number, count: number): number[] {
  const terms = [Math.exp(-mean)];
  for (let k = 1; k < count; k++) terms.push(((terms[k - 1] ?? 0) * mean) / k);
  return terms;
}

export interface Mmc {
  readonly offered: number;
  readonly rho: number;
  readonly erlangB: number;
  readonly erlangC: number;
  readonly meanWaitMs: number;
  readonly meanResponseMs: number;
  readonly meanQueue: number;
  readonly meanBusy: number;
  readonly waitPercentileMs: (p: number) => number;
  readonly responsePercentileMs: (p: number) => number;
}

/** c servers, Poisson arrivals, exponential service, first come first served. */
export function mmc(lambdaPerMs: number, serviceMs: number, c: number): Mmc {
  const offered = lambdaPerMs * serviceMs;
  const rho = offered / c;
  let erlangB = 1;
  for (let n = 1; n <= c; n++) erlangB = (offered * erlangB) / (n + offered * erlangB);
  const erlangC = erlangB / (1 - rho * (1 - erlangB));
  const mu = 1 / serviceMs;
  const drain = c * mu - lambdaPerMs;
  const meanWaitMs = erlangC / drain;
  const responseCdf = (t: number): number => {
    // Waiting and service in a row; when both have one rate, the limit (Erlang's law of two stages).
    const late =
      Math.abs(drain / mu - 1) < 1e-9
        ? (1 + mu * t) * Math.exp(-mu * t)
        : (drain * Math.exp(-mu * t) - mu * Math.exp(-drain * t)) / (drain - mu);
    return 1 - (1 - erlangC) * Math.exp(-mu * t) - erlangC * late;
  };
  return {
    offered,
    rho,
    erlangB,
    erlangC,
    meanWaitMs,
    meanResponseMs: meanWaitMs + serviceMs,
    meanQueue: lambdaPerMs * meanWaitMs,
    meanBusy: offered,
    waitPercentileMs: (p) => Math.max(0, Math.log(erlangC / (1 - p)) / drain),
    responsePercentileMs: (p) => invert(responseCdf, p, [0, 1000 * serviceMs]),
  };
}

/** N users who think (exponential) and then call one of c servers (exponential): birth and death. */
export function finiteSource(
  users: number,
  thinkMs: number,
  serviceMs: number,
  c: number,
): { throughputPerS: number; meanResponseMs: number; meanInSystem: number } {
  const weights = [1];
  for (let k = 1; k <= users; k++) {
    const up = (users - k + 1) / thinkMs;
    const down = Math.min(k, c) / serviceMs;
    weights.push(((weights[k - 1] ?? 0) * up) / down);
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const meanInSystem = weights.reduce((sum, weight, k) => sum + k * weight, 0) / total;
  const perMs = (users - meanInSystem) / thinkMs;
  return { throughputPerS: 1000 * perMs, meanResponseMs: meanInSystem / perMs, meanInSystem };
}

/** N workers without think time on c servers of a fixed service time. */
export function closedThink0(
  workers: number,
  serviceMs: number,
  c: number,
): { X: number; R: number } {
  const perMs = Math.min(workers, c) / serviceMs;
  return { X: 1000 * perMs, R: workers / perMs };
}

/** Response time, seen from the intended start, of a server that freezes for `freezeMs` at the end of each period. */
export function freezeCorrectedMs(
  { periodMs, freezeMs, serviceMs }: { periodMs: number; freezeMs: number; serviceMs: number },
  p: number,
): number {
  const clear = 1 - freezeMs / periodMs;
  return p <= clear ? serviceMs : serviceMs + ((p - clear) / (1 - clear)) * freezeMs;
}

/** Central band of a count of n independent events of probability p. */
export function binomialBand(n: number, p: number, confidence: number): { lo: number; hi: number } {
  const quantile = (level: number): number => {
    let k = 0;
    while (binomialCdf(k, n, p) < level) k += 1;
    return k;
  };
  return { lo: quantile((1 - confidence) / 2), hi: quantile((1 + confidence) / 2) };
}

/** Band of the nearest-rank p-th percentile of n uniform values on [base, base + jitter]. */
export function uniformPercentileBand(
  { baseMs, jitterMs, n, conf }: { baseMs: number; jitterMs: number; n: number; conf: number },
  p: number,
): { value: number; lo: number; hi: number } {
  const k = Math.ceil(p * n - 1e-9);
  const bound = (level: number): number => baseMs + jitterMs * betaQuantile(level, k, n - k + 1);
  return {
    value: baseMs + jitterMs * p,
    lo: bound((1 - conf) / 2),
    hi: bound((1 + conf) / 2),
  };
}

export function uniformMeanBand({
  baseMs,
  jitterMs,
  n,
  conf,
}: {
  baseMs: number;
  jitterMs: number;
  n: number;
  conf: number;
}): { mean: number; sd: number; meanBand: [number, number] } {
  const mean = baseMs + jitterMs / 2;
  const sd = jitterMs / Math.sqrt(12);
  const half = (normalQuantile((1 + conf) / 2, 0, 1) * sd) / Math.sqrt(n);
  return { mean, sd, meanBand: [mean - half, mean + half] };
}

/** E[nearest-rank percentile of n Exp(1) values] over the true one: rank k has mean H_n − H_(n−k). */
export function exponentialPercentileBias(n: number, rank: number, p: number): number {
  let mean = 0;
  for (let i = n - rank + 1; i <= n; i++) mean += 1 / i;
  return mean / -Math.log(1 - p);
}

/** Mean number in flight against throughput × mean response over a window that is idle at both ends. */
export function littlesLaw(
  requests: readonly (readonly [number, number])[],
  [from, to]: readonly [number, number],
): { X: number; meanR: number; L: number; XR: number } {
  const edges = requests.flatMap(([start, end]) => [
    { at: start, step: 1 },
    { at: end, step: -1 },
  ]);
  edges.sort((a, b) => a.at - b.at);
  let area = 0;
  let inFlight = 0;
  let since = from;
  for (const { at, step } of edges) {
    area += inFlight * (at - since);
    since = at;
    inFlight += step;
  }
  const X = requests.length / (to - from);
  const meanR = requests.reduce((sum, [start, end]) => sum + end - start, 0) / requests.length;
  return { X, meanR, L: area / (to - from), XR: X * meanR };
}
