// What makes two runs comparable: the code that measured and the configuration it measured by, each as one hash.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HarnessConfig } from '../contract/config.ts';
import type { RunIdentity } from '../contract/run-result.ts';
import { packageVersion } from '../runtime/package-version.ts';

let build: string | null = null;

/** Of this process, as its modules are on disk when it is first asked. `harness` is the load as it was asked for. */
export function runIdentity(harness: HarnessConfig): RunIdentity {
  build ??= buildHash();
  return { build, configSha256: configSha256(harness) };
}

/** The version alone would not tell a changed checkout from another. */
function buildHash(): string {
  const hash = createHash('sha256').update(`${packageVersion()} ${process.version}`);
  const root = dirname(fileURLToPath(import.meta.url));
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[jt]s$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex');
}

function configSha256(harness: HarnessConfig): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(harness)))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => [
    key,
    sorted(inner),
  ]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
