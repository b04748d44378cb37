// Where a value goes on an axis, and which round values are written beside it.

export interface Tick {
  readonly value: number;
  readonly label: string;
}

export interface Scale {
  /** Pixels. */
  at(value: number): number;
  readonly ticks: readonly Tick[];
}

export interface ScaleRange {
  readonly from: number;
  readonly to: number;
}

export interface Domain {
  readonly low: number;
  readonly high: number;
}

const TICKS = 6;

/** Ticks at 1, 2 or 5 times a power of ten. `text` gets a tick's value and the step between ticks. */
export function linearScale(
  { low, high }: Domain,
  { from, to }: ScaleRange,
  text: (value: number, step: number) => string,
): Scale {
  const span = high > low ? high - low : 1;
  const step = niceStep(span / TICKS);
  const first = Math.ceil(low / step);
  const count = Math.floor((low + span) / step + 1e-9) - first + 1;
  return {
    at: (value) => from + ((value - low) / span) * (to - from),
    ticks: Array.from({ length: Math.max(count, 0) }, (_, index) => {
      const value = (first + index) * step;
      return { value, label: text(value, step) };
    }),
  };
}

/** Ticks at 1, 2 and 5 of each power of ten, or at its powers alone where there are many. */
export function logScale(
  { low, high }: Domain,
  { from, to }: ScaleRange,
  text: (value: number, step: number) => string,
): Scale {
  const [start, end] = [Math.log10(low), Math.log10(high)];
  const decades = Array.from(
    { length: Math.ceil(end) - Math.floor(start) + 1 },
    (_, index) => 10 ** (Math.floor(start) + index),
  );
  const factors = decades.length > 4 ? [1] : [1, 2, 5];
  const values = decades.flatMap((decade) => factors.map((factor) => decade * factor));
  return {
    at: (value) => from + ((Math.log10(value) - start) / (end - start)) * (to - from),
    ticks: values
      .filter((value) => value >= low && value <= high)
      .map((value) => ({ value, label: text(value, value) })),
  };
}

/** Each nine as wide as the one before: 0, 90 %, 99 %, 99.9 % and 99.99 % stand at equal distances. */
export function percentileScale(highest: number, { from, to }: ScaleRange): Scale {
  const nines = (quantile: number): number => -Math.log10(1 - quantile);
  const span = Math.max(nines(highest), 1);
  return {
    at: (quantile) => from + (nines(quantile) / span) * (to - from),
    ticks: [0, 0.5, 0.9, 0.99, 0.999, 0.9999]
      .filter((quantile) => nines(quantile) <= span + 1e-9)
      .map((quantile) => ({ value: quantile, label: quantileLabel(quantile) })),
  };
}

/** 'p99.9'; 'min' for 0. */
export function quantileLabel(quantile: number): string {
  return quantile === 0 ? 'min' : `p${String(Number((quantile * 100).toFixed(4)))}`;
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough * 0.999) ?? 10;
  return factor * power;
}

/** Decimals that tell ticks of this distance apart. */
export function decimalsOfStep(step: number): number {
  return Math.max(0, Math.min(6, -Math.floor(Math.log10(step) + 1e-9)));
}

/** Around the values, with a margin; around 0 to 1 when there are none. */
export function domainOf(
  values: readonly (number | null)[],
  options: { readonly zero: boolean },
): Domain {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return { low: 0, high: 1 };
  const [least, most] = extremes(known);
  const low = options.zero ? Math.min(0, least) : least;
  const spread = most - low;
  const margin = spread > 0 ? spread * 0.06 : Math.abs(most) * 0.05 || 1;
  return { low: options.zero ? low : low - margin, high: most + margin };
}

/** A loop, for a spread of a long series would overflow the stack. */
function extremes(values: readonly number[]): readonly [number, number] {
  let least = Infinity;
  let most = -Infinity;
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}
