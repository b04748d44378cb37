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

/** The rest of a config as one text that does not depend on the order of keys; its SHA-256 is the config hash. */
export function experimentText(config: object): string {
  const naming: ReadonlySet<string> = new Set(NAMING_KEYS);
  return canonicalJson(
    Object.fromEntries(Object.entries(config).filter(([key]) => !naming.has(key))),
  );
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
