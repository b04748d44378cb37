// Spans of time that may be longer than a benchmark: durations, and days.

import { parseDurationMs } from '../config/duration.ts';

const DAY_MS = 86_400_000;

/** `36h`, `1d`, `2d12h` → milliseconds; null for anything else, and for nothing at all. */
export function parseSpanMs(text: string): number | null {
  const [, days, rest] = /^(?:(\d+)d)?(.*)$/.exec(text) ?? [];
  const restMs = rest === undefined || rest === '' ? 0 : parseDurationMs(rest);
  if (restMs === null) return null;
  const spanMs = Number(days ?? 0) * DAY_MS + restMs;
  return spanMs > 0 && Number.isFinite(spanMs) ? spanMs : null;
}
