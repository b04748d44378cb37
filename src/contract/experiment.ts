// What makes two benchmarks the same experiment: everything that shapes the load or what is measured.

import type { BenchmarkConfig } from './config.ts';

/** They name a benchmark, say where it runs or what becomes of its result, but do not shape what is measured. */
export const NAMING_KEYS = [
  'scenarioName',
  'outputPath',
  'reportFormats',
  'watch',
  'hosts',
] as const satisfies readonly (keyof BenchmarkConfig)[];

/** These, too, leave what is measured as it is: they repeat it, or judge it. Results that differ in them may be compared. */
const NEUTRAL_KEYS: ReadonlySet<string> = new Set([
  ...NAMING_KEYS,
  'runs',
  'warmupRuns',
  'precision',
  'thresholds',
  'slo',
  'sloLatencyMs',
] as const satisfies readonly (keyof BenchmarkConfig)[]);

/** Whether results with different values of this key are of different things. */
export function shapesMeasurement(key: string): boolean {
  return !NEUTRAL_KEYS.has(key);
}

/**
 * All but the naming keys as one text that does not depend on the order of keys. Its SHA-256 is the config hash: what a
 * benchmark is started with, so that the same command joins it and another one is refused.
 */
export function experimentText(config: object): string {
  const naming: ReadonlySet<string> = new Set(NAMING_KEYS);
  return textOf(config, (key) => !naming.has(key));
}

/** Likewise, of what shapes the measurement: equal for results that may be compared, and so stand in one series. */
export function measurementText(config: object): string {
  return textOf(config, shapesMeasurement);
}

function textOf(config: object, isTaken: (key: string) => boolean): string {
  return canonicalJson(Object.fromEntries(Object.entries(config).filter(([key]) => isTaken(key))));
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
