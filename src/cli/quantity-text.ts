// Numbers as a live display shows them: short, with their unit, and a dash for what is not known.

export const UNKNOWN = '-';

/** 3 significant digits at most, thousands grouped. */
export function rateText(rps: number | null): string {
  if (rps === null) return UNKNOWN;
  return `${grouped(rps, rps < 100 ? 1 : 0)} rps`;
}

export function latencyText(us: number | null): string {
  if (us === null) return UNKNOWN;
  if (us < 1000) return `${grouped(us, 0)} µs`;
  if (us < 10_000_000) return `${grouped(us / 1000, us < 100_000 ? 2 : 0)} ms`;
  return `${grouped(us / 1_000_000, 1)} s`;
}

/** `8.2 s`, `1 m 05 s`, `2 h 03 m`. */
export function elapsedText(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) return `${(Math.floor(seconds * 10) / 10).toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${padded(Math.floor(seconds % 60))} s`;
  return `${Math.floor(minutes / 60)} h ${padded(minutes % 60)} m`;
}

export function countText(count: number, singular: string, plural = `${singular}s`): string {
  return `${grouped(count, 0)} ${count === 1 ? singular : plural}`;
}

function grouped(value: number, digits: number): string {
  return value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

function padded(value: number): string {
  return String(value).padStart(2, '0');
}
