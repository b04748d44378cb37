// Durations as people write them ('250ms', '5s', '1m30s') to milliseconds and back. A unit is required: a bare
// '5' could be meant as seconds or milliseconds, and a benchmark that guesses measures the wrong thing.

/** For JSON Schema and zod alike; '0' alone needs no unit. */
export const DURATION_PATTERN = /^(?:0|(?:\d+(?:\.\d+)?(?:us|µs|ms|s|m|h))+)$/;

const MS_PER_UNIT: Readonly<Record<string, number>> = {
  us: 0.001,
  µs: 0.001,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Milliseconds with at most microsecond precision; null when the text is not a duration. */
export function parseDurationMs(text: string): number | null {
  if (!DURATION_PATTERN.test(text)) return null;
  let totalMs = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(us|µs|ms|s|m|h)/g)) {
    totalMs += Number(amount) * (MS_PER_UNIT[unit ?? ''] ?? Number.NaN);
  }
  return Math.round(totalMs * 1000) / 1000;
}

/** The shortest text that parses back to the same number of milliseconds. */
export function formatDurationMs(durationMs: number): string {
  if (durationMs === 0) return '0s';
  const units = ['h', 'm', 's', 'ms'] as const;
  const wholeUnit = units.find((unit) => durationMs % (MS_PER_UNIT[unit] ?? 1) === 0);
  if (wholeUnit !== undefined)
    return `${plain(durationMs / (MS_PER_UNIT[wholeUnit] ?? 1))}${wholeUnit}`;
  return `${plain(Math.round(durationMs * 1000))}us`;
}

/** Never in exponent notation, which the pattern does not know. */
function plain(value: number): string {
  return BigInt(value).toString();
}
