// Which code ran: the commit under test and the versions of our package and of what it runs on, read when it runs
// and never written down by hand.

import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TextReader } from './host-facts.ts';

/** Output of `git` with these arguments in the working directory; null when it fails or takes too long. */
export type GitRunner = (args: readonly string[]) => Promise<string | null>;

export interface Commit {
  readonly sha: string;
  /** Null when git was not asked. */
  readonly dirty: boolean | null;
}

const GIT_TIMEOUT_MS = 2000;
/** Asked in this order; GIT_COMMIT is what Loom's images set. */
const COMMIT_VARIABLES = ['LOOMBENCH_COMMIT_SHA', 'GIT_COMMIT', 'GITHUB_SHA'] as const;

export const runGit: GitRunner = (args) =>
  new Promise((resolve) => {
    execFile(
      'git',
      [...args],
      { timeout: GIT_TIMEOUT_MS, killSignal: 'SIGKILL', maxBuffer: 1 << 20, windowsHide: true },
      (error, stdout) => resolve(error === null ? stdout : null),
    );
  });

/** The commit from the environment, else of the checkout in the working directory, else "". */
export async function readCommit(
  env: Readonly<Record<string, string | undefined>>,
  git: GitRunner,
): Promise<Commit> {
  for (const name of COMMIT_VARIABLES) {
    const sha = env[name]?.trim();
    if (sha !== undefined && sha !== '') return { sha, dirty: null };
  }
  const [sha, changes] = await Promise.all([
    git(['rev-parse', 'HEAD']),
    git(['status', '--porcelain', '--untracked-files=no']),
  ]);
  return { sha: sha?.trim() ?? '', dirty: changes === null ? null : changes.trim() !== '' };
}

export interface Versions {
  readonly loombench: string;
  readonly packages: Readonly<Record<string, string>>;
}

/** Ours and those of the packages we depend on, as installed; "unknown" where the manifest cannot be read. */
export async function readVersions(read: TextReader): Promise<Versions> {
  const here = fileURLToPath(import.meta.url);
  const own = await ownManifest(read, dirname(here));
  const { resolve } = createRequire(here);
  const packages = await Promise.all(
    Object.keys(own.dependencies).map(async (name) => {
      const roots = resolve.paths(name) ?? [];
      return [name, await installedVersion(read, roots, name)] as const;
    }),
  );
  return { loombench: own.version, packages: Object.fromEntries(packages) };
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies: object;
}

/** The nearest package.json above: the same file seen from src/ and from dist/. */
async function ownManifest(read: TextReader, from: string): Promise<Manifest> {
  for (let directory = from; ; directory = dirname(directory)) {
    const manifest = parseManifest(await read(join(directory, 'package.json')));
    if (manifest?.name === 'loombench') return manifest;
    if (directory === dirname(directory)) {
      return { name: 'loombench', version: 'unknown', dependencies: {} };
    }
  }
}

async function installedVersion(
  read: TextReader,
  roots: readonly string[],
  name: string,
): Promise<string> {
  for (const root of roots) {
    const manifest = parseManifest(await read(join(root, name, 'package.json')));
    if (manifest !== null) return manifest.version;
  }
  return 'unknown';
}

function parseManifest(text: string | null): Manifest | null {
  if (text === null) return null;
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== 'object' || json === null) return null;
    const { name, version, dependencies } = json as Partial<Record<keyof Manifest, unknown>>; // every field is checked below
    if (typeof name !== 'string' || typeof version !== 'string') return null;
    const known = typeof dependencies === 'object' && dependencies !== null ? dependencies : {};
    return { name, version, dependencies: known };
  } catch {
    return null; // a manifest that is no JSON names no version
  }
}
