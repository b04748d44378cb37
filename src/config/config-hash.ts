// One hash for "the same experiment": everything that shapes the load or what is measured, nothing that only names it.

import { createHash } from 'node:crypto';
import type { BenchmarkConfig } from '../contract/config.ts';

/** SHA-256, hex. Does not depend on the order of keys. */
export function configHash(config: BenchmarkConfig): string {
  const shaping = {
    ...config,
    outputPath: undefined,
    reportFormats: undefined,
    scenarioName: undefined,
    watch: undefined,
    hosts: undefined,
  };
  return createHash('sha256').update(canonicalJson(shaping)).digest('hex');
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
