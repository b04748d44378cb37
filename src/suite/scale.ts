// A trial suite in minutes instead of hours: durations and counts shortened, by a factor, but never so far that a level
// has nothing to measure. What is shortened so is no publication, and the report says so.

import { formatDurationMs, parseDurationMs } from '../config/duration.ts';
import type { Settings } from '../contract/scenario.ts';

/** Enough for a first call and some after it. */
const MIN_CALLS = 11;
const MIN_DURATION_MS = 500;
/** A run must see its slowest call several times over. */
const MIN_SLOWEST_CALLS = 4;

export function scaled(settings: Settings, scale: number): Settings {
  if (scale === 1) return settings;
  const changed: Record<string, string | number | boolean> = { ...settings };
  const calls = settings['totalRequests'];
  if (typeof calls === 'number' && calls > 0) changed['totalRequests'] = scaledCalls(calls, scale);
  const duration = millisecondsOf(settings, 'duration');
  if (duration > 0) {
    const shorter = scaledDurationMs(settings, duration, scale);
    changed['duration'] = formatDurationMs(shorter);
    const trim = millisecondsOf(settings, 'perRunWarmup');
    // The trimmed share stays what it is.
    changed['perRunWarmup'] = formatDurationMs(Math.round((trim * shorter) / duration));
  }
  return changed;
}

function scaledCalls(calls: number, scale: number): number {
  return Math.min(calls, Math.max(Math.round(calls * scale), MIN_CALLS));
}

function scaledDurationMs(settings: Settings, durationMs: number, scale: number): number {
  const slowestMs =
    millisecondsOf(settings, 'llmBaseLatency') + millisecondsOf(settings, 'llmJitter');
  const least = Math.max(MIN_DURATION_MS, MIN_SLOWEST_CALLS * slowestMs);
  return Math.min(durationMs, Math.max(Math.round(durationMs * scale), least));
}

/** 0 when it is not set, or not a duration. */
function millisecondsOf(settings: Settings, key: string): number {
  const value = settings[key];
  return typeof value === 'string' ? (parseDurationMs(value) ?? 0) : 0;
}
