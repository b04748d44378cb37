// What Loom's own reports look like: its declared types (seed-types.json) and real reports that it wrote.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

interface SeedField {
  readonly type: string;
  readonly omitempty: boolean;
}

/** Parsed; a report of LOOM_REPORTS or the types. */
export function loomFixture(name: string): unknown {
  const url = new URL(`../fixtures/loom-reports/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8'));
}

const SEED = loomFixture('seed-types') as Record<string, Record<string, SeedField>>;
export const LOOM_REPORTS = [
  'inproc-c10-n1000-0ms',
  'inproc-c10-n1000-10ms-j5ms',
  'inproc-stream-c10-n100-0ms',
] as const;

/** Everything in which `value` is not what the Go type of that name marshals to; `added` keys are ours. */
export function deviations(
  value: unknown,
  goType: string,
  path: string,
  added: ReadonlySet<string>,
): string[] {
  if (goType.startsWith('[]')) {
    if (!Array.isArray(value)) return [`${path} is no array`];
    return value.flatMap((item) => deviations(item, goType.slice(2), `${path}[]`, added));
  }
  const fields = SEED[goType.replace('*', '')];
  if (fields !== undefined) {
    if (typeof value !== 'object' || value === null) return [`${path} is no object`];
    const object = value as Record<string, unknown>;
    const unknown = Object.keys(object).filter((key) => !(key in fields) && !added.has(key));
    const missing = Object.keys(fields).filter(
      (key) => !fields[key]?.omitempty && !(key in object),
    );
    return [
      ...unknown.map((key) => `${path}.${key} is unknown`),
      ...missing.map((key) => `${path}.${key} is missing`),
      ...Object.entries(fields).flatMap(([key, { type }]) =>
        key in object ? deviations(object[key], type, `${path}.${key}`, added) : [],
      ),
    ];
  }
  const fits: Record<string, (v: unknown) => boolean> = {
    string: (v) => typeof v === 'string',
    bool: (v) => typeof v === 'boolean',
    float64: (v) => typeof v === 'number',
    int: (v) => Number.isSafeInteger(v),
    int64: (v) => Number.isSafeInteger(v),
    uint32: (v) => Number.isSafeInteger(v) && Number(v) >= 0,
  };
  const check = fits[goType];
  assert.ok(check, `the seed has a type this test does not know: ${goType}`);
  return check(value) ? [] : [`${path} is no ${goType}`];
}

/** 'runs[].latency_p50_us' and so on, without what is ours. */
export function keyPaths(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => keyPaths(item, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value)
    .filter(([key]) => key !== 'loombench')
    .flatMap(([key, member]) => keyPaths(member, `${path}.${key}`));
}

export const OURS = new Set(['loombench']);
